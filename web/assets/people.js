// K1: the people of a structure, fifty at a time.

import { showCards } from './cards.js';
import { counted } from './counted.js';
import { make, makeLink } from './elements.js';
import { listen } from './form.js';
import { nameOf } from './people-names.js';
import { PEOPLE, searchPeople } from './people-search.js';
import { readable } from './phones.js';
import { keepWork, work } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { openStructure } from './structures.js';

const form = document.getElementById('recherche');
const table = document.getElementById('personnes');
const more = document.getElementById('suite');
const rows = table.querySelector('tbody');
let after;

openStructure(PEOPLE, async () => {
  const { search: kept } = work();
  if (kept) {
    form.elements.name.value = kept.name;
    form.elements.missing.value = kept.missing;
  }
  await show();
});

listen(form, {
  words: SPACE_PROBLEMS,
  async send() {
    keepWork({ search: { name: form.elements.name.value.trim(), missing: form.elements.missing.value } });
    await show();
  },
});

listen(more, {
  words: SPACE_PROBLEMS,
  async send() {
    const first = rows.children.length;
    await show(after);
    rows.children[first]?.querySelector('a').focus();
  },
});

/** Shows the people of the search from there on, beside those that are there. */
async function show(from) {
  const { name, missing } = work().search ?? {};
  const answer = await searchPeople({ name: name || undefined, missing: missing || undefined, after: from });
  after = answer.after;
  showCards(rows, answer.people.map(rowOf), from);
  const shown = rows.children.length;
  more.hidden = !after;
  table.hidden = !shown;
  const found = shown && counted(shown, 'bénéficiaire affiché', 'bénéficiaires affichés');
  document.getElementById('trouves').textContent =
    found || (after ? 'Personne encore. Voyez la suite.' : 'Personne ne correspond à cette recherche.');
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
