import assert from 'node:assert/strict';
import { test } from 'node:test';

import { meantDomain } from '../../../web/assets/mail-domains.js';

test('a misspelt domain says which one is meant', () => {
  assert.equal(meantDomain('louis@gmial.com'), 'gmail.com');
  assert.equal(meantDomain(' LOUIS@Orange.F '), 'orange.fr');
});

test('any other domain is as it is', () => {
  for (const address of ['louis@gmail.com', 'louis@mairie.fr', 'gmial.com@mairie.fr', '', 'louis@']) {
    assert.equal(meantDomain(address), '');
  }
});
