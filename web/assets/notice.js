// What another page left to tell, once.

import { keep, recall } from './memory.js';
import { french } from './messages.js';

export function tellNotice() {
  const notice = recall('notice');
  if (!notice) return;
  document.getElementById('annonce').textContent = french(notice);
  keep('notice');
}
