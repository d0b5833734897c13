// A file made here, for the person to keep.

/** How long a browser may take to read it, once it was asked where to put it: Safari begins late. */
const READ_WITHIN = 60_000;

export function saveJson(name, data) {
  saveText(name, JSON.stringify(data, null, 2), 'application/json');
}

export function saveText(name, text, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_WITHIN);
}
