// Choosing a password, typed twice: the rules told as it is typed, what is wrong with it.

import { french } from './messages.js';
import { hidePasswords, judge, makeToggles, sameText } from './passwords.js';

/** Makes the form's two fields work. `findFaults` hides what is typed and empties the fields when it finds some. */
export function listenToNewPassword(form) {
  const { password, confirmation } = form.elements;
  makeToggles(form);
  form.addEventListener('input', tell);
  if (password.value || confirmation.value) tell(); // typed before this module was there

  function tell() {
    const rules = judge(password.value);
    for (const item of document.querySelectorAll('[data-rule]')) {
      const kept = rules[item.dataset.rule];
      item.classList.toggle('kept', kept);
      item.querySelector('.state').textContent = kept ? '✓ respecté' : 'à compléter';
    }
    const agreement = sameText(password.value, confirmation.value) ? 'Oui' : 'Non';
    tellAgreement(confirmation.value && french(`Concordance des mots de passe : ${agreement}`));
  }

  /** The same words again would be spoken again, at each key. */
  function tellAgreement(words) {
    const output = form.querySelector('output');
    if (output.textContent !== words) output.textContent = words;
  }

  function empty() {
    password.value = '';
    confirmation.value = '';
    tell();
  }

  function findFaults() {
    hidePasswords(form);
    const faults = faultsOf(password.value, confirmation.value);
    if (faults.length) empty();
    return faults;
  }

  return { empty, findFaults };
}

function faultsOf(password, confirmation) {
  if (!password) return [];
  const rules = judge(password);
  const faults = [];
  if (rules.short) faults.push({ field: 'password', code: 'too-short' });
  if (rules.long) faults.push({ field: 'password', code: 'too-long' });
  if (!rules.kinds) faults.push({ field: 'password', code: 'too-few-kinds' });
  if (confirmation && !sameText(password, confirmation)) faults.push({ field: 'confirmation', code: 'mismatch' });
  return faults;
}
