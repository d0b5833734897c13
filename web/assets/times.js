// Times in words, on the visitor's own clock: a phone that is ten minutes late shows times ten minutes late.

let ahead = 0; // how far the server's clock is ahead of this one, in milliseconds

export function setServerTime(text) {
  ahead = Date.parse(text) - Date.now();
}

export function millisecondsUntil(text) {
  return Date.parse(text) - ahead - Date.now();
}

/** « à 15 h 42 », « demain à 15 h 42 », « le 26 novembre à 15 h 42 ». */
export function at(text) {
  const moment = onThisClock(text);
  const tomorrow = new Date();
  tomorrow.setDate(tomorrow.getDate() + 1);
  const time = `à\u00a0${clock(moment)}`;
  if (sameDay(moment, new Date())) return time;
  if (sameDay(moment, tomorrow)) return `demain ${time}`;
  return `le ${moment.toLocaleDateString('fr-FR', { day: 'numeric', month: 'long' })} ${time}`;
}

/** « dans 42 secondes », « dans 15 minutes, à 15 h 42 ». */
export function soon(text) {
  const seconds = Math.max(1, Math.ceil(millisecondsUntil(text) / 1000));
  if (seconds < 90) return `dans ${count(seconds, 'seconde')}`;
  if (seconds < 5400) return `dans ${count(Math.round(seconds / 60), 'minute')}, ${at(text)}`;
  return at(text);
}

export function minutesUntil(text) {
  return count(Math.max(1, Math.round(millisecondsUntil(text) / 60_000)), 'minute');
}

/** « 24 novembre 2026 à 15 h 42 ». */
export function dayAndTime(text) {
  return `${dayOf(text)} à\u00a0${clock(onThisClock(text))}`;
}

/** « 24 novembre 2026 ». */
export function dayOf(text) {
  return onThisClock(text).toLocaleDateString('fr-FR', { day: 'numeric', month: 'long', year: 'numeric' });
}

function count(number, unit) {
  return `${number}\u00a0${unit}${number > 1 ? 's' : ''}`;
}

function clock(moment) {
  return `${moment.getHours()}\u00a0h\u00a0${String(moment.getMinutes()).padStart(2, '0')}`;
}

function onThisClock(text) {
  return new Date(Date.parse(text) - ahead);
}

function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
