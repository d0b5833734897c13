import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

process.env.TZ = 'Europe/Paris';
const { at, dayAndTime, millisecondsUntil, minutesUntil, setServerTime, soon } = await import('../../../web/assets/times.js');

const NOW = '2026-11-24T14:30:00Z';
const plain = (text) => text.replace(/\s/g, ' ');

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: Date.parse(NOW) });
  setServerTime(NOW);
});

test('a time today is told by its hour, one of tomorrow or later by its day too', () => {
  assert.equal(plain(at('2026-11-24T14:42:00Z')), 'à 15 h 42');
  assert.equal(plain(at('2026-11-24T23:05:00Z')), 'demain à 0 h 05');
  assert.equal(plain(at('2026-11-26T14:42:00Z')), 'le 26 novembre à 15 h 42');
});

test('a wait is told in seconds, then in minutes with the hour, then by the hour alone', () => {
  assert.equal(plain(soon('2026-11-24T14:30:42Z')), 'dans 42 secondes');
  assert.equal(plain(soon('2026-11-24T14:30:01Z')), 'dans 1 seconde');
  assert.equal(plain(soon('2026-11-24T14:45:00Z')), 'dans 15 minutes, à 15 h 45');
  assert.equal(plain(soon('2026-11-24T17:00:00Z')), 'à 18 h 00');
});

test('a wait that is over is never told as nothing', () => {
  assert.equal(plain(soon('2026-11-24T14:29:00Z')), 'dans 1 seconde');
  assert.equal(plain(minutesUntil('2026-11-24T14:29:00Z')), '1 minute');
});

test('a clock that is ten minutes late tells its own times', () => {
  setServerTime('2026-11-24T14:40:00Z');
  assert.equal(plain(at('2026-11-24T14:55:00Z')), 'à 15 h 45');
  assert.equal(plain(minutesUntil('2026-11-24T14:55:00Z')), '15 minutes');
  assert.equal(millisecondsUntil('2026-11-24T14:41:00Z'), 60_000);
});

test('a day of the past is told whole', () => {
  assert.equal(plain(dayAndTime('2026-11-20T09:05:00Z')), '20 novembre 2026 à 10 h 05');
});

test('the night in which the clocks change tells the time of the wall', () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-10-25T00:30:00Z') });
  setServerTime('2026-10-25T00:30:00Z');
  assert.equal(plain(at('2026-10-25T01:30:00Z')), 'à 2 h 30');
});
