// What this tab remembers between two pages; nothing outlives the tab, and `forgetAll` ends it sooner.

export function keep(name, value) {
  if (value === undefined) sessionStorage.removeItem(name);
  else sessionStorage.setItem(name, JSON.stringify(value));
}

export function recall(name) {
  const kept = sessionStorage.getItem(name);
  return kept === null ? undefined : JSON.parse(kept);
}

export function forgetAll() {
  sessionStorage.clear();
}
