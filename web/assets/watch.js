// Says when the page's script did not load, or failed: in the words that the layout has for it. It is no module and
// asks nothing of a browser that those of 2015 lack, so that it runs where the modules do not.

const page = document.documentElement;

function tellBroken() {
  page.classList.add('broken');
}

addEventListener('unhandledrejection', tellBroken);
// Scripts that did not load are heard on their way down only.
addEventListener('error', (event) => (event.target === window || event.target instanceof HTMLScriptElement) && tellBroken(), true);
// Modules run before: a button that none of them has switched on is dead.
addEventListener('load', () => (document.querySelector('main button:disabled') ? tellBroken() : page.classList.add('started')));
