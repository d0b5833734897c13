// Coming to the page that shows where the visitor is, and leaving for another.

import { read } from './api.js';
import { forgetAll, keep, recall } from './memory.js';
import { french } from './messages.js';
import { endedPage, OWN_PAGE, pageOf, STARTS } from './pages.js';

/** @import { Where } from '../types/contract' */

export const OTHER_SESSION = 'other-session';
const BLOCKS = {
  cookies: '/cookies-refuses',
  'account-locked': '/blocage/codes-incorrects',
  'flow-locked': '/blocage/codes-incorrects',
  'too-many-codes': '/blocage/trop-de-codes',
  'too-many-requests': '/blocage/reseau',
};

let arrival = Promise.resolve();

/** Never settles: the form that waits for it stays busy until the page is left, so nothing is sent twice. */
const leaving = () => new Promise(() => {});

export function goTo(page) {
  location.assign(page);
  return leaving();
}

/** Goes to the page of an answer's next step; `purpose` is that of the page which asked. */
export function goOn(answer, purpose) {
  return goTo(pageOf({ ...answer, purpose }));
}

/**
 * Asks where the visitor is, at each showing of the page. The page shows itself (`show`) if it `fits`, else the
 * visitor goes to the page that does. `flow` is the one that this tab was in before it asked, if any.
 *
 * @param {{
 *   fits: (where: Where, flow?: string) => unknown,
 *   show: (where: Where) => unknown,
 *   elsewhere?: (where: Where) => string | undefined,
 * }} page
 */
export function arrive({ fits, show, elsewhere = pageOf }) {
  const look = async () => {
    try {
      tellLoading(true);
      const flow = recall('flow');
      const where = await read('/api/session');
      if (!fits(where, flow)) {
        location.replace(elsewhere(where));
        return leaving();
      }
      await show(where);
      tellLoading(false);
    } catch (problem) {
      tellIncident(problem, arriving);
    }
  };
  const arriving = () => (arrival = look());
  return atEachShowing(arriving);
}

/** Settles once the page knows where the visitor is: before, what it shows next would hide a refusal. */
export function arrived() {
  return arrival;
}

/**
 * Now, when the visitor comes Back, and when the session turns out to be another one than the page was made for: what
 * the person before typed, chose or left in this tab is not the next one's.
 */
export function atEachShowing(load) {
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) load();
  });
  addEventListener(OTHER_SESSION, () => {
    for (const form of document.forms) form.reset();
    forgetAll('typed');
    load();
  });
  return load();
}

/** A page that has nothing to show before the API has answered keeps it hidden till then. */
export function tellLoading(loading) {
  const status = document.getElementById('chargement');
  if (!status) return;
  status.textContent = loading ? 'Chargement…' : '';
  document.getElementById('contenu-charge').hidden = loading;
}

/** Back to one's own data, where the words of `notice` are told. */
export function showOwnPage(notice) {
  keep('notice', notice);
  return goTo(OWN_PAGE);
}

/** What another page left to tell, once. */
export function tellNotice() {
  const notice = recall('notice');
  if (!notice) return;
  document.getElementById('annonce').textContent = french(notice);
  keep('notice');
}

/**
 * Leaves for the page that tells the problem, if it has one.
 *
 * @param {any} problem
 * @param {{ purpose?: string, start?: string }} [from]
 */
export async function leave(problem, { purpose, start } = {}) {
  const page = BLOCKS[problem.code];
  if (page) {
    block(page, problem.retry_at, { purpose, start });
    return true;
  }
  if (problem.code === 'session-expired') {
    location.replace(endedPage());
    return true;
  }
  return problem.code === 'wrong-step' && followStep(problem, purpose);
}

/** Shows the page of a block; `start` is where the visitor may begin again, else where their `purpose` begins. */
export function block(page, retryAt, { purpose, start = STARTS[purpose] ?? '/preferences/canal' }) {
  keep('blocked', { retryAt, start, from: location.pathname });
  location.assign(page);
}

/** Shows that the page could not be made ready: nothing of it would be right without the API. `again` makes it so. */
export function tellIncident(problem, again) {
  if (!problem.code) throw problem;
  if (problem.code === 'offline' && again) return waitForConnection(again);
  if (problem.code === 'cookies') return location.replace(BLOCKS.cookies);
  keep('incident', { retryAt: problem.retry_at, reference: problem.correlation_id, from: location.pathname });
  const passing = ['network', 'slow', 'unavailable', 'too-many-requests'].includes(problem.code);
  location.replace(passing ? '/indisponible' : '/probleme');
}

/** Offline no other page could be loaded: this one says so, and goes on by itself. */
function waitForConnection(again) {
  addEventListener('online', again, { once: true });
  const status = document.getElementById('chargement');
  if (status) status.textContent = 'Vous êtes hors connexion. Cette page s\'affichera au retour de la connexion.';
}

/** Goes on from where another tab has signed in meanwhile, if one has: what expired in this one is no more needed. */
export async function followSession() {
  const where = await read('/api/session').catch(() => undefined);
  if (where?.who !== 'session') return false;
  location.replace(pageOf(where));
  return true;
}

async function followStep(problem, purpose) {
  if (problem.next_step === 'sign_in' && purpose === 'activation') {
    location.replace('/activation/deja-active');
    return true;
  }
  const page = await read('/api/session').then(pageOf, () => location.pathname);
  if (page === location.pathname) return false;
  location.replace(page);
  return true;
}
