// « Calculer votre taux d'endettement »: worked out here, sent nowhere.

import { openAccount } from './account.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { outOfRange, parseNumber, share } from './numbers.js';
import { listenToPrint } from './print.js';

const MARK = 0.35;
const MOST = 1e9;

const form = document.getElementById('calcul');
const result = document.getElementById('resultat');
const drawing = document.getElementById('dessin');

openAccount();
listenToPrint();

listen(form, {
  check() {
    result.textContent = '';
    drawing.hidden = true;
    return outOfRange(form, { charges: [0, MOST], income: [0.01, MOST] });
  },
  async send() {
    const ratio = parseNumber(form.elements.charges.value) / parseNumber(form.elements.income.value);
    const verdict = ratio > MARK ? 'Il dépasse' : 'Il ne dépasse pas';
    result.textContent = french(
      `Votre taux d'endettement est de ${share(ratio)}. ${verdict} le repère de 35 %.`,
    );
    document.getElementById('part').setAttribute('width', Math.min(100, ratio * 100));
    drawing.hidden = false;
  },
});
