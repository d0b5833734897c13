// S5: where later codes go.

import { call } from './api.js';
import { listen } from './form.js';
import { askForDomain } from './mail-domains.js';
import { keep, recall } from './memory.js';
import { outsidePreferences } from './pages.js';
import { readable } from './phones.js';
import { takePlain } from './plain-text.js';
import { arrive, goOn } from './session.js';
import { watchSession } from './timeout.js';

const LATER = ['verify_contact', 'accept_terms'];

const form = document.querySelector('form');
const { email, mobile, channel } = form.elements;

arrive({
  fits: ({ next_step: step, contacts }) => step === 'choose_channel' || (LATER.includes(step) && (contacts ?? recall('contacts'))),
  show(where) {
    const contacts = where.contacts ?? recall('contacts');
    keep('contacts', contacts);
    email.value ||= contacts.email ?? '';
    mobile.value ||= contacts.mobile ? readable(contacts.mobile) : '';
    // Someone without a mail on file must give a mobile instead.
    require(email, Boolean(contacts.email) || !contacts.mobile);
    require(mobile, !email.required);
    askForDomain(email);
    watchSession(where.session);
  },
  elsewhere: outsidePreferences,
});

listen(form, {
  check: findFaults,
  async send() {
    const chosen = channel.value === 'email' ? email : mobile;
    const answer = await call('PUT', '/api/account/code-channel', { channel: channel.value, [chosen.name]: chosen.value });
    keep('contact', chosen.value);
    return goOn(answer, 'contact');
  },
});

function findFaults() {
  takePlain(email, mobile);
  const faults = [];
  if (email.validity.typeMismatch) faults.push({ field: 'email', code: 'invalid' });
  const chosen = { email, sms: mobile }[channel.value];
  if (chosen && !chosen.required && !chosen.value.trim()) faults.push({ field: chosen.name, code: 'missing' });
  return faults;
}

function require(input, required) {
  input.required = required;
  form.querySelector(`label[for="${input.id}"] .star`).textContent = required ? '*' : '';
}
