// The plain value of what people paste: as `activation/domain/plain_text.py` has it, by the same cases.

/** In NFC, with single spaces, nothing invisible, and full-width forms as ASCII. */
export function plainText(text) {
  return text
    .replace(/[\t-\r\u0085\p{Z}]/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{DI}]/gu, '')
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .normalize('NFC')
    .replace(/ +/g, ' ')
    .trim();
}

/** What was typed into these fields becomes its plain text. A password stays what was typed. */
export function takePlain(...inputs) {
  for (const input of inputs) input.value = plainText(input.value);
}
