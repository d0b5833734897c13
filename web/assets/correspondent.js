// The person's correspondent, and what they may see.

import { openAccount } from './account.js';
import { tellFacts } from './facts.js';

openAccount(({ correspondent }) => {
  tellFacts({ ...correspondent, follows: correspondent?.may_follow_requests ? 'Oui, avec votre accord' : 'Non' });
});
