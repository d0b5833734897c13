// A new password for the person signed in, who types the current one first.

import { call } from './api.js';
import { outsideOwnPages } from './elsewhere.js';
import { listen } from './form.js';
import { listenToNewPassword } from './new-password.js';
import { WRONG_PASSWORD } from './other-messages.js';
import { readOwn } from './own.js';
import { leaveLocked } from './passwords.js';
import { arrive, showOwnPage } from './session.js';
import { watchSession } from './timeout.js';

const CHANGED = 'Votre mot de passe a été modifié. Vos autres appareils sont déconnectés.';

const form = document.querySelector('form');
const { username, current, password, confirmation } = form.elements;
const chosen = listenToNewPassword(form);

arrive({
  fits: ({ who, next_step: step }) => who === 'session' && step === 'home',
  async show(where) {
    username.value = (await readOwn(where)).person.identifier;
    watchSession(where.session);
  },
  elsewhere: outsideOwnPages,
});

listen(form, {
  check: chosen.findFaults,
  words: { 'credentials-rejected': WRONG_PASSWORD },
  async send() {
    await call('PUT', form.dataset.api, {
      current: current.value,
      password: password.value,
      confirmation: confirmation.value,
    });
    return showOwnPage(CHANGED);
  },
  refuse(problem) {
    if (problem.code === 'credentials-rejected') current.value = '';
    if (problem.code === 'password-rejected') chosen.empty();
    return leaveLocked(problem, form.dataset);
  },
});
