// What every page of a correspondent shares: whose it is, their menu, and that it is theirs.

import { openPage } from './account.js';
import { read } from './api.js';
import { forgetAll, keep, recall } from './memory.js';
import { isCorrespondent, readOwn, SPACE } from './own.js';
import { OWN_PAGE, pageOf } from './pages.js';

const MENU = [
  { url: SPACE, label: 'Accueil' },
  { url: `${SPACE}/beneficiaires`, label: 'Vos bénéficiaires' },
  { url: `${SPACE}/envoi`, label: 'Envoyer un fichier' },
  { url: `${SPACE}/suivi`, label: 'Suivi des demandes' },
  { url: OWN_PAGE, label: 'Vos informations personnelles' },
];

/** Opens a page of the correspondent's space. Whoever is signed in otherwise goes to where they belong. */
export function openSpace(show = () => {}) {
  return openPage(async () => {
    const where = await read('/api/session');
    if (where.who === 'session' && !isCorrespondent(where)) {
      location.replace(pageOf(where));
      await new Promise(() => {});
    }
    return [where, await readSpace(where)];
  }, show, forgetOthers);
}

/** Opens a page that both kinds of account have. */
export function openEither(show) {
  return openPage(async () => {
    const where = await read('/api/session');
    const own = await readOwn(where);
    return [where, isCorrespondent(where) ? { ...own, menu: MENU } : own];
  }, show, forgetOthers);
}

/** Who it is: read once in a session, for the menu alone. */
async function readSpace(where) {
  const { session } = where;
  const known = recall('person');
  const person = known && known.session === session?.id ? known : (await readOwn(where)).person;
  keep('person', { first_name: person.first_name, last_name: person.last_name, session: session.id });
  return { person, menu: MENU };
}

/** What a correspondent is at: the structure, the search, the person, the upload. No address ever says it. */
export function work() {
  return recall('work') ?? {};
}

export function keepWork(part) {
  keep('work', { ...work(), ...part });
}

function forgetOthers() {
  forgetAll('person', 'work');
}
