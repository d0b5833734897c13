// The little of a browser that the modules without a page need.

/** Puts a tab's memory, a jar that takes cookies and an API that answers in turn in place; returns the calls that are made. */
export function pretendBrowser(...answers) {
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
    clear: () => kept.clear(),
  };
  globalThis.document = { cookie: '' };
  const calls = [];
  globalThis.fetch = async (path, { method, headers, body }) => {
    calls.push({ method, path, headers, body });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    const [status, members] = answer;
    return new Response(members === undefined ? null : JSON.stringify(members), { status });
  };
  return calls;
}
