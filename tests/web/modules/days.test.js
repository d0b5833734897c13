import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dayInWords, parisDayInWords } from '../../../web/assets/day-words.js';
import { parseDay, typedDay } from '../../../web/assets/days.js';

test('a day is read however it is written in France', () => {
  for (const text of ['31/12/2026', '31.12.2026', '31-12-2026', ' 31 12 2026 ', '３１/12/2026']) {
    assert.equal(parseDay(text), '2026-12-31');
  }
  assert.equal(parseDay('1/3/2026'), '2026-03-01');
  assert.equal(parseDay('29/02/2024'), '2024-02-29');
});

test('what is no day is none', () => {
  for (const text of ['', 'hier', '31/12', '31/02/2026', '29/02/2026', '00/01/2026', '32/01/2026', '12/31/2026', '31/12/26']) {
    assert.equal(parseDay(text), undefined);
  }
});

test('a day is shown as it is typed, or in words', () => {
  assert.equal(typedDay('2026-12-31'), '31/12/2026');
  assert.equal(parseDay(typedDay('2026-03-01')), '2026-03-01');
  assert.equal(dayInWords('2026-12-31'), '31 décembre 2026');
  assert.equal(dayInWords('2021-03-01'), '1er mars 2021');
});

test('the day of a moment is that of Paris, wherever it is read', () => {
  for (const [moment, day] of [
    ['2026-11-28T22:59:59Z', '28 novembre 2026'],
    ['2026-11-28T23:00:00Z', '29 novembre 2026'],
    ['2026-07-31T22:00:00Z', '1er août 2026'],
  ]) {
    assert.equal(parisDayInWords(moment), day);
  }
});
