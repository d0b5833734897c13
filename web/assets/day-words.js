// Days in words.

/** `2026-12-31` in words: « 31 décembre 2026 ». */
export function dayInWords(day) {
  return inWords(`${day}T00:00:00Z`, 'UTC');
}

/** The day in mainland France at that time of the API, in words: a document says the same day wherever it is read. */
export function parisDayInWords(time) {
  return inWords(time, 'Europe/Paris');
}

function inWords(time, timeZone) {
  return new Date(time).toLocaleDateString('fr-FR', { dateStyle: 'long', timeZone }).replace(/^1 /, '1er ');
}
