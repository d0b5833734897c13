// A security code, as people type it or paste it: « 097 373 », « Code : 097373 », a whole SMS, full-width digits.

const MARKS_WITHIN = /(\d)[\s.\-\u2010-\u2015\u200b-\u200d]+(?=\d)/g;

/** The `length` digits of the code in that text; undefined when it has no such number. */
export function codeIn(text, length) {
  const numbers = text.normalize('NFKC').replace(MARKS_WITHIN, '$1').match(/\d+/g) ?? [];
  return numbers.find((digits) => digits.length === length);
}
