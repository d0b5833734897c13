// Says that a form has done its work, beside its button.

import { french } from './messages.js';

export function tellDone(form, words) {
  tell(form.querySelector('.done'), words);
}

/** Emptied first: the same words again would not be spoken. */
export function tell(status, words) {
  status.textContent = '';
  requestAnimationFrame(() => (status.textContent = french(words)));
}
