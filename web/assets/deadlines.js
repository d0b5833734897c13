// Until when a benefit may be asked for, by the rules of the catalogue (`activation/domain/requests/deadlines.py`).

const MONTHS_OF_A_YEAR = 12;

/** The last day (`2026-12-31`): the same day so many months later, or that month's last; or the end of the year. */
export function lastDay(rule, event, months) {
  const [year, month, day] = event.split('-').map(Number);
  if (rule === 'calendar_year') return `${event.slice(0, 4)}-12-31`;
  const counted = year * MONTHS_OF_A_YEAR + month - 1 + months;
  const [then, at] = [Math.floor(counted / MONTHS_OF_A_YEAR), counted % MONTHS_OF_A_YEAR];
  const last = new Date(Date.UTC(then, at + 1, 0)).getUTCDate();
  return new Date(Date.UTC(then, at, Math.min(day, last))).toISOString().slice(0, 10);
}
