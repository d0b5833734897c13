// A small chart: columns of stacked parts. Its words stand beside it: in the sentence that names it and in a table.

import { wholeEuros } from './numbers.js';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 100;
const GAP = 0.2;

/** Draws `columns` (lists of amounts, from the bottom up) into the `<svg>` of `place`, whose axis ends at the tallest. */
export function drawColumns(place, columns) {
  const top = Math.max(...columns.map(sum)) || 1;
  const svg = place.querySelector('svg');
  svg.setAttribute('viewBox', `0 0 ${columns.length} ${HEIGHT}`);
  svg.replaceChildren(
    ...[0, HEIGHT / 2].map((y) => shape('path', { d: `M0 ${y}H${columns.length}`, class: 'line' })),
    ...columns.flatMap((parts, index) => column(parts, index, top)),
  );
  place.querySelectorAll('.axis span').forEach((label, step) => (label.textContent = wholeEuros((top * (2 - step)) / 2)));
}

function column(parts, index, top) {
  let y = HEIGHT;
  return parts.map((amount, number) => {
    const height = (amount / top) * HEIGHT;
    y -= height;
    return shape('rect', { x: index + GAP / 2, y, width: 1 - GAP, height, class: `part-${number}` });
  });
}

function shape(name, place) {
  const drawn = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(place)) drawn.setAttribute(attribute, value);
  return drawn;
}

/** All of them together. */
export function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount, 0);
}
