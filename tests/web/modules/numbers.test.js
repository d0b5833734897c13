import assert from 'node:assert/strict';
import { test } from 'node:test';

import { euros, outOfRange, parseNumber, share, wholeEuros } from '../../../web/assets/numbers.js';

const plain = (text) => text.replace(/\s/g, ' ');
const formOf = (values) => ({
  elements: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
});

test('a number is read as it is written in France', () => {
  const written = { '1 234,56': 1234.56, '1\u00a0234,56': 1234.56, '1\u202f234': 1234, '650 €': 650, '3,5 %': 3.5, '12.5': 12.5, '7,': 7 };
  for (const [text, number] of Object.entries(written)) assert.equal(parseNumber(text), number, text);
});

test('what is no number, or could be two, is none', () => {
  for (const text of ['', 'abc', '-5', '1,2,3', '1.234,56', ',5', '1e3', 'Infinity', '0x10']) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
});

test('sums and shares are written as in France', () => {
  assert.equal(plain(euros(1234.5)), '1 234,50 €');
  assert.equal(plain(wholeEuros(1234.5)), '1 235 €');
  assert.equal(plain(share(0.3095)), '31 %');
  assert.equal(plain(share(1 / 3)), '33,3 %');
});

test('a number outside its range is a fault of its field, an empty field is somebody else’s business', () => {
  const ranges = { rate: [0, 100], years: [1, 40], amount: [1, 1e9] };
  assert.deepEqual(outOfRange(formOf({ rate: '101', years: '40', amount: '' }), ranges), [{ field: 'rate', code: 'missing' }]);
  assert.deepEqual(outOfRange(formOf({ rate: '0', years: '1', amount: 'dix' }), ranges), [{ field: 'amount', code: 'missing' }]);
});
