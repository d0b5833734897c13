// The page of a kind of request: begins one, or goes on with the draft that is there. What is decided at once comes
// with its document.

import { openAccount } from './account.js';
import { call, read } from './api.js';
import { make } from './elements.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { OPENING_PROBLEMS } from './opening.js';
import { linkTo } from './request-links.js';
import { keepPlace, LIST, QUESTION, refuseFor, REQUESTS } from './requests.js';
import { goTo } from './session.js';
import { dayOf } from './times.js';

const form = document.getElementById('commencer');
const { kind } = form.dataset;

openAccount(async () => {
  /** @type {any} */
  const { requests, kinds } = await read(REQUESTS);
  const draft = kinds.find(({ id }) => id === kind)?.draft;
  if (draft) form.querySelector('button').textContent = french('Reprendre mon brouillon');
  const list = document.getElementById('deja');
  if (!list) return;
  const earlier = requests.filter((request) => request.kind === kind);
  list.replaceChildren(...earlier.map((request) => make('li', linkTo(request), ` ${request.state_label}, le ${dayOf(request.changed_at)}`)));
  list.parentElement.hidden = !earlier.length;
});

listen(form, {
  words: OPENING_PROBLEMS,
  refuse: refuseFor(form),
  async send() {
    /** @type {any} */
    const { id, acts } = await call('POST', REQUESTS, { kind });
    keepPlace({ id });
    return goTo(acts.includes('document') ? `${LIST}/attestation` : QUESTION);
  },
});
