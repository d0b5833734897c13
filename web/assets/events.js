// What happened to the account, as lists of dates and words.

import { french } from './messages.js';
import { dayAndTime } from './times.js';

export function showEvents(id, events) {
  document.getElementById(id).replaceChildren(
    ...events.map(({ at, label }) => {
      const time = document.createElement('time');
      time.dateTime = at;
      time.textContent = dayAndTime(at);
      const words = document.createElement('span');
      words.textContent = french(label);
      const item = document.createElement('li');
      item.append(time, words);
      return item;
    }),
  );
}
