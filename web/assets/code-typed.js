// A security code, as people type it or paste it: « 097 373 », « Code : 097373 », a whole SMS, full-width digits.

import { plainText } from './plain-text.js';

const MARKS_WITHIN = /(\d)[ .·\u2212\p{Pd}]+(?=\d)/gu;

/** The `length` digits of the code in that text; undefined when it has no such number. */
export function codeIn(text, length) {
  const numbers = plainText(text).replace(MARKS_WITHIN, '$1').match(/\d+/g) ?? [];
  return numbers.find((digits) => digits.length === length);
}
