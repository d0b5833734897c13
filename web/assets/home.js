// S7: welcome. What the person must do comes first: of their requests, then of their account.

import { openAccount } from './account.js';
import { read } from './api.js';
import { make } from './elements.js';
import { french } from './messages.js';
import { linkTo } from './request-links.js';
import { REQUESTS } from './requests.js';
import { dayAndTime } from './times.js';

openAccount(async (account) => {
  document.getElementById('bonjour').textContent = `Bonjour ${account.person.first_name} ${account.person.last_name}`;
  const last = account.last_sign_in;
  document.getElementById('derniere-connexion').textContent = french(
    last ? `Dernière connexion : le ${dayAndTime(last)}` : "C'est votre première visite : bienvenue.",
  );
  const list = document.querySelector('#a-faire ul');
  const items = [...(await readAwaited()), ...account.to_do.map((words) => make('li', words))];
  list.replaceChildren(...items);
  list.hidden = !items.length;
  document.querySelector('#a-faire p').hidden = items.length > 0;
});

/** What requests await of the person. That they can't be read hides nothing else, and is told. */
async function readAwaited() {
  try {
    /** @type {any} */
    const { requests } = await read(REQUESTS);
    return requests.filter(({ yours }) => yours).map((one) => make('li', linkTo(one), make('div', one.sentence)));
  } catch (problem) {
    if (!problem.code) throw problem;
    return [make('li', "Vos demandes ne s'affichent pas pour le moment. Réessayez plus tard.")];
  }
}
