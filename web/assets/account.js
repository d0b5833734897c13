// What every page of the account shares: who it is, the menu, signing out, the watch over the session.

import { Problem, read } from './api.js';
import { listen } from './form.js';
import { forgetAll, recall } from './memory.js';
import { endedPage, pageOf, STARTS } from './pages.js';
import { atEachShowing, tellIncident, tellLoading, tellNotice } from './session.js';
import { signOut, watchSession } from './timeout.js';

const HOMES = ['/compte', '/correspondant'];

const wide = matchMedia('(min-width: 56rem)');
const menu = document.getElementById('menu');

/** Loads the account at each showing of the page, and hands it to `show`. */
export function openAccount(show = () => {}) {
  openPage(() => Promise.all([read('/api/session'), read('/api/account')]), show);
}

/** The same for what `load` makes of either kind of account: where the visitor is, and `{ person, menu, … }`. */
export function openPage(load, show, forget = forgetOthers) {
  listen(document.getElementById('deconnexion'), { send: () => signOut('/api/session') });
  wide.addEventListener('change', openMenu);
  const open = () => {
    tellLoading(true);
    return showAccount().catch((problem) => refuse(problem, open));
  };
  return atEachShowing(open);

  async function showAccount() {
    const [where, account] = await load();
    tellNotice();
    forget(account.person);
    document.getElementById('qui').textContent = `${account.person.first_name} ${account.person.last_name}`;
    tellMenu(account.menu);
    openMenu();
    await show(account, where);
    tellLoading(false);
    watchSession(where.session);
  }
}

/** What was typed and not sent is kept for whoever typed it. */
function forgetOthers({ identifier }) {
  forgetAll('request', recall('typed')?.owner === identifier ? 'typed' : '');
}

function refuse(problem, again) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.code === 'session-expired') location.replace(endedPage());
  else if (problem.code === 'wrong-step') location.replace(pageOf(problem));
  // The page where one signs in leads on whoever has.
  else if (problem.code === 'not-your-account') location.replace(STARTS.sign_in);
  else tellIncident(problem, again);
}

function tellMenu(entries) {
  const items = entries.map(({ label, url }) => {
    const link = document.createElement('a');
    link.href = url;
    link.textContent = label;
    if (url === location.pathname) link.setAttribute('aria-current', 'page');
    else if (!HOMES.includes(url) && location.pathname.startsWith(`${url}/`)) link.setAttribute('aria-current', 'true');
    const item = document.createElement('li');
    item.append(link);
    return item;
  });
  menu.querySelector('ul').replaceChildren(...items);
}

/** Beside the content the menu is always open; above it, on a phone, only at home: elsewhere it would hide the page. */
function openMenu() {
  menu.open = wide.matches || HOMES.includes(location.pathname);
}
