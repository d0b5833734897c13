// S7: welcome.

import { openAccount } from './account.js';
import { french } from './messages.js';
import { dayAndTime } from './times.js';

openAccount((account) => {
  document.getElementById('bonjour').textContent = `Bonjour ${account.person.first_name} ${account.person.last_name}`;
  const last = account.last_sign_in;
  document.getElementById('derniere-connexion').textContent = french(
    last ? `Dernière connexion : le ${dayAndTime(last)}` : "C'est votre première visite : bienvenue.",
  );
  const list = document.querySelector('#a-faire ul');
  list.replaceChildren(
    ...account.to_do.map((words) => {
      const item = document.createElement('li');
      item.textContent = words;
      return item;
    }),
  );
  list.hidden = account.to_do.length === 0;
  document.querySelector('#a-faire p').hidden = account.to_do.length > 0;
});
