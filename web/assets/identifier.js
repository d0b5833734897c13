// The identifier: digits, or the letter C and 8 digits for a correspondent. Either is taken, whoever says to be one.

const CORRESPONDENT = /^c( ?\d){8}$/i;

const box = document.getElementById('correspondant');

/** Has « Je suis correspondant(e) » change the keyboard, the example and the help; nothing of it is sent. */
export function makeIdentifier(input) {
  const show = () => {
    input.inputMode = box.checked ? 'text' : 'numeric';
    speakTo(box.checked);
  };
  box.addEventListener('change', show);
  box.checked ||= isLettered(input.value);
  show();
}

/** The faults of what is typed, for `listen`. */
export function wrongIdentifier(input) {
  const { value } = input;
  if (!/[^\d ]/.test(value) || CORRESPONDENT.test(value)) return [];
  return [{ field: 'identifier', code: box.checked || isLettered(value) ? 'lettered' : 'invalid' }];
}

/** Shows what is true of a correspondent, or else of a beneficiary. */
function speakTo(isCorrespondent) {
  for (const part of document.querySelectorAll('[data-who]')) {
    part.hidden = (part.dataset.who === 'correspondent') !== isCorrespondent;
  }
}

/** Speaks to whom the identifier names, by its letter alone: known or not. */
export function speakToOwner(identifier = '') {
  speakTo(isLettered(identifier));
}

function isLettered(identifier) {
  return /^c/i.test(identifier);
}
