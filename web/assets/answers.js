// Answers as they are read.

import { typedDay } from './days.js';

export function shownAnswer({ type, choices, value }) {
  if (!value) return "Vous n'avez pas répondu";
  if (type === 'choice') return choices.find(({ id }) => id === value)?.label ?? value;
  return type === 'date' ? typedDay(value) : value;
}
