// Days in words.

/** `2026-12-31` in words: « 31 décembre 2026 ». */
export function dayInWords(day) {
  const words = new Date(`${day}T00:00:00Z`).toLocaleDateString('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });
  return words.replace(/^1 /, '1er ');
}
