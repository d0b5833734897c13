// Fills the `<dd data-fact="…">` of a page; what is not known says so.

export function tellFacts(facts) {
  for (const place of document.querySelectorAll('[data-fact]')) {
    place.textContent = facts[place.dataset.fact] || 'Non renseigné';
  }
}
