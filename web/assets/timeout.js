// S11: a warning five minutes before the session ends, which can be put off, and the page that tells its end.

import { call, read } from './api.js';
import { forgetAll } from './memory.js';
import { EXPIRED, tellIncident } from './session.js';
import { millisecondsUntil } from './times.js';

const MINUTE = 60_000;
const WARNING = 5 * MINUTE;
const TICK = 1000;
const SPOKEN = [2, 1];

const dialog = document.getElementById('expiration');
let expiresAt;
let timer;
let told;
let putOff; // the end that a visitor has already been warned of and that no activity moves

/** Watches over the session; called again, it takes the new times. */
export function watchSession(session) {
  if (!timer) listenToDialog();
  expiresAt = session.expires_at;
  clearInterval(timer);
  timer = setInterval(look, TICK);
}

export async function signOut() {
  await call('DELETE', '/api/session');
  forgetAll();
  location.assign('/deconnexion');
}

/** Clocks of sleeping devices jump: each tick looks at the time itself. */
async function look() {
  const left = millisecondsUntil(expiresAt);
  if (left > WARNING) return;
  if (dialog.open) tellMinutes(Math.ceil(left / MINUTE));
  if (left > 0 && (dialog.open || putOff === expiresAt)) return;
  clearInterval(timer);
  // Another tab, or a call since, may have kept the session alive.
  const { session } = await read('/api/session').catch(() => ({ session: { expires_at: expiresAt } }));
  if (!session || millisecondsUntil(session.expires_at) <= 0) {
    location.replace(EXPIRED);
    return;
  }
  watchSession(session);
  if (millisecondsUntil(expiresAt) <= WARNING) warn();
  else dialog.close();
}

function warn() {
  tellMinutes(Math.ceil(millisecondsUntil(expiresAt) / MINUTE));
  document.getElementById('expiration-annonce').textContent = '';
  dialog.showModal();
}

function tellMinutes(minutes) {
  if (minutes === told) return;
  told = minutes;
  const words = `Vous serez déconnecté(e) dans ${minutes}\u00a0minute${minutes > 1 ? 's' : ''}.`;
  document.getElementById('expiration-delai').textContent = words;
  if (dialog.open && SPOKEN.includes(minutes)) document.getElementById('expiration-annonce').textContent = words;
}

function listenToDialog() {
  document.getElementById('rester').addEventListener('click', stay);
  document.getElementById('quitter').addEventListener('click', () => signOut().catch(tellIncident));
  // Escape is no wish to leave.
  dialog.addEventListener('cancel', stay);
}

async function stay() {
  dialog.close();
  // Any call with the session keeps it alive; before the preferences are done this one answers `wrong-step`.
  await call('GET', '/api/account').catch(() => undefined);
  const { session } = await read('/api/session').catch(() => ({}));
  if (!session) return;
  putOff = expiresAt;
  watchSession(session);
}
