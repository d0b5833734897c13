// D5: its doors first. Behind one where the CNAS can do nothing, no request is opened: what to do is told.

import { openAccount } from './account.js';
import { call, read } from './api.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { grouped } from './grouped.js';
import { OPENING_PROBLEMS } from './opening.js';
import { linkTo } from './request-links.js';
import { keepPlace, place, QUESTION, refuseFor, REQUESTS } from './requests.js';
import { goTo } from './session.js';

const form = document.getElementById('portes');
const { kind } = form.dataset;
const name = form.querySelector('input').name;
const DOORS = { contester: 'pas-d-accord', 'rien-recu': 'jamais-arrive' };
let about;

openAccount(async () => {
  ({ about } = place());
  document.getElementById('sur').hidden = !about;
  if (about) {
    document.querySelector('#sur span').textContent = french(`${about.label}, numéro ${grouped(about.number)}`);
    form.elements[name].value = DOORS[about.act];
  }
  /** @type {any} */
  const { requests } = await read(REQUESTS);
  const draft = requests.find((request) => request.kind === kind && request.state === 'draft');
  const note = document.getElementById('brouillon');
  note.hidden = !draft;
  if (draft) note.querySelector('span').replaceChildren(linkTo(draft));
});

listen(form, {
  words: OPENING_PROBLEMS,
  refuse: refuseFor(form),
  async send() {
    const chosen = form.elements[name].value;
    if (tellAdvice(chosen)) return undefined;
    /** @type {any} */
    const opened = await call('POST', REQUESTS, { kind, ...(about && { about: about.id }) });
    const known = opened.fields.filter(({ value }) => value).map(({ id, value }) => [id, value]);
    const fields = { ...Object.fromEntries(known), [name]: chosen };
    await call('PUT', /** @type {any} */ (`${REQUESTS}/${opened.id}`), { version: opened.version, fields });
    keepPlace({ id: opened.id });
    return goTo(QUESTION);
  },
});

function tellAdvice(chosen) {
  let told = false;
  for (const advice of document.querySelectorAll('[data-advice]')) {
    advice.hidden = advice.dataset.advice !== chosen;
    if (advice.hidden) continue;
    told = true;
    advice.querySelector('h2').focus();
  }
  return told;
}
