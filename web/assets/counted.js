// Numbers of things, in words.

/** « 1 sortie », « 1 200 lignes ». */
export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString('fr-FR')}\u00a0${number > 1 ? many : one}`;
}
