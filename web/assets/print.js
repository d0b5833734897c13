// The button that prints what the page shows.

export function listenToPrint() {
  const button = document.getElementById('imprimer');
  button.disabled = false;
  button.addEventListener('click', () => print());
}
