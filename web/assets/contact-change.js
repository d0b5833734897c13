// S12: a new mail address or mobile; a code to it follows.

import { call } from './api.js';
import { outsideOwnPages } from './elsewhere.js';
import { listen } from './form.js';
import { changeHeading } from './heading.js';
import { askForDomain } from './mail-domains.js';
import { keep } from './memory.js';
import { french } from './messages.js';
import { CODES_UNAVAILABLE, WRONG_PASSWORD } from './other-messages.js';
import { readOwn } from './own.js';
import { OWN_PAGE } from './pages.js';
import { hidePasswords, leaveLocked, makeToggles } from './passwords.js';
import { readable } from './phones.js';
import { takePlain } from './plain-text.js';
import { arrive, goTo } from './session.js';
import { watchSession } from './timeout.js';

const form = document.querySelector('form');
const { contact } = form.dataset;
const { username, password, [contact]: input } = form.elements;

arrive({
  fits: ({ who, next_step: step }) => who === 'session' && step === 'home',
  async show(where) {
    const home = await readOwn(where);
    username.value = home.person.identifier;
    tellCurrent(home.person[contact], home.on_file?.[contact]);
    watchSession(where.session);
  },
  elsewhere: outsideOwnPages,
});

makeToggles(form);
if (contact === 'email') askForDomain(input);

listen(form, {
  check() {
    hidePasswords(form);
    takePlain(input);
    return input.validity.typeMismatch ? [{ field: contact, code: 'invalid' }] : [];
  },
  words: { 'credentials-rejected': WRONG_PASSWORD, unavailable: CODES_UNAVAILABLE },
  async send() {
    await call('PUT', `/api/account/${contact}`, { [contact]: input.value, password: password.value });
    keep('contact', input.value);
    return goTo(`${OWN_PAGE}/code`);
  },
  refuse(problem) {
    if (problem.code === 'credentials-rejected') password.value = '';
    return leaveLocked(problem, form.dataset);
  },
});

function tellCurrent(value, onFile) {
  document.getElementById('actuel').hidden = !value;
  if (value) document.querySelector('#actuel strong').textContent = french(readable(value));
  const { usual, first, waiting } = document.querySelector('h1').dataset;
  changeHeading(value ? usual : onFile ? waiting : first);
}
