// The people of the structure that was chosen.

/** @import { Answer } from '../types/contract' */

import { call } from './api.js';
import { keep } from './memory.js';
import { goTo } from './session.js';
import { keepWork, work } from './space.js';

export const PEOPLE = '/correspondant/beneficiaires';

/** Searches among them. */
export function searchPeople(wanted) {
  return searchIn('/api/correspondent/people/search', wanted, PEOPLE);
}

/** Back to the list, where the words are told. */
export function leaveFor(notice, page = PEOPLE) {
  keep('notice', notice);
  return goTo(page);
}

/**
 * Searches by that call. Leaves for the list of structures where that one is the correspondent's no more.
 *
 * @template {'/api/correspondent/people/search' | '/api/correspondent/requests/search'} P
 * @param {P} path
 * @param {object} wanted
 * @param {string} page
 * @returns {Promise<Answer<'POST', P>>}
 */
export function searchIn(path, wanted, page) {
  /** @type {any} */
  const body = { structure: work().structure.id, ...wanted };
  return call('POST', /** @type {any} */ (path), body).catch((problem) => {
    if (problem.code !== 'not-found') throw problem;
    keepWork({ structure: undefined, search: undefined, person: undefined });
    return leaveFor('Vous ne répondez plus de cette structure.', page);
  });
}
