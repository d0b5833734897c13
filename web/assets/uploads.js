// What becomes of a file that a correspondent sends, in words.

import { counted } from './counted.js';
import { at } from './times.js';

export const STATES = {
  checking: 'Contrôle en cours',
  refused: 'Fichier refusé',
  checked: 'Contrôle terminé : à appliquer',
  expired: 'Contrôle expiré',
  applying: 'Application en cours',
  applied: 'Appliqué',
  undoing: 'Annulation en cours',
  undone: 'Annulé',
  failed: 'Arrêté avant la fin',
};

const COUNTS = [
  ['created', 'entrée'],
  ['updated', 'modification'],
  ['left', 'sortie'],
  ['arrivals', 'entrée à confirmer par le CNAS', 'entrées à confirmer par le CNAS'],
  ['unchanged', 'inchangée'],
];

/** « 3 modifications, 1 sortie, 2 entrées à confirmer par le CNAS, 31 inchangées ». */
export function countsInWords(counts) {
  const told = COUNTS.filter(([name]) => counts[name]).map(([name, one, many]) => counted(counts[name], one, many));
  return told.join(', ') || 'Aucune ligne prise';
}

/** « jusqu'à demain à 15 h 42 », « jusqu'au 26 novembre à 15 h 42 ». */
export function until(text) {
  return `jusqu'à ${at(text)}`.replace('à à', 'à').replace('à le ', 'au ');
}
