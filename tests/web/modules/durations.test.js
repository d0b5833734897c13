import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseMonths } from '../../../web/assets/durations.js';

test('a duration is understood as people write it, loans under a year too', () => {
  const written = { 20: 240, '20 ans': 240, '1 an': 12, '1,5': 18, '0,5': 6, '6 mois': 6, '1 an et 6 mois': 18, '2 ans 3 mois': 27, '２０': 240, '5\u00a0ans': 60 };
  for (const [text, months] of Object.entries(written)) assert.equal(parseMonths(text), months, text);
});

test('what is no duration is none', () => {
  for (const text of ['', 'ans', 'mois', 'et', 'vingt ans', '-5', '20 jours', '1,2,3 ans', '6 mois 1 an']) assert.ok(Number.isNaN(parseMonths(text)), text);
});
