// S10: says until when, and leads back to where the person was, or to the code that is out.

import { read } from './api.js';
import { codePage } from './elsewhere.js';
import { speakToOwner } from './identifier.js';
import { recall } from './memory.js';
import { at, millisecondsUntil } from './times.js';

speakToOwner(recall('started')?.identifier);
const blocked = recall('blocked');
if (blocked) {
  for (const link of document.querySelectorAll('[data-to=start]')) link.href = blocked.start;
  for (const part of document.querySelectorAll('[data-for]')) part.hidden = !part.dataset.for.split(' ').includes(blocked.start);
  const back = document.getElementById('retour');
  if (back) back.href = blocked.from;
  const waits = Boolean(blocked.retryAt) && millisecondsUntil(blocked.retryAt) > 0;
  for (const place of document.querySelectorAll('.until')) place.textContent = waits ? at(blocked.retryAt) : '';
  for (const part of document.querySelectorAll('[data-when]')) part.hidden = (part.dataset.when === 'later') !== waits;
}

const found = document.getElementById('code-retrouve');
if (found) {
  // Whoever has no code out, or cannot be told so, has none to type.
  const page = await read('/api/session').then(codePage, () => undefined);
  found.href = page ?? found.href;
  found.hidden = !page;
}
