// The lines of a budget: each has words and an amount of a month, both as typed.

let number = 0;

/** Makes the buttons that add and remove lines work. */
export function listenToLines(form) {
  for (const group of form.querySelectorAll('[data-kind]')) {
    const button = group.querySelector('.add');
    button.disabled = false;
    button.addEventListener('click', () => addLine(group, { label: '', amount: '' }).querySelector('.label').focus());
  }
}

/** The lines as they stand: `{kind, label, amount}`. */
export function readLines(form) {
  return [...form.querySelectorAll('.line')].map((line) => ({
    kind: line.closest('[data-kind]').dataset.kind,
    label: line.querySelector('.label').value.trim(),
    amount: line.querySelector('.amount').value.trim(),
  }));
}

/** Shows these lines instead of those that stand. */
export function showLines(form, lines) {
  for (const group of form.querySelectorAll('[data-kind]')) {
    group.querySelector('.rows').replaceChildren();
    for (const line of lines.filter(({ kind }) => kind === group.dataset.kind)) addLine(group, line);
  }
}

function addLine(group, { label, amount }) {
  number += 1;
  const line = document.getElementById('ligne').content.cloneNode(true).firstElementChild;
  const name = `amount-${number}`;
  line.dataset.field = name;
  line.querySelector('.error').id = `${name}-erreur`;
  const [words, sum] = ['label', 'amount'].map((part) => line.querySelector(`.${part}`));
  words.value = label;
  sum.value = amount;
  sum.name = name;
  sum.setAttribute('aria-describedby', `${name}-erreur`);
  [words, sum].forEach((input, index) => {
    input.id = `${name}-${index}`;
    line.querySelectorAll('label')[index].htmlFor = input.id;
  });
  words.addEventListener('input', () => tellOf(line, words.value));
  line.querySelector('.remove').addEventListener('click', () => remove(group, line));
  tellOf(line, label);
  group.querySelector('.rows').append(line);
  return line;
}

/** Which line a field or a button is of, for whoever hears them one by one. */
function tellOf(line, label) {
  const name = label.trim() || 'ligne sans intitulé';
  line.dataset.line = name;
  const [words, amount, button] = line.querySelectorAll('.unseen');
  words.textContent = '';
  amount.textContent = `${name}, `;
  button.textContent = ` ${name}`;
}

/** The focus goes where the next line has come, or to the button that adds one. */
function remove(group, line) {
  const next = line.nextElementSibling ?? line.previousElementSibling;
  line.remove();
  (next?.querySelector('.remove') ?? group.querySelector('.add')).focus();
}
