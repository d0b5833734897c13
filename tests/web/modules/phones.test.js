import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readable } from '../../../web/assets/phones.js';

test('a number of France or of an overseas department is read in pairs', () => {
  assert.equal(readable('+33612345678'), '06 12 34 56 78');
  assert.equal(readable('+262692123456'), '06 92 12 34 56');
  assert.equal(readable('+590690123456'), '06 90 12 34 56');
});

test('what has no national form stays as it is', () => {
  assert.equal(readable('+68987123456'), '+68987123456');
  assert.equal(readable('louis@exemple.fr'), 'louis@exemple.fr');
});
