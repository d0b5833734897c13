// « Gérer votre budget »: worked out here, sent nowhere, kept only in the file that the person saves.

import { openAccount } from './account.js';
import { readBudget } from './budget-file.js';
import { listenToLines, readLines, showLines } from './budget-lines.js';
import { drawColumns, sum } from './chart.js';
import { saveJson } from './download.js';
import { listen } from './form.js';
import { french } from './messages.js';
import { euros, outOfRange, parseNumber, share } from './numbers.js';
import { listenToPrint } from './print.js';
import { tellDone } from './status.js';
import { showRows } from './table.js';

const FILE = 'mon-budget.json';
const MOST = 1e9;

const form = document.getElementById('budget');
const opening = document.getElementById('ouvrir');
const result = document.getElementById('resultat');

openAccount();
listenToLines(form);
listenToPrint();
showLines(
  form,
  [...form.querySelectorAll('[data-kind]')].flatMap(({ dataset: { kind, first } }) =>
    first.split('|').map((label) => ({ kind, label, amount: '' })),
  ),
);

listen(form, {
  check() {
    result.hidden = true;
    const amounts = [...form.querySelectorAll('.amount')].map(({ name }) => [name, [0, MOST]]);
    return outOfRange(form, Object.fromEntries(amounts));
  },
  async send() {
    show(readLines(form));
  },
});

listen(document.getElementById('enregistrer'), {
  async send() {
    saveJson(FILE, { version: 1, lines: readLines(form) });
  },
});

listen(opening, {
  async send() {
    const lines = await readBudget(opening.elements.file.files[0]);
    showLines(form, lines);
    result.hidden = true;
    tellDone(opening, 'Votre budget est ouvert. Cliquez sur « Calculer ».');
  },
});

function show(lines) {
  const [incomes, expenses] = ['income', 'expense'].map((kind) => worthOf(lines, kind));
  const [earned, spent] = [incomes, expenses].map((parts) => sum(parts.map(({ amount }) => amount)));
  const rest = earned - spent;
  document.getElementById('solde').textContent = french(
    rest < 0 ? `Il vous manque ${euros(-rest)} chaque mois.` : `Il vous reste ${euros(rest)} chaque mois.`,
  );
  document.getElementById('lecture').textContent = french(`Revenus : ${euros(earned)} ; dépenses : ${euros(spent)}.`);
  drawColumns(result, [[earned, 0], [0, spent]]);
  result.querySelector('table').hidden = !expenses.length;
  showRows(
    result.querySelector('tbody'),
    expenses.map(({ label, amount }) => [label, euros(amount), earned ? share(amount / earned) : '–']),
  );
  result.hidden = false;
  result.querySelector('h2').focus();
}

/** Lines that are worth nothing are not told: most people have no use for every one that is proposed. */
function worthOf(lines, kind) {
  return lines
    .filter((line) => line.kind === kind && line.amount)
    .map(({ label, amount }) => ({ label: label || 'Sans intitulé', amount: parseNumber(amount) }))
    .filter(({ amount }) => amount);
}
