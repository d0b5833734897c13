// S13 and the person's own data: identity, contacts, channel, consent, terms.

import { openAccount } from './account.js';
import { call, read } from './api.js';
import { tellFacts } from './facts.js';
import { listen } from './form.js';
import { readable } from './phones.js';
import { dayAndTime } from './times.js';

const CHANNELS = { email: 'Adresse email', sms: 'Téléphone mobile' };
const CHOICES = { true: 'Je consens', false: 'Je ne consens pas' };

const form = document.getElementById('revoir-consentement');
let consent;

openAccount(tell);

listen(form, {
  async send() {
    const consents = form.elements.consents.value === 'true';
    await call('PUT', '/api/account/consent', { consents, text_version: consent.text_version });
    tell(await read('/api/account'));
    const done = document.getElementById('enregistre');
    done.textContent = '';
    requestAnimationFrame(() => (done.textContent = 'Votre choix est enregistré'));
  },
});

function tell({ person }) {
  consent = person.consent;
  tellFacts({
    ...person,
    birth_name: person.birth_name === person.last_name ? '' : person.birth_name,
    mobile: person.mobile && readable(person.mobile),
    channel: CHANNELS[person.channel],
    consent: `${CHOICES[consent.consents]} (choix du ${dayAndTime(consent.decided_at)})`,
    terms: `Version ${person.terms.version}, acceptée le ${dayAndTime(person.terms.accepted_at)}`,
  });
  document.getElementById('nom-de-naissance').hidden = person.birth_name === person.last_name;
  document.getElementById('conditions').href = person.terms.url;
}
