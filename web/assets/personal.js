// S13 and the person's own data: identity, contacts, channel, consent, terms, activity, export.

import { call, read } from './api.js';
import { showConsentText } from './consent-text.js';
import { saveJson } from './download.js';
import { showEvents } from './events.js';
import { tellFacts } from './facts.js';
import { listen } from './form.js';
import { isCorrespondent, readOwn } from './own.js';
import { readable } from './phones.js';
import { openEither } from './space.js';
import { tellDone } from './status.js';
import { dayAndTime } from './times.js';
import { signOut } from './timeout.js';

const CHOICES = { true: 'Je consens', false: 'Je ne consens pas' };
const RECENT = 5;
const FILE = 'mes-donnees-cnas.json';

const consentForm = document.getElementById('revoir-consentement');
const channelForm = document.getElementById('revoir-canal');
let here;
let textVersion;

openEither(show);

listen(consentForm, {
  async send() {
    const consents = consentForm.elements.consents.value === 'true';
    await call('PUT', '/api/account/consent', { consents, text_version: textVersion });
    await show(await readOwn(here));
    tellDone(consentForm, 'Votre choix est enregistré');
  },
  refuse(problem) {
    // The new text is shown; the choice is still to be made on it.
    if (problem.code === 'outdated-version') readOwn(here).then(show, () => {});
    return false;
  },
});

listen(channelForm, {
  async send() {
    await call('PUT', '/api/account/code-channel', { channel: channelForm.elements.channel.value });
    await show(await readOwn(here));
    tellDone(channelForm, 'Votre choix est enregistré');
  },
});

listen(document.getElementById('partout'), { send: () => signOut('/api/account/sessions') });

listen(document.getElementById('export'), {
  async send() {
    saveJson(FILE, await read('/api/account/export'));
  },
});

async function show(home, where = here) {
  const { person, consent_text: consentText } = home;
  if (where !== here) tellWaiting(where.contact_change);
  here = where;
  const { events } = await read('/api/account/history');
  for (const part of document.querySelectorAll('[data-who]')) {
    part.hidden = (part.dataset.who === 'correspondent') !== isCorrespondent(where);
  }
  // A correspondent declares others, and consents to nothing.
  textVersion = consentText?.text_version;
  if (consentText) showConsentText(consentText);
  tellPerson(person, home.on_file ?? {});
  tellChannel(person);
  showEvents('choix', events.filter(({ kind }) => kind === 'consent'));
  const looks = events.filter(({ kind }) => kind.endsWith('looked'));
  showEvents('regardes', looks);
  document.getElementById('aucun-regard').hidden = looks.length > 0;
  showEvents('recent', events.slice(0, RECENT));
}

/** A new contact whose code is still to be typed. */
function tellWaiting(waiting) {
  document.getElementById('en-attente').hidden = !waiting;
  if (waiting) document.querySelector('#en-attente span').textContent = waiting.destination;
}

function tellPerson(person, onFile) {
  const { consent, terms } = person;
  tellFacts({
    ...person,
    birth_name: person.birth_name === person.last_name ? '' : person.birth_name,
    email: person.email || unverified(onFile.email) || 'Aucune adresse vérifiée',
    mobile: person.mobile ? readable(person.mobile) : unverified(onFile.mobile) || 'Aucun numéro vérifié',
    consent: consent && `${CHOICES[consent.consents]} (choix du ${dayAndTime(consent.decided_at)})`,
    terms: `Version ${terms.version}, acceptée le ${dayAndTime(terms.accepted_at)}`,
  });
  document.getElementById('nom-de-naissance').hidden = person.birth_name === person.last_name;
  document.getElementById('conditions').href = terms.url;
  for (const action of document.querySelectorAll('[data-action]')) {
    const { action: contact } = action.dataset;
    action.textContent = person[contact] ? 'Modifier' : onFile[contact] ? 'Vérifier' : 'Ajouter';
  }
}

/** What the roster has, masked, and nobody has verified. */
function unverified(masked) {
  return masked && `Pas encore vérifié : un code peut être envoyé ${masked}`;
}

/** Between two proven contacts there is a choice; with one there is none. */
function tellChannel({ email, mobile, channel }) {
  const both = Boolean(email && mobile);
  channelForm.hidden = !both;
  document.getElementById('canal-unique').hidden = both;
  document.getElementById('canal-obligatoire').hidden = !both;
  channelForm.elements.channel.value = channel;
}
