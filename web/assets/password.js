// Step 3 of an activation or of a password reset: the password, twice.

import { call } from './api.js';
import { clearErrors, listen } from './form.js';
import { forgetAll, keep, recall } from './memory.js';
import { french } from './messages.js';
import { hidePasswords, judge, makeToggles, sameText } from './passwords.js';
import { arrive, beyondActivation, goOn } from './session.js';

const form = document.querySelector('form');
const { password, confirmation } = form.elements;
const { purpose, api } = form.dataset;

arrive({
  // Nobody: the time to choose a password has run out. To be told here, not by another page.
  fits: (where) =>
    where.who === 'anonymous' || (where.purpose === purpose && where.next_step === 'set_password'),
  show(where) {
    showExpired(where.who === 'anonymous');
    const started = recall('started');
    // Another tab may have begun for another person: a password manager must not mix them up.
    if (started && started.flow === where.flow) form.elements.username.value = started.identifier;
  },
  elsewhere: beyondActivation,
});

makeToggles(form);
form.addEventListener('input', tellRules);

listen(form, {
  check: () => {
    hidePasswords(form);
    const faults = findFaults();
    if (faults.length) empty();
    return faults;
  },
  async send() {
    const answer = await call('POST', api, { password: password.value, confirmation: confirmation.value });
    if (purpose === 'password_reset') {
      forgetAll();
      keep('notice', 'Votre mot de passe a été modifié. Connectez-vous.');
    }
    return goOn(answer, purpose);
  },
  refuse(problem) {
    if (problem.code === 'network' || problem.code === 'unavailable') return false;
    empty();
    if (problem.code !== 'flow-expired') return false;
    clearErrors();
    showExpired(true);
    document.querySelector('#expire h2').focus();
    return true;
  },
});

function findFaults() {
  if (!password.value) return [];
  const rules = judge(password.value);
  const faults = [];
  if (rules.short) faults.push({ field: 'password', code: 'too-short' });
  if (rules.long) faults.push({ field: 'password', code: 'too-long' });
  if (!rules.kinds) faults.push({ field: 'password', code: 'too-few-kinds' });
  if (confirmation.value && !sameText(password.value, confirmation.value)) {
    faults.push({ field: 'confirmation', code: 'mismatch' });
  }
  return faults;
}

function tellRules() {
  const rules = judge(password.value);
  for (const item of document.querySelectorAll('[data-rule]')) {
    const kept = rules[item.dataset.rule];
    const state = item.querySelector('.state');
    item.classList.toggle('kept', kept);
    state.textContent = kept ? '✓ respecté' : 'à compléter';
  }
  const agreement = sameText(password.value, confirmation.value) ? 'Oui' : 'Non';
  form.querySelector('output').textContent =
    confirmation.value && french(`Concordance des mots de passe : ${agreement}`);
}

function empty() {
  password.value = '';
  confirmation.value = '';
  tellRules();
}

function showExpired(expired) {
  document.getElementById('expire').hidden = !expired;
  document.getElementById('saisie').hidden = expired;
}
