// Everything that happened to the account.

import { read } from './api.js';
import { showEvents } from './events.js';
import { openEither } from './space.js';

openEither(async () => showEvents('historique', (await read('/api/account/history')).events));
