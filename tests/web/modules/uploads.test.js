import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countRefused, countsInWords, until } from '../../../web/assets/uploads.js';

const NONE = { created: 0, updated: 0, left: 0, unchanged: 0, arrivals: 0 };
const plain = (words) => words.replace(/[\u00a0\u202f]/g, ' ');

test('what a file changes is told without what it does not', () => {
  for (const [counts, words] of [
    [{ updated: 3, left: 1, arrivals: 2, unchanged: 31 }, '3 modifications, 1 sortie, 2 entrées à confirmer par le CNAS, 31 inchangées'],
    [{ created: 1, arrivals: 1 }, '1 entrée, 1 entrée à confirmer par le CNAS'],
    [{ unchanged: 3000 }, '3 000 inchangées'],
    [{}, 'Aucune ligne prise'],
  ]) {
    assert.equal(plain(countsInWords({ ...NONE, ...counts })), words);
  }
});

test('of the rows that are told of those that are refused count, each once', () => {
  const told = [
    { row: 4, reason: 'Refusé : cette cellule est vide' },
    { row: 4, reason: "Refusé : ce n'est pas une adresse email" },
    { row: 7, reason: 'Refusé : cette cellule est vide' },
    { row: 2, reason: 'En attente : entrée à confirmer par le CNAS' },
    { row: 9, reason: 'Remarque : ligne de total : laissée de côté' },
  ];
  assert.equal(countRefused(told), 2);
  assert.equal(countRefused([]), 0);
});

test('until when something may be done reads as French does', () => {
  const now = new Date();
  const [tonight, tomorrow, later] = [0, 1, 3].map((days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59));
  assert.equal(plain(until(tonight.toISOString())), "jusqu'à 23 h 59");
  assert.equal(plain(until(tomorrow.toISOString())), "jusqu'à demain à 23 h 59");
  assert.match(plain(until(later.toISOString())), /^jusqu'au \d+ \S+ à 23 h 59$/);
});
