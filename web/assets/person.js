// K2: what the employer declares of one person.

import { call } from './api.js';
import { make } from './elements.js';
import { tellFacts } from './facts.js';
import { listen, showErrors } from './form.js';
import { french } from './messages.js';
import { leaveFor, PEOPLE, searchPeople } from './people-search.js';
import { readable } from './phones.js';
import { goTo } from './session.js';
import { openSpace, work } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';

const GONE = "Cette personne n'est plus dans votre structure.";
const CONTACTS = ['email', 'mobile'];
const FIELDS = ['last_name', 'usage_name', 'first_name', 'email', 'mobile', 'start_date', 'end_date'];

const form = document.getElementById('fiche');
const { elements } = form;
const inputs = FIELDS.map((name) => elements[name]);
const renaming = document.getElementById('nom-a-confirmer');
let declared;

openSpace(showPerson);

// Most rows keep their address: the table of domains comes once another is typed. Without it nothing is asked.
elements.email.addEventListener(
  'change',
  () => import('./mail-domains.js').then(({ askForDomain }) => askForDomain(elements.email)).catch(() => {}),
  { once: true },
);

listen(form, {
  check() {
    return [
      ...(elements.email.validity.typeMismatch ? [{ field: 'email', code: 'invalid' }] : []),
      ...(leaves() && !elements.departures.checked ? [{ field: 'departures', code: 'missing' }] : []),
      ...(elements.departures.checked && !elements.end_date.value ? [{ field: 'end_date', code: 'missing' }] : []),
    ];
  },
  words: SPACE_PROBLEMS,
  async send() {
    /** @type {any[]} */
    const confirm = [...(leaves() ? ['departures'] : []), ...(elements.renamings.checked ? ['renamings'] : [])];
    tellSaved(
      await call('PUT', '/api/correspondent/people', {
        identifier: declared.identifier,
        version: declared.version,
        row: Object.fromEntries(inputs.filter(isSaid).map(({ name, value }) => [name, value])),
        ...(confirm.length && { confirm }),
      }),
    );
  },
  async refuse(problem) {
    if (problem.code === 'not-found') return leaveFor(GONE);
    if (problem.code === 'outdated-version') await showPerson();
    if (problem.code === 'not-confirmed' && !elements.renamings.checked) {
      renaming.hidden = false;
      elements.renamings.required = true;
      showErrors(form, [{ field: 'renamings', message: french(renaming.dataset.missing) }]);
      return true;
    }
    return tellCells(problem);
  },
});

async function showPerson() {
  const { structure, person: identifier } = work();
  if (!identifier) return goTo(PEOPLE);
  [declared] = (await searchPeople({ identifier })).people;
  if (!declared) return leaveFor(GONE);
  const row = { ...declared.row, mobile: shown('mobile'), start_date: day('start_date'), end_date: day('end_date') };
  for (const input of inputs) input.value = row[input.name] ?? '';
  for (const part of document.querySelectorAll('[data-given]')) part.hidden = declared.row[part.dataset.given] !== null;
  elements.departures.checked = Boolean(row.end_date);
  tellFacts({ identifier, structure: structure.name });
}

function leaves() {
  const { value } = elements.end_date;
  return value && value !== day('end_date');
}

/** As it is written in France. */
function day(name) {
  return declared.row[name].split('-').reverse().join('/');
}

/** What is wrong with cells of the row is said by the API, as in the report of a file. */
function tellCells({ code, errors = [] }) {
  if (code !== 'invalid-request' || !errors.length) return false;
  const cells = errors.map(({ pointer, detail }) => ({ column: pointer.split('/').pop(), detail }));
  showErrors(
    form,
    cells.map(({ column, detail }) => ({
      field: FIELDS.find((name) => name === column),
      message: french(sentence(detail).replace(/\.$/, '')),
    })),
  );
  return true;
}

function tellSaved({ outcome, remarks }) {
  const contacts = newContacts();
  // What is told of contacts in plainer words here is not told twice.
  const others = remarks.filter((words) => !contacts.length || !words.includes("les contacts d'avant sont prévenus"));
  const told = [...contacts, ...departure(), ...others.map(sentence)];
  document.querySelector('#reussite h2').textContent = french(outcome === 'unchanged' ? "Rien n'a changé" : "C'est enregistré");
  document.getElementById('suites').replaceChildren(...told.map((words) => make('li', words)));
  document.getElementById('saisie').hidden = true;
  document.getElementById('reussite').hidden = false;
  document.querySelector('#reussite h2').focus();
}

function departure() {
  return leaves() ? [`Dernier jour d'accès à son compte : ${elements.end_date.value}.`] : [];
}

/** A first contact is used at once; one that comes in place of another, or beside one, waits a day. */
function newContacts() {
  const known = CONTACTS.filter((name) => declared.row[name] !== '');
  const changed = CONTACTS.filter((name) => elements[name].value && elements[name].value !== shown(name));
  if (!changed.length) return [];
  // Whether one was removed before, nothing here tells.
  if (!known.length) return ['Cette personne peut recevoir un code, sauf si un contact a été retiré il y a moins de 24 heures.'];
  if (changed.length > 1) return ['Les contacts déjà connus sont prévenus. Les nouveaux serviront dans 24 heures.'];
  const [name] = changed;
  if (!shown(name)) return ['Les contacts déjà connus sont prévenus. Le nouveau servira dans 24 heures.'];
  return [
    name === 'email'
      ? "L'ancienne adresse est prévenue. La nouvelle servira dans 24 heures."
      : "L'ancien numéro est prévenu. Le nouveau servira dans 24 heures.",
  ];
}

function shown(name) {
  return readable(declared.row[name] ?? '');
}

/** A contact that the person gave to the desk is not shown here: left empty, it stays as it is. */
function isSaid({ name, value }) {
  return value || declared.row[name] !== null;
}

function sentence(words) {
  return words[0].toUpperCase() + words.slice(1);
}
