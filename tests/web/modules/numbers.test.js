import assert from 'node:assert/strict';
import { test } from 'node:test';

import { euros, outOfRange, parseNumber, share, wholeEuros } from '../../../web/assets/numbers.js';
import { shareBeside } from '../../../web/assets/share-beside.js';

const plain = (text) => text.replace(/\s/g, ' ');
const formOf = (values) => ({
  elements: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
});

test('a number is read as it is written in France', () => {
  const written = { '1 234,56': 1234.56, '1\u00a0234,56': 1234.56, '1\u202f234': 1234, '650 €': 650, '3,5 %': 3.5, '12.5': 12.5, '7,': 7, '12.50': 12.5, '１２３４，５': 1234.5 };
  for (const [text, number] of Object.entries(written)) assert.equal(parseNumber(text), number, text);
});

test('dots before groups of three digits part thousands', () => {
  const written = { '10.000': 10_000, '1.200 €': 1_200, '1.000.000': 1_000_000, '1.234,56': 1234.56, '12.345.678,9': 12_345_678.9 };
  for (const [text, number] of Object.entries(written)) assert.equal(parseNumber(text), number, text);
  for (const [text, number] of Object.entries({ '0.125': 0.125, '1234.567': 1234.567 })) assert.equal(parseNumber(text), number, text);
});

test('what is no number, or could be two, is none', () => {
  for (const text of ['', 'abc', '-5', '1,2,3', '1.23.456', '1.234.56', '1.2345,6', '1,234.56', ',5', '1e3', 'Infinity', '0x10']) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
});

test('sums and shares are written as in France', () => {
  assert.equal(plain(euros(1234.5)), '1 234,50 €');
  assert.equal(plain(wholeEuros(1234.5)), '1 235 €');
  assert.equal(plain(share(0.3095)), '31 %');
  assert.equal(plain(share(1 / 3)), '33,3 %');
});

test('a share is told with as many decimals as part it from the mark that it is compared with', () => {
  for (const [ratio, words] of [[0.31, '31 %'], [0.35, '35 %'], [735.01 / 2100, '35,0005 %'], [0.34999, '34,999 %'], [0.352, '35,2 %']]) {
    assert.equal(plain(shareBeside(0.35, ratio)), words);
  }
});

test('a number outside its range is a fault of its field, an empty field is somebody else’s business', () => {
  const ranges = { rate: [0, 100], years: [1, 40], amount: [1, 1e9] };
  assert.deepEqual(outOfRange(formOf({ rate: '101', years: '40', amount: '' }), ranges), [{ field: 'rate', code: 'invalid' }]);
  assert.deepEqual(outOfRange(formOf({ rate: '0', years: '1', amount: 'dix' }), ranges), [{ field: 'amount', code: 'invalid' }]);
});
