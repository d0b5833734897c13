import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shownAnswer } from '../../../web/assets/answers.js';
import { grouped } from '../../../web/assets/grouped.js';

test('a number is read in groups of three, as notices have it', () => {
  assert.equal(grouped('412307518'), '412\u00a0307\u00a0518');
});

test('an answer is read in its own words', () => {
  const choices = [{ id: 'autre', label: 'Autre chose.' }];
  assert.equal(shownAnswer({ type: 'choice', choices, value: 'autre' }), 'Autre chose.');
  assert.equal(shownAnswer({ type: 'date', value: '2026-09-02' }), '02/09/2026');
  assert.equal(shownAnswer({ type: 'number', value: '2026' }), '2026');
  assert.equal(shownAnswer({ type: 'text' }), "Vous n'avez pas répondu");
});
