// K3: sends a file, which is checked before it changes anything.

import { answerOf, headersFor, Problem, reach, read } from './api.js';
import { listen } from './form.js';
import { goTo } from './session.js';
import { keepWork, openSpace } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { FOLLOWED, showUploads } from './upload-list.js';

const UPLOADS = '/api/correspondent/uploads';
const MOST_BYTES = 4_194_304;
/** They take so long on a slow line. */
const PATIENCE = 600_000;

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
    const { upload_id: upload } = await sendFile(form.elements.file.files[0]);
    keepWork({ upload });
    return goTo(FOLLOWED);
  },
});

/** Sends a file as it is. One that the browser can read no more, as it was changed since, is a wrong field. */
async function sendFile(file) {
  const body = await file.arrayBuffer().catch(() => {
    throw new Problem({ code: 'invalid-request', errors: [{ pointer: '#/file', code: 'invalid', detail: '' }] });
  });
  const headers = { ...headersFor(UPLOADS), 'Content-Type': 'application/octet-stream' };
  return answerOf(await reach(UPLOADS, { method: 'POST', headers, body }, PATIENCE));
}
