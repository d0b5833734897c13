// What the service has stored about whoever is signed in.

import { read } from './api.js';
import { pageOf } from './pages.js';

export const SPACE = '/correspondant';

/**
 * Whose account it is: a beneficiary's home says it; a correspondent has another, so the export of all that is stored about them does.
 *
 * @returns {Promise<any>}
 */
export function readOwn(where) {
  return read(isCorrespondent(where) ? '/api/account/export' : '/api/account');
}

export function isCorrespondent(where) {
  return pageOf(where) === SPACE;
}
