// « Calculatrice d'emprunt »: worked out here, sent nowhere.

import { openAccount } from './account.js';
import { listen } from './form.js';
import { euros, outOfRange, parseNumber, wholeEuros } from './numbers.js';

const form = document.getElementById('calcul');

openAccount();

listen(form, {
  check: () => outOfRange(form, { amount: [1, 1e9], rate: [0, 100], years: [1, 40] }),
  async send() {
    const { amount, rate, years } = form.elements;
    const loan = repay(parseNumber(amount.value), parseNumber(rate.value) / 1200, Math.round(parseNumber(years.value) * 12));
    document.getElementById('mensualite').textContent = euros(loan.monthly);
    document.getElementById('cout').textContent = euros(loan.cost);
    document.querySelector('#resultat tbody').replaceChildren(...loan.years.map(row));
    document.getElementById('resultat').hidden = false;
    document.querySelector('#resultat h2').focus();
  },
});

/** A loan paid back in equal months: M = C·t ÷ (1 − (1 + t)^−n), and what is paid and left at the end of each year. */
function repay(capital, rate, months) {
  const monthly = rate ? (capital * rate) / (1 - (1 + rate) ** -months) : capital / months;
  const years = [];
  let left = capital;
  for (let month = 1; month <= months; month += 1) {
    const interest = left * rate;
    const year = (years[Math.ceil(month / 12) - 1] ??= { capital: 0, interest: 0, left: 0 });
    left -= monthly - interest;
    year.interest += interest;
    year.capital += monthly - interest;
    year.left = Math.max(0, left);
  }
  return { monthly, cost: monthly * months - capital, years };
}

function row({ capital, interest, left }, index) {
  const cells = [String(index + 1), ...[capital, interest, left].map(wholeEuros)].map((text, column) => {
    const cell = document.createElement(column ? 'td' : 'th');
    cell.textContent = text;
    if (!column) cell.scope = 'row';
    return cell;
  });
  const line = document.createElement('tr');
  line.append(...cells);
  return line;
}
