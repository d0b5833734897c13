import assert from 'node:assert/strict';
import { test } from 'node:test';

import { repay } from '../../../web/assets/repayment.js';

const cents = (amount) => Math.round(amount * 100);

test('a loan is paid back in equal months, and nothing is left', () => {
  const loan = repay(10_000, 0.035 / 12, 60);
  assert.deepEqual([cents(loan.monthly), cents(loan.cost)], [18_192, 91_505]);
  assert.equal(loan.months.length, 60);
  assert.equal(cents(loan.months.at(-1).left), 0);
  assert.equal(cents(loan.years.reduce((sum, { capital }) => sum + capital, 0)), 1_000_000);
});

test('a loan without interest costs nothing', () => {
  const loan = repay(12_000, 0, 12);
  assert.deepEqual([loan.monthly, loan.cost, loan.years.length], [1_000, 0, 1]);
});

test('a year that is not whole counts as the last one', () => {
  assert.deepEqual(repay(1_800, 0, 18).years.map(({ number, capital }) => [number, capital]), [[1, 1_200], [2, 600]]);
});

test('a loan at the highest rate is paid back in the last months, and a rate too small to count costs nothing', () => {
  const dear = repay(1_000, 1 / 12, 480);
  assert.deepEqual([dear.months.at(-1).capital, dear.months.at(-1).interest, dear.months.at(-1).left].map(cents), [7_692, 641, 0]);
  assert.equal(cents(dear.months.reduce((sum, { capital }) => sum + capital, 0)), 100_000);
  const cheap = repay(12_000, 1e-18, 12);
  assert.deepEqual([cents(cheap.monthly), cents(cheap.cost)], [100_000, 0]);
});
