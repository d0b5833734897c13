// A text whose hash is kept as a proof: nothing of it is changed, its empty lines part paragraphs.

export function showParagraphs(id, text) {
  const paragraphs = text.split(/\n\s*\n/).map((words) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = words;
    return paragraph;
  });
  document.getElementById(id).replaceChildren(...paragraphs);
}
