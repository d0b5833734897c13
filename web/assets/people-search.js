// The people of the structure that was chosen.

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
 * @param {any} path
 * @returns {Promise<any>} what the path's call answers
 */
export function searchIn(path, wanted, page) {
  return call('POST', path, { structure: work().structure.id, ...wanted }).catch((problem) => {
    if (problem.code !== 'not-found') throw problem;
    keepWork({ structure: undefined, search: undefined, person: undefined });
    return leaveFor('Vous ne répondez plus de cette structure.', page);
  });
}
