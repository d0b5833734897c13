// S4: consent, or not, that the correspondent follows the person's requests.

import { call } from './api.js';
import { showConsentText } from './consent-text.js';
import { outsidePreferences } from './elsewhere.js';
import { listen } from './form.js';
import { keep, recall } from './memory.js';
import { arrive, goOn } from './session.js';
import { watchSession } from './timeout.js';

const LATER = ['choose_channel', 'verify_contact', 'accept_terms'];

const form = document.querySelector('form');
let consent;

const load = () =>
  arrive({
    // Whoever comes back sees the text that they answered, and may answer again.
    fits: ({ next_step: step }) => step === 'give_consent' || (LATER.includes(step) && recall('consent')),
    show(where) {
      consent = where.consent ?? recall('consent');
      keep('consent', consent);
      showConsentText(consent);
      watchSession(where.session);
    },
    elsewhere: outsidePreferences,
  });

listen(form, {
  async send() {
    const consents = form.elements.consents.value === 'true';
    return goOn(await call('PUT', '/api/account/consent', { consents, text_version: consent.text_version }));
  },
  refuse(problem) {
    if (problem.code === 'outdated-version') {
      keep('consent');
      form.reset();
      load();
    }
    return false;
  },
});

load();
