// Rows of a table that are cards on a phone: each cell says what its column is called. The first heads its row.

/** Shows the rows, beside those that are there if `more`. A cell is a text or elements. */
export function showCards(body, rows, more = false) {
  const labels = [...body.parentElement.tHead.rows[0].cells].map((heading) => heading.textContent);
  if (!more) body.replaceChildren();
  for (const cells of rows) {
    const line = body.insertRow();
    cells.forEach((content, column) => {
      const cell = document.createElement(column ? 'td' : 'th');
      if (!column) cell.scope = 'row';
      cell.dataset.label = labels[column];
      cell.append(...[content].flat());
      line.append(cell);
    });
  }
}
