// Rows of a table: the first cell is the row's heading.

export function showRows(body, rows) {
  body.replaceChildren(
    ...rows.map((texts) => {
      const line = document.createElement('tr');
      line.append(
        ...texts.map((text, column) => {
          const cell = document.createElement(column ? 'td' : 'th');
          cell.textContent = text;
          if (!column) cell.scope = 'row';
          return cell;
        }),
      );
      return line;
    }),
  );
}
