// Files, which go to the API and come from it as they are.

import { headersFor, Problem, reach } from './api.js';

const OCTETS = 'application/octet-stream';
/** 4 MB take so long on a slow line. */
const PATIENCE = 600_000;

/** Sends a file. Throws a Problem; for a file that the browser can read no more, as for a field that is wrong. */
export async function sendBytes(path, file) {
  const body = await file.arrayBuffer().catch(() => {
    throw new Problem({ code: 'invalid-request', errors: [{ pointer: '#/file', code: 'invalid', detail: '' }] });
  });
  return answerOf(await reach(path, { method: 'POST', headers: { ...headersFor(path), 'Content-Type': OCTETS }, body }, undefined, PATIENCE));
}

/** Reads a file. Throws a Problem. */
export async function readBytes(path) {
  const headers = { ...headersFor(path), Accept: OCTETS };
  return answerOf(await reach(path, { method: 'GET', headers }, (response) => response.blob(), PATIENCE));
}

function answerOf({ ok, answer }) {
  if (!ok) throw new Problem({ code: 'unexpected', ...answer });
  return answer;
}
