// K0: a card for each structure, and what became of the last files.

import { read } from './api.js';
import { counted } from './counted.js';
import { make, makeLink } from './elements.js';
import { PEOPLE } from './people-search.js';
import { keepWork, openSpace } from './space.js';
import { makeStructures } from './structures.js';
import { showUploads } from './upload-list.js';

let isOnly;
const showStructures = makeStructures(cardOf);

openSpace(async ({ person }) => {
  const home = await read('/api/correspondent');
  document.getElementById('bonjour').textContent = `Bonjour ${person.first_name} ${person.last_name}`;
  isOnly = home.structures.length === 1 && !home.after;
  showStructures(home);
  showUploads(home.uploads);
});

function cardOf({ id, name, people, without_contact: without, unreachable }) {
  const see = (words, missing) =>
    makeLink(PEOPLE, words, `: ${name}`, () => keepWork({ structure: { id, name, only: isOnly }, search: { missing, name: '' } }));
  const lines = [make('p', counted(people, 'bénéficiaire déclaré', 'bénéficiaires déclarés'))];
  if (without) {
    const they = without > 1 ? 'ils ne peuvent pas recevoir de code' : 'cette personne ne peut pas recevoir de code';
    lines.push(make('p', `${counted(without, 'sans contact déclaré', 'sans contact déclaré')} : ${they}. `, see('Compléter', 'contact')));
  }
  if (unreachable) {
    lines.push(make('p', `${counted(unreachable, 'adresse refusée', 'adresses refusées')}. `, see('Corriger', 'reachable')));
  }
  const card = make('li', make('h3', name), ...lines, see('Voir les bénéficiaires', ''));
  card.className = 'card';
  return card;
}
