// S11: a warning five minutes before the session ends, which can be put off, and the page that tells its end.
// Other tabs share the session: whoever comes back to this one finds it as it is now.

import { call, read } from './api.js';
import { forgetAll, keep } from './memory.js';
import { endedPage, SIGNED_OUT } from './pages.js';
import { goTo, OTHER_SESSION, tellIncident } from './session.js';
import { millisecondsUntil } from './times.js';

const MINUTE = 60_000;
const WARNING = 5 * MINUTE;
const TICK = 1000;
const SPOKEN = [2, 1];

const dialog = document.getElementById('expiration');
let expiresAt;
let endsAt; // differs from one session to another
let timer;
let told;
let putOff; // the end that a visitor has already been warned of and that no activity moves

/** Watches over the session; called again, it takes the new times. */
export function watchSession(session) {
  if (!timer) {
    listenToDialog();
    addEventListener('focus', compare);
    document.addEventListener('visibilitychange', compare);
  }
  expiresAt = session.expires_at;
  endsAt = session.ends_at;
  keep('session', session);
  clearInterval(timer);
  timer = setInterval(look, TICK);
}

/** Ends what that path stands for: this session, or every one of the account. */
export async function signOut(path) {
  await call('DELETE', path);
  forgetAll();
  return goTo(SIGNED_OUT);
}

/** After a look at another tab or window: is it still the session that this page shows? */
async function compare() {
  if (document.hidden) return;
  const { session } = await read('/api/session').catch(() => ({ session: { ends_at: endsAt } }));
  if (!session) leave();
  else if (session.ends_at !== endsAt) dispatchEvent(new Event(OTHER_SESSION));
}

function leave() {
  clearInterval(timer);
  const page = endedPage();
  forgetAll('typed');
  location.replace(page);
}

/** Clocks of sleeping devices jump: each tick looks at the time itself. */
async function look() {
  const left = millisecondsUntil(expiresAt);
  if (left > WARNING) return;
  if (isOpen()) tellMinutes(Math.ceil(left / MINUTE));
  if (left > 0 && (isOpen() || putOff === expiresAt)) return;
  clearInterval(timer);
  // Another tab, or a call since, may have kept the session alive.
  const { session } = await read('/api/session').catch(() => ({ session: { expires_at: expiresAt, ends_at: endsAt } }));
  if (!session || millisecondsUntil(session.expires_at) <= 0) {
    leave();
    return;
  }
  watchSession(session);
  if (millisecondsUntil(expiresAt) <= WARNING) warn();
  else closeDialog();
}

function warn() {
  tellMinutes(Math.ceil(millisecondsUntil(expiresAt) / MINUTE));
  document.getElementById('expiration-annonce').textContent = '';
  // Before Safari 15.4 a dialog is an element like others: it is shown over the page, and takes the focus.
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute('open', '');
  document.getElementById('rester').focus();
}

function isOpen() {
  return dialog.hasAttribute('open');
}

function closeDialog() {
  if (dialog.close) dialog.close();
  else dialog.removeAttribute('open');
}

function tellMinutes(minutes) {
  if (minutes === told) return;
  told = minutes;
  const words = `Vous serez déconnecté(e) dans ${minutes}\u00a0minute${minutes > 1 ? 's' : ''}.`;
  document.getElementById('expiration-delai').textContent = words;
  if (isOpen() && SPOKEN.includes(minutes)) document.getElementById('expiration-annonce').textContent = words;
}

function listenToDialog() {
  document.getElementById('rester').addEventListener('click', stay);
  document.getElementById('quitter').addEventListener('click', () => signOut('/api/session').catch(tellIncident));
  // Escape is no wish to leave.
  dialog.addEventListener('cancel', stay);
}

async function stay() {
  closeDialog();
  putOff = expiresAt; // at once: a look at the time meanwhile would ask again
  // Any call with the session keeps it alive; before the preferences are done this one answers `wrong-step`.
  await call('GET', '/api/account').catch(() => undefined);
  const { session } = await read('/api/session').catch(() => ({ session: undefined }));
  if (session) watchSession(session);
  else putOff = undefined;
}
