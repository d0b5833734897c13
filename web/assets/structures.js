// The structures of a correspondent, some at a time, and the one that a page is about.

import { read } from './api.js';
import { make, makeLink } from './elements.js';
import { listen } from './form.js';
import { goTo } from './session.js';
import { keepWork, openSpace, work } from './space.js';

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

/** Opens a page about one: the one that was chosen, the only one, or one to choose first. `show` shows what it has. */
export function openStructure(page, show) {
  const showStructures = makeStructures(({ id, name }) =>
    make('li', makeLink(page, name, '', () => keepWork({ structure: { id, name }, search: undefined }))),
  );
  const change = /** @type {any} */ (document.getElementById('changer'));
  change.disabled = false;
  change.addEventListener('click', () => {
    keepWork({ structure: undefined, search: undefined });
    goTo(page);
  });
  openSpace(async () => {
    const structure = work().structure ?? (await onlyOne());
    document.getElementById('choix').hidden = Boolean(structure);
    document.getElementById('liste').hidden = !structure;
    if (!structure) return undefined;
    document.getElementById('structure').textContent = structure.name;
    change.hidden = Boolean(structure.only);
    return show();
  });

  async function onlyOne() {
    const home = await read('/api/correspondent');
    if (home.structures.length !== 1 || home.after) return showStructures(home);
    const [{ id, name }] = home.structures;
    keepWork({ structure: { id, name, only: true } });
    return work().structure;
  }
}
