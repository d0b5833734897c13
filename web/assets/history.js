// Everything that happened to the account.

import { openAccount } from './account.js';
import { read } from './api.js';
import { showEvents } from './events.js';

openAccount(async () => showEvents('historique', (await read('/api/account/history')).events));
