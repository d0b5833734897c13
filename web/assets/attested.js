// What a document says, on its own page and where anybody verifies it.

import { dayInWords, parisDayInWords } from './day-words.js';
import { make } from './elements.js';

/** The facts of a document, as they are read at a counter. */
export function factsOf({ last_name: lastName, first_name: firstName, identifier, employer, attention, since, until, issued_at: at }) {
  return [
    ['Nom', lastName],
    ['Prénom', firstName],
    ['Numéro de bénéficiaire', identifier],
    ['Employeur', employer],
    ['Destinée à', attention],
    ['Valable', `du ${dayInWords(since)} au ${dayInWords(until)}`],
    ['Délivrée le', parisDayInWords(at)],
  ].map(([name, value]) => make('div', make('dt', name), make('dd', value)));
}
