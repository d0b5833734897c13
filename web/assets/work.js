// What a correspondent is at: the structure, the search, the person, the upload. No address ever says it.

import { keep, recall } from './memory.js';

export function work() {
  return recall('work') ?? {};
}

export function keepWork(part) {
  keep('work', { ...work(), ...part });
}
