// Calls to the API. Every failure, the network's included, is a `Problem` with a code.

import { keep, recall } from './memory.js';
import { setServerTime } from './times.js';

const PATIENCE = 30_000;
const PAUSE = 1000;

export class Problem extends Error {
  constructor(members) {
    super(members.code);
    Object.assign(this, members);
  }
}

export async function call(method, path, body) {
  const response = await reach(method, path, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem({ code: 'unexpected', ...answer });
  // The flow's id goes back with the next call, so that a form left open never acts on the flow of another tab.
  if (answer.next_step) keep('flow', answer.flow);
  if (answer.server_time) setServerTime(answer.server_time);
  return answer;
}

/**
 * Reads, and once more after a lost connection: phones lose theirs for a moment, and a browser that is already
 * leaving the page fails its calls, which is no news for anybody.
 */
export async function read(path) {
  try {
    return await call('GET', path);
  } catch (problem) {
    if (!['network', 'offline'].includes(problem.code)) throw problem;
    await new Promise((resume) => setTimeout(resume, PAUSE));
    return call('GET', path);
  }
}

async function reach(method, path, body) {
  if (!navigator.cookieEnabled) throw new Problem({ code: 'cookies' });
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const flow = recall('flow');
  if (flow) headers['X-Flow'] = flow;
  try {
    return await fetch(path, {
      method,
      headers,
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Problem({ code: navigator.onLine ? 'network' : 'offline' });
  }
}
