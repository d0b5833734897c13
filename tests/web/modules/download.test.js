import assert from 'node:assert/strict';
import { test } from 'node:test';

import { saveJson } from '../../../web/assets/download.js';

test('a file that is saved stays until a slow browser has read it', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const revoked = [];
  const link = { click() {} };
  globalThis.document = { createElement: () => link };
  context.mock.method(URL, 'createObjectURL', () => 'blob:1');
  context.mock.method(URL, 'revokeObjectURL', (address) => revoked.push(address));
  saveJson('mes-donnees.json', {});
  context.mock.timers.tick(59_000);
  assert.deepEqual(revoked, []);
  context.mock.timers.tick(1_000);
  assert.deepEqual(revoked, ['blob:1']);
  assert.equal(link.download, 'mes-donnees.json');
});
