// What the CNAS wrote on a request.

/** The CNAS's answer, or what it asks for in its own words, unless they stand in the sentence. A message is neither. */
export function wordsFor({ state, sentence, timeline }) {
  if (!['settled', 'to_complete'].includes(state)) return '';
  const [words = ''] = timeline.filter(({ act }) => act !== 'message').slice(-1).map((line) => line.words);
  return sentence.includes(words) ? '' : words;
}
