// « Calculatrice d'emprunt »: worked out here, sent nowhere.

import { openAccount } from './account.js';
import { drawColumns } from './chart.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { euros, outOfRange, parseNumber, wholeEuros } from './numbers.js';
import { listenToPrint } from './print.js';
import { repay } from './repayment.js';
import { showRows } from './table.js';

const MONTHS = 12;

const form = document.getElementById('calcul');
const result = document.getElementById('resultat');

openAccount();
listenToPrint();

listen(form, {
  check() {
    result.hidden = true;
    return outOfRange(form, { amount: [1, 1e9], rate: [0, 100], years: [1, 40] });
  },
  async send() {
    const [amount, rate, years] = ['amount', 'rate', 'years'].map((name) => parseNumber(form.elements[name].value));
    show(repay(amount, rate / 100 / MONTHS, Math.round(years * MONTHS)));
  },
});

function show(loan) {
  document.getElementById('mensualite').textContent = euros(loan.monthly);
  document.getElementById('cout').textContent = euros(loan.cost);
  drawColumns(result.querySelector('svg'), loan.years.map(({ capital, interest }) => [capital, interest]));
  document.getElementById('lecture').textContent = french(caption(loan.years));
  showRows(document.getElementById('annees'), loan.years.map(yearRow));
  showRows(document.getElementById('mois'), loan.months.map(monthRow));
  result.hidden = false;
  result.querySelector('h2').focus();
}

function caption(years) {
  const [first, last] = [years[0], years.at(-1)];
  const start = `La première année, vous remboursez ${wholeEuros(first.capital)} de capital et ${wholeEuros(first.interest)} d'intérêts`;
  if (first === last) return `${start}.`;
  return `${start} ; la dernière, ${wholeEuros(last.capital)} de capital et ${wholeEuros(last.interest)} d'intérêts.`;
}

function yearRow({ number, capital, interest, left }) {
  return [String(number), ...[capital, interest, left].map(wholeEuros)];
}

function monthRow({ number, capital, interest, left }) {
  return [String(number), ...[capital, interest, left].map(euros)];
}
