// S14: when to try again, what to quote to the help desk, and the way back.

import { recall } from './memory.js';
import { soon } from './times.js';

const incident = recall('incident');
if (incident) {
  document.getElementById('reessayer').href = incident.from;
  const reference = document.getElementById('reference');
  if (reference && incident.reference) {
    reference.textContent = incident.reference;
    reference.parentElement.hidden = false;
  }
  const when = document.getElementById('quand');
  if (when && incident.retryAt) when.textContent = soon(incident.retryAt);
}
