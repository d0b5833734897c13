// S0: identifier and password; a code follows.

import { call } from './api.js';
import { listen } from './form.js';
import { keep, recall } from './memory.js';
import { CODES_UNAVAILABLE, french } from './messages.js';
import { hidePasswords, makeToggles } from './passwords.js';
import { arrive, block, goOn } from './session.js';

const form = document.querySelector('form');
const { identifier, password } = form.elements;

arrive({ fits: ({ who }) => who !== 'session', show: tellNotice });
makeToggles(form);

listen(form, {
  check() {
    hidePasswords(form);
    return /[^\d\s]/.test(identifier.value) ? [{ field: 'identifier', code: 'invalid' }] : [];
  },
  words: { unavailable: CODES_UNAVAILABLE },
  async send() {
    return goOn(await call('POST', '/api/session', { identifier: identifier.value, password: password.value }), 'sign_in');
  },
  refuse(problem) {
    password.value = '';
    if (problem.code !== 'account-locked') return false;
    block('/blocage/mots-de-passe-incorrects', problem.retry_at, 'sign_in');
    return true;
  },
});

/** What another page left to tell, once. */
function tellNotice() {
  const notice = recall('notice');
  if (!notice) return;
  document.getElementById('annonce').textContent = french(notice);
  keep('notice');
}
