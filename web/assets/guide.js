// D1: until when a benefit may be asked for, counted here; nothing of it is sent or kept.

import { openAccount } from './account.js';
import { dayInWords } from './day-words.js';
import { parseDay } from './days.js';
import { lastDay } from './deadlines.js';
import { listen } from './form.js';
import { french } from './messages.js';

openAccount();

for (const form of document.querySelectorAll('form[data-rule]')) {
  const result = form.querySelector('.result');
  listen(form, {
    check() {
      result.textContent = '';
      const text = form.elements.day.value;
      return text.trim() && !isOfOurTime(parseDay(text)) ? [{ field: 'day', code: 'invalid' }] : [];
    },
    async send() {
      const { rule, months } = form.dataset;
      const last = lastDay(rule, parseDay(form.elements.day.value), Number(months));
      const over = last < new Date().toLocaleDateString('sv') ? ' Cette date est passée.' : '';
      result.textContent = french(`Dernier jour pour la demander : le ${dayInWords(last)}.${over}`);
    },
  });
}

/** Whether a benefit may be counted from that day: a year with a digit too many, or too few, is none that was meant. */
function isOfOurTime(day) {
  return day !== undefined && day > '1950' && day < '2100';
}
