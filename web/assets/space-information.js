// A page of the correspondent's space that only informs.

import { openSpace } from './space.js';

openSpace();
