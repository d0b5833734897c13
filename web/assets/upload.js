// K3: sends a file, which is checked before it changes anything.

import { read } from './api.js';
import { sendBytes } from './bytes.js';
import { listen } from './form.js';
import { goTo } from './session.js';
import { openSpace } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { FOLLOWED, showUploads } from './uploads.js';
import { keepWork } from './work.js';

const MOST_BYTES = 4_194_304;

const form = document.getElementById('envoyer');

openSpace(async () => showUploads((await read('/api/correspondent')).uploads));

listen(form, {
  check() {
    const [file] = form.elements.file.files;
    if (!file) return [];
    if (file.size > MOST_BYTES) return [{ field: 'file', code: 'large' }];
    return file.size ? [] : [{ field: 'file', code: 'empty' }];
  },
  words: SPACE_PROBLEMS,
  async send() {
    const { upload_id: upload } = await sendBytes('/api/correspondent/uploads', form.elements.file.files[0]);
    keepWork({ upload });
    return goTo(FOLLOWED);
  },
});
