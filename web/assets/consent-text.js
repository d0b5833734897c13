// The text that a person decides on. Its hash is kept as a proof: nothing of it is changed, its empty lines part
// paragraphs. The easy version beside it was written for one version of it, and stands beside no other.

export function showConsentText({ text, text_version: version }) {
  const paragraphs = text.split(/\n\s*\n/).map((words) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = words;
    return paragraph;
  });
  document.getElementById('texte').replaceChildren(...paragraphs);
  const easy = document.querySelector('[data-text-version]');
  easy.hidden = easy.dataset.textVersion !== version;
}
