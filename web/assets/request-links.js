// Requests in lists, with links to them.

import { make, makeLink } from './elements.js';
import { grouped } from './grouped.js';
import { keepPlace, ONE } from './requests.js';

/** A link to a request. */
export function linkTo({ id, label, number }) {
  return makeLink(ONE, label, `numéro ${grouped(number)}`, () => keepPlace({ id }));
}

/** What a state is called, and the sentence where the person is awaited. */
export function stateOf({ state_label: label, sentence, yours }) {
  return [make('strong', label), ...(yours ? [make('div', sentence)] : [])];
}
