// A page of the account that only informs: its words stand in the page.

import { openAccount } from './account.js';

openAccount();
