// Plays what a visitor does to bring a page into a state. Only the gallery of the local run serves this script, before
// any of the page's own: it sees every call that the page makes, and acts when none is under way, as people do.
'use strict';

(() => {
  const PATIENCE = 10_000;
  const PAUSE = 50;

  const acts = JSON.parse(document.currentScript.dataset.acts);

  const players = {
    async Fill({ field, text }) {
      const input = await found(() => document.getElementById(field));
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    async Choose({ field }) {
      (await found(() => document.getElementById(field))).click();
    },
    async Attach({ field, name, size }) {
      const chosen = new DataTransfer();
      chosen.items.add(new File(['x'.repeat(size)], name));
      (await found(() => document.getElementById(field))).files = chosen.files;
    },
    async Press({ button }) {
      (await found(() => [...document.querySelectorAll('button')].find((one) => isNamed(one, button)))).click();
    },
    async Unfold() {
      for (const part of document.querySelectorAll('main details')) part.open = true;
    },
    async LoseNetwork() {
      window.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
      Object.defineProperty(navigator, 'onLine', { get: () => false });
      dispatchEvent(new Event('offline'));
    },
  };

  const isNamed = (button, name) =>
    (button.getAttribute('aria-label') ?? button.textContent).replace(/\s+/g, ' ').trim() === name;

  const call = window.fetch;
  let underWay = 0;
  window.fetch = async (...what) => {
    underWay += 1;
    try {
      return await call(...what);
    } finally {
      // What the page does with the answer comes first.
      setTimeout(() => (underWay -= 1), PAUSE);
    }
  };

  const isReady = () => underWay === 0 && document.querySelector('main:not(:has(#contenu-charge[hidden]))');

  /** Waits for an element that can be seen and used: the page may still be asking the API what to show. */
  async function found(find) {
    for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
      const element = isReady() && find();
      if (element && element.checkVisibility() && !element.disabled) return element;
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
    throw new Error('the gallery waits for an element that this page does not have');
  }

  async function play() {
    await found(() => document.readyState === 'complete' && document.querySelector('h1'));
    for (const { act, ...what } of acts) await players[act](what);
  }

  play();
})();
