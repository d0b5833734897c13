// D4: anybody verifies a document by its code, typed or scanned. The address that a scan opens ends in the code: it is
// taken off before anything else, and never sent.

import { call } from './api.js';
import { factsOf } from './attested.js';
import { listen } from './form.js';
import { french } from './messages.js';

const CODE = /^#((?:[0-9a-z]{4}-?){3})$/i;
const RESULTS = {
  valid: ['Cette attestation est valable', "Vérifiez le nom sur une pièce d'identité."],
  expired: ['Cette attestation a expiré', "Sa date est passée. Demandez une attestation à jour."],
  withdrawn: ["Cette attestation n'est plus valable", 'La situation de la personne a changé.'],
  unknown: ['Ce code est inconnu', 'Vérifiez le code saisi. Sinon, cette attestation ne vient pas du CNAS.'],
};

const form = document.getElementById('verification');
const result = document.getElementById('resultat');

listen(form, {
  check() {
    result.hidden = true;
    const letters = form.elements.document.value.replace(/[^0-9a-z]/gi, '');
    return letters && letters.length !== 12 ? [{ field: 'document', code: 'invalid' }] : [];
  },
  async send() {
    show(await call('POST', '/api/documents/verification', { code: form.elements.document.value }));
  },
});

addEventListener('hashchange', takeCode);
takeCode();

function takeCode() {
  const [, code] = CODE.exec(location.hash) ?? [];
  if (!code) return;
  history.replaceState(null, '', location.pathname);
  form.elements.document.value = code;
  form.requestSubmit();
}

/** @param {any} answer */
function show({ state, shown }) {
  const [title, words] = RESULTS[state];
  result.className = state === 'valid' ? 'success' : 'summary';
  result.querySelector('h2').textContent = french(title);
  result.querySelector('p').textContent = french(words);
  document.getElementById('dit').textContent = french(shown?.attests ?? '');
  document.getElementById('faits').replaceChildren(...(shown ? factsOf(shown) : []));
  result.hidden = false;
  result.querySelector('h2').focus();
}
