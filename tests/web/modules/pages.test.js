import assert from 'node:assert/strict';
import { test } from 'node:test';

import { beyondActivation, codePage, outsideOwnPages, outsidePreferences } from '../../../web/assets/elsewhere.js';
import { keep } from '../../../web/assets/memory.js';
import { endedPage, pageOf } from '../../../web/assets/pages.js';
import { pretendBrowser } from './browser.js';

test('each step of each purpose has its page', () => {
  const pages = {
    '/activation/code': { next_step: 'verify_code', purpose: 'activation' },
    '/mot-de-passe-oublie/code': { next_step: 'verify_code', purpose: 'password_reset' },
    '/connexion/code': { next_step: 'verify_code', purpose: 'sign_in' },
    '/mot-de-passe-oublie/mot-de-passe': { next_step: 'set_password', purpose: 'password_reset' },
    '/preferences/consentement': { next_step: 'give_consent' },
    '/preferences/canal': { next_step: 'choose_channel' },
    '/preferences/canal/code': { next_step: 'verify_contact' },
    '/preferences/conditions': { next_step: 'accept_terms' },
    '/compte': { next_step: 'home' },
    '/connexion': { next_step: 'sign_in' },
  };
  for (const [page, where] of Object.entries(pages)) assert.equal(pageOf(where), page);
});

test('home is where the API says that it is', () => {
  assert.equal(pageOf({ next_step: 'home', home: '/correspondant' }), '/correspondant');
  assert.equal(pageOf({ next_step: 'accept_terms', home: '/correspondant' }), '/preferences/conditions');
});

test('an activated person who comes back to a step is told so', () => {
  assert.equal(beyondActivation({ who: 'session', next_step: 'home' }), '/activation/deja-active');
  assert.equal(beyondActivation({ who: 'session', next_step: 'give_consent' }), '/preferences/consentement');
});

test('the end of a session is told as it was: idle, at its limit, or ended by somebody', () => {
  const [past, future] = ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'];
  for (const [expires_at, ends_at, page] of [
    [past, future, '/session-expiree'],
    [past, past, '/session-terminee'],
    [future, future, '/deconnexion'],
  ]) {
    pretendBrowser();
    keep('session', { expires_at, ends_at });
    assert.equal(endedPage(), page);
  }
});

test('a tab that has seen no session leads to where one begins', () => {
  pretendBrowser();
  assert.equal(beyondActivation({ who: 'anonymous', next_step: 'sign_in' }), '/activation');
  assert.equal(outsidePreferences({ who: 'anonymous', next_step: 'sign_in' }), '/connexion');
  assert.equal(outsideOwnPages({ who: 'flow', next_step: 'verify_code', purpose: 'activation' }), '/connexion');
});

test('a code that is out is typed on the page of its purpose', () => {
  assert.equal(codePage({ who: 'flow', next_step: 'verify_code', purpose: 'sign_in' }), '/connexion/code');
  assert.equal(codePage({ who: 'session', next_step: 'verify_contact', purpose: 'contact' }), '/preferences/canal/code');
  assert.equal(codePage({ who: 'session', next_step: 'home', contact_change: {} }), '/compte/informations-personnelles/code');
  assert.equal(codePage({ who: 'flow', next_step: 'set_password', purpose: 'activation' }), undefined);
  assert.equal(codePage({ who: 'anonymous', next_step: 'sign_in' }), undefined);
});

test('whoever is signed in no more is told so, on the preferences and on own pages', () => {
  pretendBrowser();
  keep('session', { expires_at: '2020-01-01T00:00:00Z', ends_at: '2999-01-01T00:00:00Z' });
  assert.equal(outsidePreferences({ who: 'anonymous', next_step: 'sign_in' }), '/session-expiree');
  assert.equal(outsideOwnPages({ who: 'flow', next_step: 'verify_code', purpose: 'activation' }), '/session-expiree');
  assert.equal(outsideOwnPages({ who: 'session', next_step: 'home' }), '/compte/informations-personnelles');
  assert.equal(outsideOwnPages({ who: 'session', next_step: 'accept_terms' }), '/preferences/conditions');
});
