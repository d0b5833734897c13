// Opens a state as a new visitor finds it: what this tab remembers of the last one would show another screen.
'use strict';

sessionStorage.clear();
for (const [name, value] of Object.entries(JSON.parse(document.currentScript.dataset.memory))) {
  sessionStorage.setItem(name, JSON.stringify(value));
}
location.replace(document.currentScript.dataset.path);
