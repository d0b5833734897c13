// The questions of a request as fields. What an answer may be is judged by the API.

import { parseDay, typedDay } from './days.js';
import { make } from './elements.js';

const LONG = 200;
const MOST = 2000;
const EXAMPLE = '31/12/2026';

/** The field of a question. Its name is where the API says that an answer is wrong. */
export function makeField(asked) {
  const { id, type, label, obligatory, max } = asked;
  const title = make(type === 'choice' ? 'legend' : 'label', label);
  if (obligatory) title.append(starOf());
  const hint = [asked.hint, type === 'date' && `Par exemple ${max ? typedDay(max) : EXAMPLE}.`].filter(Boolean).join(' ');
  const parts = [title, ...(hint ? [set(make('p', hint), { id: `${id}-aide`, class: 'hint' })] : [])];
  parts.push(set(make('p'), { id: `${id}-erreur`, class: 'error' }));
  const described = `${hint ? `${id}-aide ` : ''}${id}-erreur`;
  const box = set(make(type === 'choice' ? 'fieldset' : 'div', ...parts), { class: 'field' });
  Object.assign(box.dataset, { field: `fields/${id}`, missing: 'Répondez à cette question', invalid: invalidOf(asked) });
  if (type === 'choice') {
    set(box, { role: 'radiogroup', 'aria-required': String(obligatory), 'aria-describedby': described });
    set(title, { id: `${id}-question` });
    set(box, { 'aria-labelledby': `${id}-question` });
    box.append(choicesOf(asked));
  } else {
    set(title, { for: id });
    box.append(set(inputOf(asked), { 'aria-describedby': described }));
  }
  return box;
}

/** What is answered, as the API takes it; what is no day is sent as it is, and refused. */
export function answersOf(form, fields) {
  return Object.fromEntries(
    fields.map(({ id, type }) => {
      const typed = form.elements.namedItem(`fields/${id}`).value.trim();
      return [id, (type === 'date' && parseDay(typed)) || typed];
    }),
  );
}

function invalidOf({ type, min, max }) {
  if (type === 'date' && min && max) return `Saisissez une date du ${typedDay(min)} au ${typedDay(max)}`;
  if (type === 'date') return `Saisissez une date possible, par exemple ${EXAMPLE}`;
  if (type === 'number') return `Saisissez un nombre de ${min ?? 0} à ${max ?? 999_999_999}`;
  return `Écrivez de ${min ?? 1} à ${(max ?? MOST).toLocaleString('fr-FR')} caractères`;
}

function choicesOf({ id, choices, value, obligatory }) {
  const labels = choices.map((choice) => {
    const input = set(make('input'), { type: 'radio', id: `${id}-${choice.id}`, name: `fields/${id}`, value: choice.id });
    input.required = obligatory;
    input.checked = choice.id === value;
    return set(make('label', input, ` ${choice.label}`), { class: 'choice' });
  });
  return set(make('div', ...labels), { class: 'choices long' });
}

function inputOf({ id, type, max, value, obligatory }) {
  const isLong = type === 'text' && (max ?? MOST) > LONG;
  const input = set(make(isLong ? 'textarea' : 'input'), { id, name: `fields/${id}`, autocomplete: 'off' });
  if (isLong) set(input, { rows: '6' });
  else set(input, { type: 'text' });
  if (type !== 'text') set(input, { class: 'short', inputmode: type === 'number' ? 'numeric' : 'text' });
  input.required = obligatory;
  input.value = type === 'date' && value ? typedDay(value) : (value ?? '');
  return input;
}

function starOf() {
  return set(make('span', '*'), { class: 'star' });
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
