// K4: the requests of the people who let their correspondent follow them.

import { showCards } from './cards.js';
import { dayInWords } from './day-words.js';
import { make } from './elements.js';
import { listen } from './form.js';
import { grouped } from './grouped.js';
import { nameOf } from './people-names.js';
import { searchIn } from './people-search.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { openStructure } from './structures.js';
import { dayOf } from './times.js';

/** @import { FollowedPerson, FollowedRequest, FollowUp } from '../types/contract' */

const FOLLOWED = '/correspondant/suivi';
const MOST_PAGES = 10;
const NOBODY = 'Aucune demande à suivre pour le moment.';
const NOBODY_YET = 'Aucune demande à suivre parmi les premiers noms. Voyez la suite.';

const table = document.getElementById('demandes');
const more = document.getElementById('suite');
const rows = table.querySelector('tbody');
/** @type {string | undefined} */
let after;

openStructure(FOLLOWED, async () => {
  showCards(rows, await ask());
  tellHow();
});

listen(more, {
  words: SPACE_PROBLEMS,
  async send() {
    const first = rows.children.length;
    showCards(rows, await ask(after), true);
    tellHow();
    const next = rows.children[first]?.querySelector('th');
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
  },
});

/**
 * The rows of the people from there on.
 *
 * @param {string} [from]
 */
async function ask(from) {
  const found = await search(from);
  ({ after } = found);
  return found.people.flatMap((person) => person.requests.map((request) => rowOf(person, request)));
}

/**
 * The next people who have some. Of some dozens of people, none may have consented; of some hundreds, the correspondent
 * says whether to look on.
 *
 * @param {string} [from]
 * @returns {Promise<FollowUp>}
 */
async function search(from, pages = MOST_PAGES) {
  /** @type {FollowUp} */
  const found = await searchIn('/api/correspondent/requests/search', from && { after: from }, FOLLOWED);
  return found.people.length || !found.after || pages === 1 ? found : search(found.after, pages - 1);
}

function tellHow() {
  more.hidden = !after;
  table.hidden = !rows.children.length;
  const nobody = document.getElementById('aucune');
  nobody.hidden = !table.hidden;
  nobody.textContent = after ? NOBODY_YET : NOBODY;
}

/**
 * @param {FollowedPerson} person
 * @param {FollowedRequest} request
 */
function rowOf(person, request) {
  const about = [make('div', request.label), make('div', grouped(request.number))];
  if (request.sent_at) about.push(make('div', `Envoyée le ${dayOf(request.sent_at)}`));
  return [nameOf(person), about, stateOf(request), make('span', dayOf(request.changed_at))];
}

/**
 * The state, and what the person is asked for: a correspondent may remind them.
 *
 * @param {FollowedRequest} request
 */
function stateOf({ state_label: label, asked, deadline }) {
  const words = [make('strong', label)];
  if (asked) words.push(make('div', `Le CNAS lui demande : ${asked}`));
  if (deadline) words.push(make('div', `Avant le ${dayInWords(deadline)}`));
  return words;
}
