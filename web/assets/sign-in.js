// S0: identifier and password; a code follows.

import { call } from './api.js';
import { listen } from './form.js';
import { makeIdentifier, wrongIdentifier } from './identifier.js';
import { keep } from './memory.js';
import { CODES_UNAVAILABLE } from './other-messages.js';
import { hidePasswords, leaveLocked, makeToggles } from './passwords.js';
import { takePlain } from './plain-text.js';
import { arrive, goOn, tellNotice } from './session.js';

const form = document.querySelector('form');
const { identifier, password } = form.elements;

arrive({ fits: ({ who }) => who !== 'session', show: tellNotice });
makeToggles(form);
makeIdentifier(identifier);

listen(form, {
  check() {
    hidePasswords(form);
    takePlain(identifier);
    return wrongIdentifier(identifier);
  },
  words: { unavailable: CODES_UNAVAILABLE },
  async send() {
    const answer = await call('POST', '/api/session', { identifier: identifier.value, password: password.value });
    // The page of the code speaks to whom the identifier names.
    keep('started', { flow: answer.flow, identifier: identifier.value, lastName: '' });
    return goOn(answer, 'sign_in');
  },
  refuse(problem) {
    if (problem.code === 'credentials-rejected') password.value = '';
    return leaveLocked(problem, form.dataset);
  },
});
