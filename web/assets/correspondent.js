// The person's correspondent, and what they may see.

import { openAccount } from './account.js';
import { tellFacts } from './facts.js';
import { readable } from './phones.js';

openAccount(({ correspondent }) => {
  tellFacts({
    ...correspondent,
    phone: correspondent?.phone && readable(correspondent.phone),
    follows: correspondent?.may_follow_requests ? 'Oui, avec votre accord' : 'Non',
  });
});
