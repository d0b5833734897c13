// D2: what an agent asked for, on one page: it is sent at once, and nothing is saved before.

import { openAccount } from './account.js';
import { call } from './api.js';
import { listen } from './form.js';
import { keep } from './memory.js';
import { french } from './messages.js';
import { answersOf, makeField } from './request-fields.js';
import { wordsFor } from './request-words.js';
import { ONE, pathOf, place, readRequest, refuseFor } from './requests.js';
import { goTo } from './session.js';
import { dropTyped, giveBack, keepTyped } from './typed.js';

const SENT = "Votre complément est envoyé. Le CNAS reprend l'examen.";

const form = document.getElementById('completer');
let owner;
let fields;

const at = () => `${place().id} completion`;

openAccount(async ({ person }) => {
  owner = person.identifier;
  const request = await readRequest();
  if (!request.acts.includes('complete')) return goTo(ONE);
  fields = request.fields;
  document.getElementById('phrase').textContent = french(request.sentence);
  document.getElementById('mots').textContent = french(wordsFor(request));
  // The hint of what is not obligatory says that it may be left empty, and just that may be asked for.
  const asked = fields.map((field) => ({ ...field, hint: field.obligatory ? field.hint : '' }));
  document.getElementById('champs').replaceChildren(...asked.map(makeField));
  return giveBack(form, at());
});

keepTyped(form, () => owner, at);

listen(form, {
  // Another tab was quicker: the request itself says how it is now.
  refuse: refuseFor(form, () => goTo(ONE)),
  async send() {
    await call('POST', /** @type {any} */ (pathOf('/completion')), { fields: answersOf(form, fields) });
    dropTyped(at());
    keep('notice', SENT);
    return goTo(ONE);
  },
});
