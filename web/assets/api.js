// Calls to the API. Every failure, the network's included, is a `Problem` with a code.
//
// An example for other clients (docs/api.md has the whole journey):
//
//     const { next_step } = await call('POST', '/api/activation', { identifier, last_name });
//     try {
//       await call('POST', '/api/activation/verification', { code });
//     } catch (problem) {
//       if (problem.code === 'code-rejected') tell(problem.attempts_left);
//     }

/** @import { Answer, Body, Method, Path, ProblemMembers } from '../types/contract' */

import { takesCookies } from './cookies.js';
import { keep, recall } from './memory.js';
import { setServerTime } from './times.js';

const PATIENCE = 30_000;
const PAUSE = 1000;
const OWN_CALL = /^\/api\/(account|correspondent|requests)/;
export const LOST = ['network', 'offline'];

/** A refusal or a failure. `code` is its stable name; `retry_at`, `attempts_left`, `errors` … stand beside it. */
export class Problem extends Error {
  /** @param {ProblemMembers} members */
  constructor(members) {
    super(members.code);
    this.code = members.code;
    this.next_step = members.next_step;
    Object.assign(this, members);
  }
}

let session; // the name of the session that the page shows

/**
 * Makes a call: JSON both ways, the browser's cookies with it, `{}` where there is nothing to say.
 *
 * @template {Method} M
 * @template {string} P
 * @param {M} method
 * @param {Path<M, P>} path
 * @param {Body<M, P>} [body]
 * @returns {Promise<Answer<M, P>>}
 * @throws {Problem}
 */
export async function call(method, path, body) {
  const answer = answerOf(await reach(path, { method, headers: headersFor(path), body: bodyOf(method, body) }));
  // The flow's id goes back with the next call, so that a form left open never acts on the flow of another tab.
  if (answer.next_step) keep('flow', answer.flow);
  if (answer.server_time) {
    setServerTime(answer.server_time);
    session = answer.session?.id;
  }
  return answer;
}

/**
 * Reads, and once more after a lost connection: phones lose theirs for a moment, and a browser that is already
 * leaving the page fails its calls, which is no news for anybody.
 *
 * @template {string} P
 * @param {Path<'GET', P>} path
 * @returns {Promise<Answer<'GET', P>>}
 * @throws {Problem}
 */
export async function read(path) {
  try {
    return await call('GET', path);
  } catch (problem) {
    if (!LOST.includes(problem.code)) throw problem;
    await new Promise((resume) => setTimeout(resume, PAUSE));
    return call('GET', path);
  }
}

export function headersFor(path) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const flow = recall('flow');
  if (flow) headers['X-Flow'] = flow;
  // So does the session's name: a page never acts in the account of whoever signed in after it was shown.
  if (session && OWN_CALL.test(path)) headers['X-Session'] = session;
  return headers;
}

function bodyOf(method, body) {
  return method === 'GET' ? undefined : JSON.stringify(body ?? {});
}

/** What fails in here alone is told as the network's, or as a slow service's: a fault of the front's own is neither. */
export async function reach(path, request, within = PATIENCE) {
  if (!takesCookies()) throw new Problem({ code: 'cookies' });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), within);
  const sent = { ...request, signal: patience.signal };
  try {
    const response = await fetch(path, sent);
    return { ok: response.ok, text: await response.text() };
  } catch {
    if (patience.signal.aborted) throw new Problem({ code: 'slow' });
    throw new Problem({ code: navigator.onLine === false ? 'offline' : 'network' });
  } finally {
    clearTimeout(timer);
  }
}

/** What was answered; a refusal is thrown. One that nobody can read says nothing but by its status. */
export function answerOf({ ok, text }) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = {};
  }
  if (!ok) throw new Problem({ code: 'unexpected', ...answer });
  return answer;
}
