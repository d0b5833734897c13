// A budget in a file: what the page saved, and nothing else.

import { Problem } from './api.js';

const KINDS = ['income', 'expense'];
const MOST_BYTES = 100_000;
const MOST_LINES = 200;
const MOST_CHARACTERS = 200;

/** The lines of a saved budget. Throws a Problem for a file of another kind. */
export async function readBudget(file) {
  try {
    if (file.size > MOST_BYTES) throw new TypeError('too large');
    const { lines } = JSON.parse(await file.text());
    if (!Array.isArray(lines) || lines.length > MOST_LINES || !lines.every(isLine)) throw new TypeError('no budget');
    return lines;
  } catch {
    throw new Problem({ code: 'invalid-request', errors: [{ pointer: '#/file', code: 'invalid', detail: '' }] });
  }
}

function isLine(line) {
  const texts = [line?.label, line?.amount];
  return KINDS.includes(line?.kind) && texts.every((text) => typeof text === 'string' && text.length <= MOST_CHARACTERS);
}
