// The last files that a correspondent sent.

import { make, makeLink } from './elements.js';
import { keepWork } from './space.js';
import { dayAndTime } from './times.js';
import { STATES } from './uploads.js';

export const FOLLOWED = '/correspondant/envoi/controle';

export function showUploads(uploads) {
  document.getElementById('aucun-envoi').hidden = uploads.length > 0;
  document.getElementById('envois').replaceChildren(
    ...uploads.map((upload) => {
      const time = make('time', dayAndTime(upload.sent_at));
      time.dateTime = upload.sent_at;
      const link = makeLink(FOLLOWED, STATES[upload.state], `: envoi du ${dayAndTime(upload.sent_at)}`, () =>
        keepWork({ upload: upload.upload_id }),
      );
      return make('li', time, link);
    }),
  );
}
