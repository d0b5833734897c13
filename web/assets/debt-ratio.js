// « Calculer votre taux d'endettement »: worked out here, sent nowhere.

import { openAccount } from './account.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { outOfRange, parseNumber } from './numbers.js';
import { listenToPrint } from './print.js';
import { shareBeside } from './share-beside.js';

const MARK = 0.35;
const MOST = 1e9;
const PRECISION = 12;

const form = document.getElementById('calcul');
const result = document.getElementById('resultat');
const drawing = document.getElementById('dessin');

openAccount();
listenToPrint();

listen(form, {
  check() {
    result.textContent = '';
    drawing.hidden = true;
    return outOfRange(form, { charges: [0, MOST], income: [1, MOST] });
  },
  async send() {
    const [charges, income] = ['charges', 'income'].map((name) => parseNumber(form.elements[name].value));
    // Binary fractions make 35,35 ÷ 101 a little more than 0,35.
    const ratio = Number((charges / income).toPrecision(PRECISION));
    const verdict = ratio > MARK ? 'Il dépasse' : 'Il ne dépasse pas';
    result.textContent = french(
      `Votre taux d'endettement est de ${shareBeside(MARK, ratio)}. ${verdict} le repère de 35 %.`,
    );
    document.getElementById('part').setAttribute('width', Math.min(100, ratio * 100));
    drawing.hidden = false;
  },
});
