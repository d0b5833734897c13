// A small chart: columns of stacked parts. Its words stand beside it: in the sentence that names it and in a table.

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 100;
const GAP = 0.2;

/** Draws `columns` (lists of amounts, from the bottom up) into the `<svg>`; the tallest fills its height. */
export function drawColumns(svg, columns) {
  const tallest = Math.max(...columns.map(sum)) || 1;
  svg.setAttribute('viewBox', `0 0 ${columns.length} ${HEIGHT}`);
  svg.replaceChildren(...columns.flatMap((parts, index) => column(parts, index, tallest)));
}

function column(parts, index, tallest) {
  let top = HEIGHT;
  return parts.map((amount, number) => {
    const height = (amount / tallest) * HEIGHT;
    top -= height;
    const box = document.createElementNS(SVG, 'rect');
    const place = { x: index + GAP / 2, y: top, width: 1 - GAP, height, class: `part-${number % 2}` };
    for (const [name, value] of Object.entries(place)) box.setAttribute(name, value);
    return box;
  });
}

function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount, 0);
}
