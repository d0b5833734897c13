// How long a loan runs, as people write it.

import { parseNumber } from './numbers.js';

const MONTHS = 12;
const WRITTEN = /^(?:([\d.,]+)(?:ans?)?)?(?:et)?(?:(\d+)mois)?$/;

/** The whole months of « 20 », « 20 ans », « 1,5 », « 6 mois », « 1 an et 6 mois »; NaN for what is no duration. */
export function parseMonths(text) {
  const [, years, months] = WRITTEN.exec(text.normalize('NFKC').toLowerCase().replace(/\s/g, '')) ?? [];
  if (!years && !months) return NaN;
  return Math.round((years ? parseNumber(years) : 0) * MONTHS) + Number(months ?? 0);
}
