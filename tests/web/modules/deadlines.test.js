import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { lastDay } from '../../../web/assets/deadlines.js';

const CASES = JSON.parse(readFileSync(new URL('../../deadlines.json', import.meta.url), 'utf8'));

test('the last day is the one that the service counts', () => {
  for (const { rule, months, event, last_day: last } of CASES) assert.equal(lastDay(rule, event, months), last);
});
