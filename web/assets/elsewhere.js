// Where to send whoever comes to a page that is not theirs now.

import { endedPage, OWN_PAGE, pageOf, STARTS } from './pages.js';

/** Where to send whoever comes to a step of the activation that is not theirs: to the next, or to the first. */
export function beyondActivation(where) {
  if (where.who === 'anonymous') return STARTS.activation;
  return where.who === 'session' && where.next_step === 'home' ? '/activation/deja-active' : pageOf(where);
}

/** For a page of the preferences: beyond it, before it, or no more signed in. */
export function outsidePreferences(where) {
  return where.who === 'session' ? beyondActivation(where) : endedPage();
}

/** Where the code that is out can be typed; undefined when none is. */
export function codePage(where) {
  if (where.contact_change) return `${OWN_PAGE}/code`;
  return ['verify_code', 'verify_contact'].includes(where.next_step) ? pageOf(where) : undefined;
}

/** For a page of one's own data: something is still to be decided, or no more signed in. */
export function outsideOwnPages(where) {
  if (where.who !== 'session') return endedPage();
  return where.next_step === 'home' ? OWN_PAGE : pageOf(where);
}
