// A share beside a mark that it is compared with.

import { share } from './numbers.js';

const MOST_DECIMALS = 10;

/** With as many decimals as it takes not to look like the mark that the ratio is above or below. */
export function shareBeside(mark, ratio) {
  let decimals = 1;
  while (ratio !== mark && share(ratio, decimals) === share(mark) && decimals < MOST_DECIMALS) decimals += 1;
  return share(ratio, decimals);
}
