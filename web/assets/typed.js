// What is typed and not yet sent: an ended session or a page that is left takes nothing of it. It is given back only
// to whoever typed it (`account.js`).

import { keep, recall } from './memory.js';

/** Keeps what this person types into the form, which stands for `at()`. */
export function keepTyped(form, owner, at) {
  form.addEventListener('input', () => {
    const forms = { ...recall('typed')?.forms, [at()]: Object.fromEntries(new FormData(form)) };
    keep('typed', { owner: owner(), forms });
  });
}

/** Gives back what was typed there. */
export function giveBack(form, at) {
  for (const [name, text] of Object.entries(recall('typed')?.forms[at] ?? {})) {
    const field = form.elements.namedItem(name);
    if (field) field.value = text;
  }
}

/** Once it is saved, it is no more kept here. */
export function dropTyped(at) {
  const { owner, forms } = recall('typed') ?? { forms: {} };
  delete forms[at];
  keep('typed', Object.keys(forms).length ? { owner, forms } : undefined);
}
