// Days as they are typed and read in France; the API has `2026-12-31`.

/** `31/12/2026`, `31.12.2026` or `31-12-2026` as the API has it; undefined for what is no day. */
export function parseDay(text) {
  const [, day, month, year] = /^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$/.exec(text.normalize('NFKC').trim()) ?? [];
  if (!year) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}

/** `2026-12-31` as it is typed: `31/12/2026`. */
export function typedDay(day) {
  return day.split('-').reverse().join('/');
}
