import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { plainText } from '../../../web/assets/plain-text.js';

const CASES = JSON.parse(readFileSync(new URL('../../plain_text.json', import.meta.url), 'utf8'));

test('a text has the plain value that the API and rosters give it', () => {
  for (const { text, plain } of CASES) assert.equal(plainText(text), plain);
});
