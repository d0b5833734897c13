// A security code: step 2, a reset, a sign-in, a new contact. The form says which (`data-purpose`, `data-api`).

import { call, read } from './api.js';
import { codeIn } from './code-typed.js';
import { offerOtherWay, showOtherWay, tellDestination } from './destination.js';
import { beyondActivation, outsideOwnPages, outsidePreferences } from './elsewhere.js';
import { clearErrors, listen } from './form.js';
import { speakToOwner } from './identifier.js';
import { recall } from './memory.js';
import { CODES_UNAVAILABLE } from './other-messages.js';
import { OWN_PAGE, pageOf } from './pages.js';
import { arrive, block, followSession, goOn, showOwnPage, tellIncident } from './session.js';
import { tell } from './status.js';
import { watchSession } from './timeout.js';
import { at, minutesUntil } from './times.js';

/** @import { Step, Where } from '../types/contract' */

const EXAMPLES = { 6: '097373', 8: '41097373' };
/** Purposes that end in a session; a reset asks for another sign-in, a contact has its session already. */
const LEAD_TO_SESSION = ['activation', 'sign_in'];
const RESENT = "Un nouveau code vient d'être envoyé. Le code précédent reste valable jusqu'à son expiration.";

/** How long a code may be on its way before the page says what to do, unasked. */
const PATIENCE = 120_000;

const form = document.getElementById('verifier');
const resend = document.getElementById('renvoyer');
const input = form.elements.code;
const { purpose, api, done } = form.dataset;
const box = form.querySelector('[data-field=code]');

const waitsForCode = (where) =>
  where.purpose === purpose && ['verify_code', 'verify_contact'].includes(where.next_step);
const isProven = (where) => where.purpose === purpose && where.next_step === 'set_password';

/**
 * Once the terms are accepted, a new contact that waits for its code stands beside home (`done`: the page's words).
 *
 * @param {Where} where
 * @returns {Where}
 */
const stepOf = ({ contact_change: waiting, ...where }) =>
  done && waiting ? { ...where, ...waiting, purpose: 'contact', next_step: 'verify_contact' } : where;

/** The code has expired: to be told here, not by another page. */
function hasExpired({ who, next_step: step }, flow) {
  if (done) return step === 'home' && Boolean(recall('contact'));
  return who === 'anonymous' && purpose !== 'contact' && Boolean(flow);
}

arrive({
  fits(found, flow) {
    const where = stepOf(found);
    return waitsForCode(where) || isProven(where) || hasExpired(where, flow);
  },
  show,
  elsewhere,
});

function show(found) {
  const where = stepOf(found);
  if (where.locked_until) block('/blocage/codes-incorrects', where.locked_until, form.dataset);
  else if (isProven(where)) showPanel('reussite');
  else if (where.code) showCode(where);
  else showPanel('expire');
}

function elsewhere(where) {
  if (done) return outsideOwnPages(where);
  if (purpose === 'contact') return outsidePreferences(where);
  return purpose === 'activation' ? beyondActivation(where) : pageOf(where);
}

listen(form, {
  check: () => (input.value.trim() && !typedCode() ? [{ field: 'code', code: 'invalid' }] : []),
  async send() {
    // Of a document's code, which another page verifies, nothing comes next.
    const path = /** @type {'/api/activation/verification'} */ (`${api}/verification`);
    const answer = await call('POST', path, { code: typedCode() });
    if (done) return showOwnPage(done);
    if (answer.next_step !== 'set_password') return goOn(answer, purpose);
    showPanel('reussite');
    document.querySelector('#reussite h2').focus();
  },
  refuse,
});

listen(resend, {
  words: { unavailable: CODES_UNAVAILABLE },
  async send() {
    tellSent(await call('POST', `${api}/code`));
  },
  refuse,
});

tellAgain();
speakToOwner(recall('started')?.identifier);
setTimeout(() => document.getElementById('rien-recu')?.setAttribute('open', ''), PATIENCE);
offerOtherWay({ purpose, showCode, tellSent });

function showCode(where) {
  showPanel('saisie');
  tellCode(where.code);
  if (where.destination) tellDestination(where.destination);
  showOtherWay(where);
  if (where.session) watchSession(where.session);
}

/** @param {Step} answer */
function tellSent({ code }) {
  tellCode(code);
  tell(document.getElementById('envoi'), RESENT);
}

function tellCode({ length, expires_at: expiresAt }) {
  box.dataset.length = length;
  box.dataset.example = EXAMPLES[length];
  document.getElementById('code-aide').textContent = `${length} chiffres, par exemple ${EXAMPLES[length]}`;
  document.getElementById('validite').textContent =
    `Il est valable ${minutesUntil(expiresAt)}. Il expire ${at(expiresAt)}.`;
}

function typedCode() {
  return codeIn(input.value, Number(box.dataset.length));
}

async function refuse(problem) {
  if (problem.code === 'flow-expired') {
    if (LEAD_TO_SESSION.includes(purpose) && (await followSession())) return true;
    clearErrors();
    showPanel('expire');
    document.querySelector('#expire h2').focus();
    return true;
  }
  if (problem.code === 'wrong-step') input.value = '';
  if (problem.attempts_left !== 0) return false;
  // That was the last one: the page of the block says until when.
  read('/api/session').then(show, tellIncident);
  return true;
}

/** A new contact is asked for anew where it was: in the form of its kind. */
function tellAgain() {
  const typed = recall('contact');
  if (!done || !typed) return;
  for (const link of document.querySelectorAll('[data-again]')) {
    link.href = `${OWN_PAGE}/${typed.includes('@') ? 'email' : 'mobile'}`;
  }
}

function showPanel(shown) {
  for (const panel of ['saisie', 'reussite', 'expire']) {
    const element = document.getElementById(panel);
    if (element) element.hidden = panel !== shown;
  }
}
