// Rows of a table: the first cell is the row's heading. A cell is a text or elements, and says what its column is
// called, for where a row is shown as a card.

export function showRows(body, rows) {
  body.replaceChildren();
  addRows(body, rows);
}

export function addRows(body, rows) {
  const labels = [...body.closest('table').tHead.rows[0].cells].map((heading) => heading.textContent);
  body.append(
    ...rows.map((cells) => {
      const line = document.createElement('tr');
      line.append(
        ...cells.map((content, column) => {
          const cell = document.createElement(column ? 'td' : 'th');
          cell.append(...[content].flat());
          cell.dataset.label = labels[column];
          if (!column) cell.scope = 'row';
          return cell;
        }),
      );
      return line;
    }),
  );
}
