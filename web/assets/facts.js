// Fills the `<dd data-fact="…">` of a page; what is not known says so.

import { french } from './messages.js';

export function tellFacts(facts) {
  for (const place of document.querySelectorAll('[data-fact]')) {
    place.textContent = french(facts[place.dataset.fact] || 'Non renseigné');
  }
}
