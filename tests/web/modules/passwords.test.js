import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge, sameText } from '../../../web/assets/passwords.js';

test('twelve characters of three kinds keep the rules', () => {
  const rules = judge('Girafe-brumeuse');
  assert.deepEqual([rules.length, rules.kinds, rules.upper, rules.lower, rules.other, rules.digit], [true, true, true, true, true, false]);
});

test('a password too short, too long or of two kinds says so', () => {
  assert.equal(judge('Girafe-1987').short, true);
  assert.equal(judge('Girafe-1987x').short, false);
  assert.equal(judge(`Aa1${'x'.repeat(253)}`).long, false);
  assert.equal(judge(`Aa1${'x'.repeat(254)}`).long, true);
  assert.equal(judge('girafe brumeuse').kinds, false);
});

test('a character counts once, however it is encoded', () => {
  assert.equal(judge('😀'.repeat(11)).short, true);
  assert.equal(judge('e\u0301'.repeat(12)).short, false);
  assert.equal(judge('e\u0301'.repeat(11)).short, true);
});

test('kinds are those of any script', () => {
  const rules = judge('Ωω٣');
  assert.deepEqual([rules.upper, rules.lower, rules.digit, rules.other], [true, true, true, false]);
});

test('a space counts as a special character', () => {
  assert.equal(judge('a b').other, true);
});

test('the same text typed on another keyboard agrees', () => {
  assert.equal(sameText('caf\u00e9', 'cafe\u0301'), true);
  assert.equal(sameText('cafe', 'café'), false);
});
