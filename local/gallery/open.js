// Opens a state as a new visitor finds it: what this tab remembers of the last one would show another screen.
'use strict';

sessionStorage.clear();
location.replace(document.currentScript.dataset.path);
