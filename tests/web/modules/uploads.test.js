import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countsInWords, until } from '../../../web/assets/uploads.js';

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

test('until when something may be done reads as French does', () => {
  const now = new Date();
  const [tonight, tomorrow, later] = [0, 1, 3].map((days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59));
  assert.equal(plain(until(tonight.toISOString())), "jusqu'à 23 h 59");
  assert.equal(plain(until(tomorrow.toISOString())), "jusqu'à demain à 23 h 59");
  assert.match(plain(until(later.toISOString())), /^jusqu'au \d+ \S+ à 23 h 59$/);
});
