// Where the visitor is, and which page shows it. The API knows; the front never guesses.

import { read } from './api.js';
import { forgetAll, keep, recall } from './memory.js';
import { millisecondsUntil } from './times.js';

/** @import { Where, Whereabouts } from '../types/contract' */

const STARTS = { activation: '/activation', password_reset: '/mot-de-passe-oublie', sign_in: '/connexion' };
const PAGES = {
  give_consent: '/preferences/consentement',
  choose_channel: '/preferences/canal',
  verify_contact: '/preferences/canal/code',
  accept_terms: '/preferences/conditions',
  home: '/compte',
  sign_in: '/connexion',
};
const EXPIRED = '/session-expiree';
const LIMIT = '/session-terminee';
export const SIGNED_OUT = '/deconnexion';
export const OTHER_SESSION = 'other-session';
const BLOCKS = {
  cookies: '/cookies-refuses',
  'account-locked': '/blocage/codes-incorrects',
  'flow-locked': '/blocage/codes-incorrects',
  'too-many-codes': '/blocage/trop-de-codes',
  'too-many-requests': '/blocage/reseau',
};

export const OWN_PAGE = '/compte/informations-personnelles';

/** @param {Whereabouts} where */
export function pageOf({ next_step: step, purpose }) {
  if (step === 'verify_code') return `${STARTS[purpose]}/code`;
  if (step === 'set_password') return `${STARTS[purpose]}/mot-de-passe`;
  return PAGES[step];
}

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
 * visitor goes to the page that does.
 *
 * @param {{
 *   fits: (where: Where) => unknown,
 *   show: (where: Where) => unknown,
 *   elsewhere?: (where: Where) => string | undefined,
 * }} page
 */
export function arrive({ fits, show, elsewhere = pageOf }) {
  const look = async () => {
    try {
      tellLoading(true);
      const where = await read('/api/session');
      if (!fits(where)) {
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
    forgetAll();
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

/** Where to send whoever comes back to a step of the activation that is behind them. */
export function beyondActivation(where) {
  return where.who === 'session' && where.next_step === 'home' ? '/activation/deja-active' : pageOf(where);
}

/** For a page of the preferences: beyond it, before it, or no more signed in. */
export function outsidePreferences(where) {
  return where.who === 'session' ? beyondActivation(where) : endedPage();
}

/** What tells the end of a session: one that is gone before its time was ended by somebody, here or elsewhere. */
export function endedPage() {
  const { expires_at: idleEnd, ends_at: end } = recall('session') ?? {};
  if (!idleEnd) return EXPIRED;
  if (millisecondsUntil(idleEnd) > 0) return SIGNED_OUT;
  return idleEnd === end ? LIMIT : EXPIRED;
}

/** For a page of one's own data: something is still to be decided, or no more signed in. */
export function outsideOwnPages(where) {
  if (where.who !== 'session') return endedPage();
  return where.next_step === 'home' ? OWN_PAGE : pageOf(where);
}

/** Back to one's own data, where the words of `notice` are told. */
export function showOwnPage(notice) {
  keep('notice', notice);
  return goTo(OWN_PAGE);
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
  const passing = ['network', 'unavailable', 'too-many-requests'].includes(problem.code);
  location.replace(passing ? '/indisponible' : '/probleme');
}

/** Offline no other page could be loaded: this one says so, and goes on by itself. */
function waitForConnection(again) {
  addEventListener('online', again, { once: true });
  const status = document.getElementById('chargement');
  if (status) status.textContent = 'Vous êtes hors connexion. Cette page s\'affichera au retour de la connexion.';
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
