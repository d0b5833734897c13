import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attemptsLeft, fill, french, PROBLEMS, referenceTo } from '../../../web/assets/messages.js';

test('no mark that stands apart can begin a line', () => {
  assert.equal(french('Erreur : « oui » ? Non !'), 'Erreur\u00a0: «\u00a0oui\u00a0»\u202f? Non\u202f!');
});

test('no number is parted from its digits or from its unit', () => {
  assert.equal(french('06 12 34, 1 234,56 €, 35 % de 2 prêts'), '06\u00a012\u00a034, 1\u00a0234,56\u00a0€, 35\u00a0% de 2 prêts');
  assert.equal(french('de 1 mois à 40 ans, 24 heures à 15 h, 2 anses'), 'de 1\u00a0mois à 40\u00a0ans, 24\u00a0heures à 15\u00a0h, 2 anses');
});

test('a time is no sentence: it keeps its marks', () => {
  assert.equal(french('12:30;x'), '12:30;x');
});

test('a message takes its values, and nothing in place of a missing one', () => {
  assert.equal(fill('Erreur : {field}{left}', { field: 'abc' }), 'Erreur\u00a0: abc');
});

test('what a value holds is never read as a place for another', () => {
  assert.equal(fill('{one}', { one: '{two}', two: 'no' }), '{two}');
});

test('a reference is told where there is one', () => {
  assert.equal(fill(PROBLEMS.unexpected, { reference: referenceTo('abc') }).endsWith(' Référence\u00a0: abc'), true);
  assert.equal(fill(PROBLEMS.unexpected, { reference: referenceTo(undefined) }).endsWith(' conservées.'), true);
});

test('tries left are told in the singular, the plural, or not at all', () => {
  assert.equal(attemptsLeft(undefined), '');
  assert.equal(attemptsLeft(1), ' Il vous reste une tentative.');
  assert.equal(attemptsLeft(2), ' Il vous reste 2 tentatives.');
});

test('every message is a sentence for people: no number of a status, no code', () => {
  for (const message of Object.values(PROBLEMS)) {
    assert.match(message, /^\p{Lu}/u);
    assert.doesNotMatch(message, /\b[45]\d\d\b|[a-z]+-[a-z]+-[a-z]+|undefined/);
  }
});
