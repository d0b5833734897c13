// Password fields: the rules, as the API counts them, the buttons that show what is typed, too many wrong ones.

import { french } from './messages.js';
import { block } from './session.js';

const SHORTEST = 12;
const LONGEST = 256;
const FEWEST_KINDS = 3;

/** Which rules a password keeps. Characters are counted as people see them typed, kinds in any script. */
export function judge(password) {
  const characters = [...password.normalize('NFKC')];
  const kinds = {
    digit: characters.some((c) => /\p{Nd}/u.test(c)),
    lower: characters.some((c) => /\p{Ll}/u.test(c)),
    upper: characters.some((c) => /[\p{Lu}\p{Lt}]/u.test(c)),
    other: characters.some((c) => !/[\p{Nd}\p{Ll}\p{Lu}\p{Lt}]/u.test(c)),
  };
  return {
    ...kinds,
    length: characters.length >= SHORTEST,
    kinds: Object.values(kinds).filter(Boolean).length >= FEWEST_KINDS,
    short: characters.length < SHORTEST,
    long: characters.length > LONGEST,
  };
}

export function sameText(one, other) {
  return one.normalize('NFKC') === other.normalize('NFKC');
}

export function makeToggles(form) {
  for (const button of form.querySelectorAll('.toggle')) {
    button.addEventListener('click', () => show(button, inputOf(button).type === 'password'));
  }
}

/** Before sending: a browser offers to keep only what is in a password field. */
export function hidePasswords(form) {
  for (const button of form.querySelectorAll('.toggle')) {
    if (inputOf(button).type === 'text') show(button, false);
  }
}

/** After too many wrong passwords: leaves for the page that says until when; true when it does. */
export function leaveLocked(problem, dataset) {
  if (problem.code !== 'account-locked') return false;
  block('/blocage/mots-de-passe-incorrects', problem.retry_at, dataset);
  return true;
}

function show(button, shown) {
  inputOf(button).type = shown ? 'text' : 'password';
  const action = shown ? 'Masquer' : 'Afficher';
  button.textContent = action;
  button.setAttribute('aria-label', `${action} ${button.dataset.what}`);
  const state = `${button.dataset.subject} est ${shown ? 'affiché' : 'masqué'}${button.dataset.ending ?? ''}`;
  button.closest('.field').querySelector('[role=status]').textContent = french(state);
}

function inputOf(button) {
  return document.getElementById(button.getAttribute('aria-controls'));
}
