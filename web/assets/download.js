// A file made here, for the person to keep.

/** How long a browser may take to read it, once it was asked where to put it: Safari begins late. */
const READ_WITHIN = 60_000;

export function saveJson(name, data) {
  saveFile(name, new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
}

export function saveFile(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_WITHIN);
}
