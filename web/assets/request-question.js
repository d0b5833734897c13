// D2: one question a page. Each answer is saved before the next question is asked.

import { openAccount } from './account.js';
import { call } from './api.js';
import { clearErrors, listen } from './form.js';
import { changeHeading } from './heading.js';
import { french } from './messages.js';
import { answersOf, makeField } from './request-fields.js';
import { keepPlace, leaveForList, ONE, pathOf, place, readRequest, refuseFor } from './requests.js';
import { goTo } from './session.js';
import { dropTyped, giveBack, keepTyped } from './typed.js';

const SAVED = 'Votre brouillon est enregistré. Vous pouvez le terminer plus tard.';

const form = document.getElementById('question');
const later = document.getElementById('plus-tard');
const box = document.getElementById('champ');
const advice = document.getElementById('conseil');
const heading = document.querySelector('h1');
let owner;
let request;
let asked;

heading.tabIndex = -1;

const at = () => `${request.id} ${asked.id}`;

openAccount(async ({ person }) => {
  owner = person.identifier;
  await look();
});

addEventListener('popstate', ({ state }) => {
  if (state?.question) ask(state.question);
});

keepTyped(form, () => owner, at);

const refuse = refuseFor(form, look);

listen(form, {
  refuse,
  async send() {
    if (tellAdvice()) return undefined;
    await save();
    const next = request.fields[request.fields.indexOf(asked) + 1];
    if (place().alone || !next) return goTo(ONE);
    history.pushState({ question: next.id }, '');
    ask(next.id);
    return heading.focus();
  },
});

listen(later, {
  refuse,
  async send() {
    if (!tellAdvice()) await save();
    return leaveForList(SAVED);
  },
});

async function look() {
  request = await readRequest();
  if (request.state !== 'draft') return goTo(ONE);
  return ask(history.state?.question ?? place().question);
}

function ask(wanted) {
  const { fields } = request;
  asked = fields.find(({ id }) => id === wanted) ?? fields.find(({ value }) => !value) ?? fields[0];
  history.replaceState({ question: asked.id }, '');
  keepPlace({ ...place(), question: asked.id });
  clearErrors();
  changeHeading(french(`${request.label} : question ${fields.indexOf(asked) + 1} sur ${fields.length}`));
  box.replaceChildren(makeField(asked));
  advice.hidden = true;
  giveBack(form, at());
}

async function save() {
  const fields = { ...answered(), ...answersOf(form, [asked]) };
  /** @type {any} */
  const saved = await call('PUT', /** @type {any} */ (pathOf()), { version: request.version, fields });
  dropTyped(at());
  const { id } = asked;
  request = saved;
  asked = request.fields.find((field) => field.id === id);
}

function answered() {
  return Object.fromEntries(request.fields.filter(({ value }) => value).map(({ id, value }) => [id, value]));
}

/** Behind an answer that is not sent nothing is kept: what to do instead is told. */
function tellAdvice() {
  const chosen = asked.choices?.find(({ id }) => id === answersOf(form, [asked])[asked.id]);
  const stops = Boolean(chosen && !chosen.sends);
  advice.hidden = !stops;
  if (stops) {
    advice.querySelector('p').textContent = french(chosen.advice ?? '');
    advice.querySelector('h2').focus();
  }
  return stops;
}
