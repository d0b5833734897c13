// What all forms share: the error summary, the errors beside the fields, one submission at a time.

import { attemptsLeft, fill, french, PROBLEMS, referenceTo } from './messages.js';
import { arrived, leave } from './session.js';
import { soon } from './times.js';

/** @import { Fault, ProblemMembers } from '../types/contract' */

const BUSY_AFTER = 1000;
/** The field to mend, for the problems that are not told field by field: the first that the form has. */
const BLAMED = { 'code-rejected': ['code'], 'credentials-rejected': ['identifier', 'current', 'password'] };

/**
 * Makes a form work. `check` returns the faults `{field, code}` found in the browser; `send` calls the API and
 * moves on; `refuse` returns true when it has dealt with a problem itself.
 *
 * @param {HTMLFormElement} form
 * @param {{
 *   check?: () => Fault[],
 *   send: () => Promise<unknown>,
 *   refuse?: (problem: ProblemMembers) => boolean | Promise<boolean>,
 *   words?: Record<string, string>,
 * }} handlers
 */
export function listen(form, { check = () => [], send, refuse = () => false, words = {} }) {
  let busy = false;
  let settle;
  addEventListener('pageshow', ({ persisted }) => {
    // Back: the page left while busy is shown again as it was.
    if (!persisted) return;
    busy = false;
    settle?.();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    clearErrors();
    settle = tellWhenLong(form);
    let wait;
    try {
      const faults = inOrder(form, [...emptyFields(form), ...check()]);
      if (faults.length) showErrors(form, faults.map(({ field, code }) => fault(form, field, code)));
      else await arrived().then(send);
    } catch (problem) {
      if (!problem.code) throw problem;
      const dealtWith = (await refuse(problem)) || (await leave(problem, form.dataset));
      // To wait a moment is nobody's fault: the button says so.
      if (!dealtWith && problem.code === 'resend-too-early') wait = messageOf(problem, words);
      else if (!dealtWith) showErrors(form, errorsOf(problem, form, words));
    } finally {
      settle(wait);
      busy = false;
    }
  });
  // The buttons are off in the page itself: before its script runs, a form does nothing.
  for (const button of form.querySelectorAll('button')) button.disabled = false;
}

export function showErrors(form, errors) {
  const summary = document.getElementById('erreurs');
  const heading = document.createElement('h2');
  heading.textContent = 'Il y a un problème';
  const list = document.createElement('ul');
  for (const { field, message, reference = '' } of errors) {
    list.append(field ? linkTo(form, field, message) : itemOf(message, reference));
    if (field) markField(form, field, message);
  }
  summary.replaceChildren(heading, list);
  summary.hidden = false;
  document.title = french(`Erreur : ${document.title}`);
  summary.focus();
}

export function clearErrors() {
  document.getElementById('erreurs').hidden = true;
  document.title = document.title.replace(/^Erreur\s:\s/, '');
  for (const slot of document.querySelectorAll('.error, .done')) slot.textContent = '';
  for (const marked of document.querySelectorAll('[aria-invalid]')) marked.removeAttribute('aria-invalid');
}

function emptyFields(form) {
  const empty = new Map();
  for (const control of form.querySelectorAll('[required]')) {
    const filled = control.type === 'password' ? control.value : control.value.trim();
    const chosen = !['radio', 'checkbox'].includes(control.type) || control.validity.valid;
    if (!filled || !chosen) empty.set(control.name, { field: control.name, code: 'missing' });
  }
  return [...empty.values()];
}

function inOrder(form, faults) {
  const fields = [...form.querySelectorAll('[data-field]')].map((box) => box.dataset.field);
  return faults.sort((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field));
}

function fault(form, field, code) {
  const box = boxOf(form, field);
  if (!box) return { message: french(PROBLEMS['invalid-request']) };
  // Its page has the words (web/macros.html).
  const { dataset } = box;
  return { field, message: fill(box.getAttribute(`data-${code}`) ?? dataset.invalid ?? dataset.missing, dataset) };
}

function errorsOf(problem, form, words) {
  const known = (problem.errors ?? []).map(({ pointer, code }) => ({ field: pointer.slice(2), code }));
  if (known.length && known.every(({ field }) => !field || boxOf(form, field))) {
    return known.map(({ field, code }) => fault(form, field, code));
  }
  const field = BLAMED[problem.code]?.find((name) => boxOf(form, name));
  return [{ field, message: messageOf(problem, words), reference: problem.correlation_id }];
}

function messageOf(problem, words) {
  return fill(words[problem.code] ?? PROBLEMS[problem.code] ?? PROBLEMS.unexpected, {
    left: attemptsLeft(problem.attempts_left),
    retry: problem.retry_at ? soon(problem.retry_at) : 'plus tard',
    reference: referenceTo(problem.correlation_id),
  });
}

/** A reference ends its message; it is read out to somebody, and stays on one line where there is room. */
function itemOf(message, reference) {
  const item = document.createElement('li');
  if (!reference || !message.endsWith(reference)) {
    item.textContent = message;
    return item;
  }
  const whole = document.createElement('span');
  whole.className = 'whole';
  whole.textContent = reference;
  item.append(message.slice(0, -reference.length), whole);
  return item;
}

function linkTo(form, field, message) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.textContent = message;
  link.href = `#${inputOf(boxOf(form, field), field).id}`;
  // A link alone would only scroll to a field that is no target of focus in every browser.
  link.addEventListener('click', (event) => {
    event.preventDefault();
    document.querySelector(link.hash).focus();
  });
  item.append(link);
  return item;
}

function markField(form, field, message) {
  const box = boxOf(form, field);
  const slot = box.querySelector('.error');
  slot.textContent = slot.textContent ? `${slot.textContent}. ${message}` : french(`Erreur : ${message}`);
  (box.matches('fieldset') ? box : inputOf(box, field)).setAttribute('aria-invalid', 'true');
}

function boxOf(form, field) {
  return form.querySelector(`[data-field="${CSS.escape(field)}"]`);
}

function inputOf(box, field) {
  return box.querySelector(`[name="${CSS.escape(field)}"]`);
}

function tellWhenLong(form) {
  const status = form.querySelector('.busy');
  const timer = setTimeout(() => (status.textContent = 'Envoi en cours…'), BUSY_AFTER);
  return (words = '') => {
    clearTimeout(timer);
    status.textContent = words;
  };
}
