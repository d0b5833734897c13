// Elements made by script.

import { french } from './messages.js';

export function make(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content.map((part) => (typeof part === 'string' ? french(part) : part)));
  return element;
}

/** A link whose words end, for screen readers alone, in what it is about. */
export function makeLink(href, words, about, follow) {
  const more = make('span', ` ${about}`);
  more.className = 'unseen';
  const link = make('a', words, more);
  link.href = href;
  link.className = 'alone';
  // Once more the middle button opens another tab, which begins with what this one remembers.
  for (const event of ['click', 'auxclick']) link.addEventListener(event, follow);
  return link;
}
