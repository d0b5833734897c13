// K1: the people of a structure, fifty at a time.

import { showCards } from './cards.js';
import { counted } from './counted.js';
import { make, makeLink } from './elements.js';
import { listen } from './form.js';
import { nameOf, PEOPLE, searchPeople } from './people-search.js';
import { readable } from './phones.js';
import { keepWork, work } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { openStructure } from './structures.js';

const form = document.getElementById('recherche');
const table = document.getElementById('personnes');
const more = document.getElementById('suite');
const rows = table.querySelector('tbody');
let after;
let shown = 0;

openStructure(PEOPLE, async () => {
  const { search: kept } = work();
  if (kept) {
    form.elements.name.value = kept.name;
    form.elements.missing.value = kept.missing;
  }
  await search();
});

listen(form, {
  words: SPACE_PROBLEMS,
  async send() {
    keepWork({ search: { name: form.elements.name.value.trim(), missing: form.elements.missing.value } });
    await search();
  },
});

listen(more, {
  words: SPACE_PROBLEMS,
  async send() {
    const first = shown;
    showCards(rows, (await ask(after)).map(rowOf), true);
    rows.children[first]?.querySelector('a').focus();
  },
});

async function search() {
  showCards(rows, (await ask()).map(rowOf));
}

/** The people of the search from there on. */
async function ask(from) {
  const { search: { name, missing } = { name: '', missing: '' } } = work();
  const answer = await searchPeople({ name: name || undefined, missing: missing || undefined, after: from });
  after = answer.after;
  shown = (from ? shown : 0) + answer.people.length;
  more.hidden = !after;
  table.hidden = shown === 0;
  const found = shown && counted(shown, 'bénéficiaire affiché', 'bénéficiaires affichés');
  document.getElementById('trouves').textContent =
    found || (after ? 'Personne encore. Voyez la suite.' : 'Personne ne correspond à cette recherche.');
  return answer.people;
}

function rowOf({ identifier, row, missing = undefined }) {
  const edit = makeLink(`${PEOPLE}/modifier`, 'Modifier', nameOf(row), () => keepWork({ person: identifier }));
  return [nameOf(row), identifier, contactsOf(row, missing), edit];
}

function contactsOf(row, missing) {
  const known = [
    row.email,
    row.mobile && readable(row.mobile),
    row.email === null && 'Adresse donnée au CNAS',
    row.mobile === null && 'Numéro donné au CNAS',
    missing === 'reachable' && 'Contact refusé',
  ].filter(Boolean);
  return known.length ? known.map((text) => make('div', text)) : 'Sans contact';
}
