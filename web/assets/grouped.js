// The number of a request, as notices have it.

/** « 412 307 518 ». */
export function grouped(number) {
  return number.replace(/(\d{3})(?=\d)/g, '$1\u00a0');
}
