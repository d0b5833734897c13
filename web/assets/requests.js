// What the pages of requests share: which request it is, where its pages are, what is told of it.

import { read } from './api.js';
import { showErrors } from './form.js';
import { keep, recall } from './memory.js';
import { french, PROBLEMS } from './messages.js';
import { goTo } from './session.js';

export const REQUESTS = '/api/requests';
export const LIST = '/compte/suivi';
export const ONE = `${LIST}/demande`;
export const QUESTION = `${LIST}/question`;

const GONE = "Cette demande n'existe plus.";
const TOO_LATE = "Cette action n'est plus possible. La page montre maintenant où en est votre demande.";
const CHANGED = 'Votre brouillon a changé dans un autre onglet. Vérifiez votre réponse, puis recommencez.';

/** The request that the person is at: its id, the question, whether that one alone is answered. No address says it. */
export function place() {
  return recall('request') ?? {};
}

/** Goes on with another request, or at another place of it. */
export function keepPlace(at) {
  keep('request', at);
}

/** The path of the request that the person is at. */
export function pathOf(more = '') {
  return `${REQUESTS}/${place().id}${more}`;
}

/**
 * Reads that request; without one it leaves for the list.
 *
 * @returns {Promise<any>}
 */
export async function readRequest(more = '') {
  if (!place().id) return goTo(LIST);
  /** @type {any} */
  const path = pathOf(more);
  return read(path).catch((problem) => {
    if (problem.code !== 'not-found') throw problem;
    return leaveForList(GONE);
  });
}

/** To the list, where the words are told. */
export function leaveForList(notice) {
  keepPlace();
  keep('notice', notice);
  return goTo(LIST);
}

/** Deals with what can come between: `look` shows how the request is now, and nothing that was typed goes. */
export function refuseFor(form, look = async () => {}) {
  return async (problem) => {
    if (problem.code === 'not-found') return leaveForList(GONE);
    const isOver = problem.code === 'wrong-step' && problem.next_step === 'home';
    const words = { 'outdated-version': CHANGED, cookies: PROBLEMS.cookies, ...(isOver && { 'wrong-step': TOO_LATE }) };
    const message = words[problem.code];
    if (!message) return false;
    if (problem.code !== 'cookies') await look();
    showErrors(form, [{ message: french(message) }]);
    return true;
  };
}
