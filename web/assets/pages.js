// Which page shows where the visitor is. The API knows; the front never guesses.

import { recall } from './memory.js';
import { millisecondsUntil } from './times.js';

/** @import { Whereabouts } from '../types/contract' */

export const STARTS = { activation: '/activation', password_reset: '/mot-de-passe-oublie', sign_in: '/connexion' };
const PAGES = {
  give_consent: '/preferences/consentement',
  choose_channel: '/preferences/canal',
  verify_contact: '/preferences/canal/code',
  accept_terms: '/preferences/conditions',
  sign_in: '/connexion',
};
const EXPIRED = '/session-expiree';
const LIMIT = '/session-terminee';
export const SIGNED_OUT = '/deconnexion';
export const OWN_PAGE = '/compte/informations-personnelles';

/** @param {Whereabouts} where */
export function pageOf({ next_step: step, purpose, home = '/compte' }) {
  if (step === 'verify_code') return `${STARTS[purpose]}/code`;
  if (step === 'set_password') return `${STARTS[purpose]}/mot-de-passe`;
  return step === 'home' ? home : PAGES[step];
}

/**
 * What tells the end of a session: one that is gone before its time was ended by somebody, here or elsewhere. A tab
 * that has seen none has no end to tell.
 */
export function endedPage() {
  const { expires_at: idleEnd, ends_at: end } = recall('session') ?? {};
  if (!idleEnd) return STARTS.sign_in;
  if (millisecondsUntil(idleEnd) > 0) return SIGNED_OUT;
  return idleEnd === end ? LIMIT : EXPIRED;
}
