// Step 3 of an activation or of a password reset: the password, twice.

import { call } from './api.js';
import { beyondActivation } from './elsewhere.js';
import { clearErrors, listen } from './form.js';
import { forgetAll, keep, recall } from './memory.js';
import { listenToNewPassword } from './new-password.js';
import { pageOf } from './pages.js';
import { arrive, followSession, goOn } from './session.js';

const form = document.querySelector('form');
const { password, confirmation } = form.elements;
const { purpose, api } = form.dataset;
const chosen = listenToNewPassword(form);

arrive({
  // Nobody any more: the time to choose a password has run out. To be told here, not by another page.
  fits: (where, flow) =>
    (where.who === 'anonymous' && Boolean(flow)) || (where.purpose === purpose && where.next_step === 'set_password'),
  show(where) {
    showExpired(where.who === 'anonymous');
    const started = recall('started');
    // Another tab may have begun for another person: a password manager must not mix them up.
    if (started && started.flow === where.flow) form.elements.username.value = started.identifier;
  },
  elsewhere: purpose === 'activation' ? beyondActivation : pageOf,
});

listen(form, {
  check: chosen.findFaults,
  async send() {
    const answer = await call('POST', api, { password: password.value, confirmation: confirmation.value });
    if (purpose === 'password_reset') {
      forgetAll();
      keep('notice', 'Votre mot de passe a été modifié. Connectez-vous.');
    }
    return goOn(answer, purpose);
  },
  async refuse(problem) {
    if (['password-rejected', 'flow-expired'].includes(problem.code)) chosen.empty();
    if (problem.code !== 'flow-expired') return false;
    if (purpose === 'activation' && (await followSession())) return true;
    clearErrors();
    showExpired(true);
    document.querySelector('#expire h2').focus();
    return true;
  },
});

function showExpired(expired) {
  document.getElementById('expire').hidden = !expired;
  document.getElementById('saisie').hidden = expired;
}
