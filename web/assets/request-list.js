// D0: the person's requests, what waits for them first.

import { openAccount } from './account.js';
import { read } from './api.js';
import { showCards } from './cards.js';
import { make } from './elements.js';
import { grouped } from './grouped.js';
import { linkTo, stateOf } from './request-links.js';
import { keepPlace, REQUESTS } from './requests.js';
import { dayOf } from './times.js';

const table = document.getElementById('demandes');

openAccount(async () => {
  /** @type {any} */
  const { requests } = await read(REQUESTS);
  keepPlace();
  table.hidden = !requests.length;
  document.getElementById('aucune').hidden = requests.length > 0;
  showCards(table.querySelector('tbody'), requests.map(rowOf));
});

function rowOf(request) {
  return [linkTo(request), grouped(request.number), stateOf(request), make('span', dayOf(request.changed_at))];
}
