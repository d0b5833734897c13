import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call, Problem, read } from '../../../web/assets/api.js';
import { forgetAll, keep, recall } from '../../../web/assets/memory.js';
import { pretendBrowser } from './browser.js';

const STARTED = { next_step: 'verify_code', flow: 'f-1' };
const CUT = new TypeError('Failed to fetch');

test('a call sends JSON, and an empty object where there is nothing to say', async () => {
  const calls = pretendBrowser([202, STARTED], [202, STARTED]);
  assert.deepEqual(await call('POST', '/api/activation', { identifier: '1', last_name: 'x' }), STARTED);
  await call('POST', '/api/activation/code');
  assert.deepEqual(calls.map(({ body }) => body), ['{"identifier":"1","last_name":"x"}', '{}']);
  assert.deepEqual(new Set(calls.map(({ headers }) => headers['Content-Type'])), new Set(['application/json']));
});

test('the flow of an answer goes back with the next call, until an answer has none', async () => {
  const calls = pretendBrowser([202, STARTED], [200, { next_step: 'home' }], [200, {}]);
  await call('POST', '/api/activation', {});
  await call('POST', '/api/activation/verification', {});
  await read('/api/account');
  assert.deepEqual(calls.map(({ headers }) => headers['X-Flow']), [undefined, 'f-1', undefined]);
});

test('a refusal is a problem with all its members', async () => {
  pretendBrowser([422, { code: 'code-rejected', attempts_left: 2, next_step: undefined }]);
  const problem = await call('POST', '/api/activation/verification', { code: '1' }).catch((refusal) => refusal);
  assert.ok(problem instanceof Problem);
  assert.deepEqual([problem.code, problem.attempts_left], ['code-rejected', 2]);
});

test('a refusal that nobody can read is an unexpected one', async () => {
  globalThis.fetch = async () => new Response('<h1>Bad gateway</h1>', { status: 502 });
  await assert.rejects(call('POST', '/api/activation', {}), { code: 'unexpected' });
});

test('a lost connection is a problem too, and is never tried again when something was sent', async () => {
  const calls = pretendBrowser(CUT);
  await assert.rejects(call('POST', '/api/activation', {}), { code: 'network' });
  assert.equal(calls.length, 1);
});

test('a reading is tried once more after a lost connection, and only then', async () => {
  const calls = pretendBrowser(CUT, [200, { who: 'anonymous' }]);
  assert.deepEqual(await read('/api/session'), { who: 'anonymous' });
  assert.equal(calls.length, 2);
  const refused = pretendBrowser([503, { code: 'unavailable' }]);
  await assert.rejects(read('/api/session'), { code: 'unavailable' });
  assert.equal(refused.length, 1);
});

test('a browser without AbortSignal.timeout reaches the service all the same', async () => {
  const { timeout } = AbortSignal;
  delete AbortSignal.timeout;
  try {
    pretendBrowser([200, { who: 'anonymous' }]);
    assert.deepEqual(await call('GET', '/api/session'), { who: 'anonymous' });
  } finally {
    AbortSignal.timeout = timeout;
  }
});

test('a fault of our own is never told as the network’s', async () => {
  const calls = pretendBrowser([200, {}]);
  const circle = {};
  circle.itself = circle;
  await assert.rejects(call('POST', '/api/activation', circle), (fault) => !(fault instanceof Problem) && fault instanceof TypeError);
  assert.deepEqual(calls, []);
});

test('a service that is slow is told as slow, not as a connection that is lost', async (context) => {
  pretendBrowser();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  globalThis.fetch = (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const asked = assert.rejects(call('GET', '/api/session'), { code: 'slow' });
  context.mock.timers.tick(30_000);
  await asked;
});

test('an answer that stops halfway is a lost connection', async () => {
  pretendBrowser();
  globalThis.fetch = async () => ({ ok: true, text: () => Promise.reject(new TypeError('network error')) });
  await assert.rejects(call('GET', '/api/session'), { code: 'network' });
});

test('a browser that takes no cookies sends nothing', async () => {
  const calls = pretendBrowser([202, STARTED]);
  // As where a setting refuses them: what is written is not there to be read.
  Object.defineProperty(globalThis.document, 'cookie', { get: () => '', set() {} });
  await assert.rejects(call('POST', '/api/activation', {}), { code: 'cookies' });
  assert.deepEqual(calls, []);
});

test('an answer without a body is an empty one', async () => {
  pretendBrowser([204]);
  assert.deepEqual(await call('DELETE', '/api/session'), {});
});

test('a tab remembers values, not their absence, and forgets all at once', () => {
  pretendBrowser();
  keep('started', { identifier: '1' });
  assert.deepEqual(recall('started'), { identifier: '1' });
  keep('started');
  assert.equal(recall('started'), undefined);
  keep('notice', 'x');
  forgetAll();
  assert.equal(recall('notice'), undefined);
});
