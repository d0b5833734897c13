// The structures of a correspondent, some at a time.

import { read } from './api.js';
import { listen } from './form.js';

/**
 * Makes the page's list of structures, with its button for more. The function that it returns shows those of a home.
 * `itemOf` makes what stands in the list of one of them, with a link.
 */
export function makeStructures(itemOf) {
  const list = document.getElementById('structures');
  const more = document.getElementById('plus');
  let after;
  const add = (page) => {
    list.append(...page.structures.map(itemOf));
    after = page.after;
    more.hidden = !after;
  };
  listen(more, {
    async send() {
      /** @type {any} The contract names paths without their query. */
      const path = `/api/correspondent?after=${encodeURIComponent(after)}`;
      const page = await read(path);
      const shown = list.children.length;
      add(page);
      list.children[shown]?.querySelector('a').focus();
    },
  });
  return (home) => {
    document.getElementById('aucune-structure').hidden = home.structures.length > 0;
    list.replaceChildren();
    add(home);
  };
}
