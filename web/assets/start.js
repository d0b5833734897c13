// Step 1 of an activation or of a password reset: identifier and last name.

import { call } from './api.js';
import { beyondActivation } from './elsewhere.js';
import { listen } from './form.js';
import { makeIdentifier, wrongIdentifier } from './identifier.js';
import { keep, recall } from './memory.js';
import { CODES_UNAVAILABLE } from './other-messages.js';
import { takePlain } from './plain-text.js';
import { arrive, goOn } from './session.js';

const form = document.querySelector('form');
const { identifier, last_name: lastName } = form.elements;
const { purpose, api } = form.dataset;

const started = recall('started');
if (started) {
  identifier.value = started.identifier;
  lastName.value = started.lastName;
}
makeIdentifier(identifier);

// Whoever is signed in has nothing to activate; but they may well want another password.
if (purpose === 'activation') {
  arrive({ fits: ({ who }) => who !== 'session', show: () => {}, elsewhere: beyondActivation });
}

listen(form, {
  check() {
    takePlain(identifier, lastName);
    return [
      ...wrongIdentifier(identifier),
      ...(lastName.value.includes('\ufffd') ? [{ field: 'last_name', code: 'unreadable' }] : []),
    ];
  },
  words: { unavailable: CODES_UNAVAILABLE },
  async send() {
    const answer = await call('POST', api, { identifier: identifier.value, last_name: lastName.value });
    keep('started', { flow: answer.flow, identifier: identifier.value, lastName: lastName.value });
    return goOn(answer, purpose);
  },
});
