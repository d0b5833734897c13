import assert from 'node:assert/strict';
import { test } from 'node:test';

import { codeIn } from '../../../web/assets/code-typed.js';

test('a code is understood as it is read, copied with its words or typed full-width', () => {
  const sms = '097373 est votre code de sécurité CNAS. Il expire dans 15 minutes. Ne le communiquez à personne.\n\n@compte.exemple.fr #097373';
  const typed = ['097373', ' 097 373 ', '097-373', '0.9.7.3.7.3', '097\u00a0373', '097\u200b373', 'Code : 097373', 'Code : 097 373.', '０９７３７３', sms];
  for (const text of typed) assert.equal(codeIn(text, 6), '097373', text);
  assert.equal(codeIn('Votre code : 41097373', 8), '41097373');
});

test('a number of another length is no code', () => {
  for (const text of ['', 'abc', '12345', '1234567', '097373 182402', 'code 12345']) assert.equal(codeIn(text, 6), undefined, text);
});
