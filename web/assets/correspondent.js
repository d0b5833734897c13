// The person's correspondent.

import { openAccount } from './account.js';
import { tellFacts } from './facts.js';

openAccount(({ correspondent }) => tellFacts(correspondent ?? {}));
