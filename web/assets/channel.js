// S5: where later codes go.

import { call } from './api.js';
import { outsidePreferences } from './elsewhere.js';
import { listen } from './form.js';
import { askForDomain } from './mail-domains.js';
import { keep, recall } from './memory.js';
import { french } from './messages.js';
import { readable } from './phones.js';
import { takePlain } from './plain-text.js';
import { arrive, goOn } from './session.js';
import { watchSession } from './timeout.js';

const LATER = ['verify_contact', 'accept_terms'];

const form = document.querySelector('form');
const { email, mobile, channel } = form.elements;
const INPUTS = { email, sms: mobile };
let known;

arrive({
  fits: ({ next_step: step, contacts }) => step === 'choose_channel' || (LATER.includes(step) && (contacts ?? recall('contacts'))),
  show(where) {
    const contacts = where.contacts ?? recall('contacts');
    keep('contacts', contacts);
    known = { proven: contacts.proven, email: contacts.email ?? '', mobile: contacts.mobile ? readable(contacts.mobile) : '' };
    const typed = recall('typed') ?? known;
    email.value ||= typed.email;
    mobile.value ||= typed.mobile;
    showContacts();
    askForDomain(email);
    watchSession(where.session);
  },
  elsewhere: outsidePreferences,
});

form.addEventListener('change', showContacts);
form.addEventListener('input', () => keep('typed', { email: email.value, mobile: mobile.value }));
for (const [way, { id }] of Object.entries(INPUTS)) {
  otherOf(id).querySelector('button').addEventListener('click', () => {
    channel.value = way;
    showContacts();
    INPUTS[way].focus();
  });
}

listen(form, {
  check: findFaults,
  async send() {
    const chosen = INPUTS[channel.value];
    const answer = await call('PUT', '/api/account/code-channel', { channel: channel.value, [chosen.name]: chosen.value });
    keep('contact', chosen.value);
    return goOn(answer, 'contact');
  },
});

function findFaults() {
  takePlain(email, mobile);
  return (INPUTS[channel.value] ?? email).validity.typeMismatch ? [{ field: 'email', code: 'invalid' }] : [];
}

/** The field of the chosen channel alone is asked for. What stands in the other is not lost: it is told in a line. */
function showContacts() {
  const chosen = INPUTS[channel.value];
  for (const [way, input] of Object.entries(INPUTS)) {
    const other = otherOf(input.id);
    const text = input.value.trim();
    const isProven = known.proven.includes(way) && text === known[input.name];
    input.closest('.field').hidden = Boolean(chosen && chosen !== input);
    other.hidden = !chosen || chosen === input || !text;
    other.querySelector('span').textContent = french(isProven ? `${text} : déjà vérifié` : `${text} : pas encore vérifié\u00a0–`);
    other.querySelector('button').hidden = isProven;
    require(input, chosen ? chosen === input : input === (known.email || !known.mobile ? email : mobile));
  }
}

function otherOf(id) {
  return document.getElementById(`${id}-autre`);
}

function require(input, required) {
  input.required = required;
  form.querySelector(`label[for="${input.id}"] .star`).textContent = required ? '*' : '';
}
