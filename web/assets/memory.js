// What this tab remembers between two pages; nothing outlives the tab, and `forgetAll` ends it sooner.

export function keep(name, value) {
  if (value === undefined) store().removeItem(name);
  else store().setItem(name, JSON.stringify(value));
}

export function recall(name) {
  const kept = store().getItem(name);
  return kept === null ? undefined : JSON.parse(kept);
}

/** Forgets all but what goes by these names. */
export function forgetAll(...names) {
  const kept = names.map((name) => [name, recall(name)]);
  store().clear();
  for (const [name, value] of kept) keep(name, value);
}

/** A browser that refuses cookies refuses this store too, by throwing: then nothing is remembered. */
function store() {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {}, clear() {} };
  }
}
