// « Calculatrice d'emprunt »: worked out here, sent nowhere.

import { openAccount } from './account.js';
import { drawColumns } from './chart.js';
import { parseMonths } from './durations.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { euros, outOfRange, parseNumber, wholeEuros } from './numbers.js';
import { listenToPrint } from './print.js';
import { repay } from './repayment.js';
import { showRows } from './table.js';

const MONTHS = 12;

const MOST_MONTHS = 40 * MONTHS;

const form = document.getElementById('calcul');
const { years } = form.elements;
const result = document.getElementById('resultat');

openAccount();
listenToPrint();

listen(form, {
  check() {
    result.hidden = true;
    return [...outOfRange(form, { amount: [1, 1e9], rate: [0, 100] }), ...wrongDuration()];
  },
  async send() {
    const [amount, rate] = ['amount', 'rate'].map((name) => parseNumber(form.elements[name].value));
    show(repay(amount, rate / 100 / MONTHS, parseMonths(years.value)));
  },
});

function wrongDuration() {
  const months = parseMonths(years.value);
  return years.value.trim() && !(months >= 1 && months <= MOST_MONTHS) ? [{ field: 'years', code: 'invalid' }] : [];
}

function show(loan) {
  document.getElementById('mensualite').textContent = euros(loan.monthly);
  document.getElementById('cout').textContent = euros(loan.cost);
  drawColumns(result, loan.years.map(({ capital, interest }) => [capital, interest]));
  document.getElementById('derniere').textContent = loan.years.length > 1 ? `Année ${loan.years.length}` : '';
  document.getElementById('lecture').textContent = french(caption(loan.years));
  showRows(document.getElementById('annees'), loan.years.map(yearRow));
  showRows(document.getElementById('mois'), loan.months.map(monthRow));
  result.hidden = false;
  result.querySelector('h2').focus();
}

function caption(loanYears) {
  const [first, last] = [loanYears[0], loanYears[loanYears.length - 1]];
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
