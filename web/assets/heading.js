// The heading of a page whose words depend on what the API answers; the title follows.

export function changeHeading(words) {
  const heading = document.querySelector('h1');
  document.title = document.title.replace(heading.textContent, words);
  heading.textContent = words;
}
