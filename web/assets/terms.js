// S6: the terms of use.

import { call } from './api.js';
import { outsidePreferences } from './elsewhere.js';
import { listen } from './form.js';
import { changeHeading } from './heading.js';
import { arrive, goOn } from './session.js';
import { watchSession } from './timeout.js';

const form = document.querySelector('form');
let version;

const load = () =>
  arrive({
    fits: (where) => where.next_step === 'accept_terms',
    show(where) {
      version = where.terms.version;
      document.getElementById('telecharger').href = where.terms.url;
      if (where.terms.replaces) tellChange();
      watchSession(where.session);
    },
    elsewhere: outsidePreferences,
  });

listen(form, {
  async send() {
    return goOn(await call('PUT', '/api/account/terms', { version }));
  },
  refuse(problem) {
    if (problem.code === 'outdated-version') {
      form.reset();
      load();
    }
    return false;
  },
});

load();

/** Whoever accepted an earlier version comes here alone, from signing in: no step stands before this one. */
function tellChange() {
  changeHeading(document.querySelector('h1').dataset.changed);
  for (const part of document.querySelectorAll('.back, .lead')) part.hidden = true;
}
