// Where a code went, once a password or a session has proven who asks; and the other ways to get one.

import { call, read } from './api.js';
import { listen } from './form.js';
import { changeHeading } from './heading.js';
import { recall } from './memory.js';
import { french } from './messages.js';
import { OTHER_WAY_TOO_EARLY } from './other-messages.js';
import { goOn } from './session.js';

const form = document.getElementById('autrement');

/** Says where the code went: the contact that was typed on the page before, else the API's masked words. */
export function tellDestination(destination) {
  const byMail = isMail(destination);
  const typed = recall('contact');
  const where = typed ? `${byMail ? "à l'adresse" : 'au'} ${typed}` : destination;
  document.getElementById('destination').textContent = french(`Nous avons envoyé un code ${where}.`);
  const words = document.querySelector('h1').dataset[byMail ? 'email' : 'sms'];
  if (words) changeHeading(words);
}

/** « Recevoir le code autrement » at sign-in, « Plus tard » for a contact that may wait. */
export function offerOtherWay({ purpose, showCode, tellSent }) {
  if (!form) return;
  const send = purpose === 'contact' ? async () => goOn(await keepProven()) : sendElsewhere;
  listen(form, { send, words: { 'resend-too-early': OTHER_WAY_TOO_EARLY } });

  async function sendElsewhere() {
    const answer = await call('POST', '/api/session/code', { channel: form.dataset.channel });
    showCode(await read('/api/session'));
    tellSent(answer);
  }
}

/** At sign-in the other way is there only if that contact is proven; a new contact may wait for a proven one. */
export function showOtherWay({ purpose, destination, contacts }) {
  if (!form) return;
  if (purpose === 'contact') form.dataset.channel = contacts?.proven[0];
  if (purpose !== 'sign_in') return;
  form.dataset.channel = isMail(destination) ? 'sms' : 'email';
  form.hidden = !contacts?.proven.includes(form.dataset.channel);
}

function isMail(destination) {
  return destination.includes('@');
}

function keepProven() {
  return call('PUT', '/api/account/code-channel', { channel: form.dataset.channel });
}
