// Numbers as people write them.

const FRENCH_PREFIXES = /^\+(33|262|508|590|594|596)/;

/** `+33612345678` as 06 12 34 56 78; the Pacific territories' numbers have no national form and keep their prefix. */
export function readable(number) {
  return number.replace(FRENCH_PREFIXES, '0').replace(/^(0\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1 $2 $3 $4 $5');
}
