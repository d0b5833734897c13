// D2: one request: where it stands, what to do, what happened, what was written.

import { openAccount } from './account.js';
import { shownAnswer } from './answers.js';
import { call } from './api.js';
import { make, makeLink } from './elements.js';
import { listen } from './form.js';
import { changeHeading } from './heading.js';
import { french } from './messages.js';
import { grouped } from './grouped.js';
import { keepPlace, leaveForList, pathOf, place, QUESTION, readRequest, refuseFor } from './requests.js';
import { wordsFor } from './request-words.js';
import { dayAndTime } from './times.js';
import { dropTyped, giveBack, keepTyped } from './typed.js';

const message = document.getElementById('message');
const sending = document.getElementById('envoyer');
const done = document.getElementById('fait');
let owner;
let request;

openAccount(async ({ person }) => {
  owner = person.identifier;
  await look();
});

keepTyped(message, () => owner, placeOfMessage);

act(sending, '/sending', {
  told: () => tellDoneAbove('Votre demande est envoyée', `Son numéro : ${grouped(request.number)}. Gardez ce numéro. Vous recevrez un message.`),
});
act(message, '/message', {
  body: () => ({ text: message.elements.text.value }),
  told() {
    dropTyped(placeOfMessage());
    message.reset();
    tellDoneAbove('Votre message est envoyé', 'La réponse du CNAS viendra ici.');
  },
});
act(document.getElementById('retirer'), '/withdrawal', { told: () => leaveForList('Votre demande est retirée.') });
act(document.getElementById('effacer'), '/withdrawal', { told: () => leaveForList('Votre brouillon est effacé.') });

/** Has a form do an act; the page then shows how the request is. */
function act(form, path, { body = () => ({}), told }) {
  listen(form, {
    refuse: refuseFor(form, look),
    async send() {
      show(await call('POST', /** @type {any} */ (pathOf(path)), body()));
      return told();
    },
  });
}

async function look() {
  show(await readRequest());
  giveBack(message, placeOfMessage());
}

function placeOfMessage() {
  return `${request.id} message`;
}

function show(now) {
  request = now;
  const { id, acts, fields, label, number, state, about } = request;
  const isDraft = state === 'draft';
  const isReady = fields.every(({ obligatory, value }) => value || !obligatory);
  changeHeading(french(label));
  tell('numero', grouped(number));
  tell('etat', request.state_label);
  tell('phrase', request.sentence);
  tell('mots', wordsFor(request));
  for (const part of document.querySelectorAll('[data-act]')) part.hidden = !acts.includes(part.dataset.act);
  for (const part of document.querySelectorAll('[data-draft]')) part.hidden = (part.dataset.draft === 'yes') !== isDraft;
  document.getElementById('continuer').hidden = !isDraft || isReady;
  sending.hidden = !isDraft || !isReady;
  document.getElementById('a-relire').hidden = sending.hidden;
  follow('continuer', { id });
  follow('document', { id });
  for (const claim of ['contester', 'rien-recu']) follow(claim, { about: { id, number, label, act: claim } });
  document.getElementById('sur').hidden = !about;
  follow('autre', { id: about });
  showAnswers(fields, isDraft);
  document.getElementById('suite').replaceChildren(...inOneLine(request.timeline).map(lineOf));
}

function showAnswers(fields, isDraft) {
  document.getElementById('reponses').hidden = !fields.length;
  document.querySelector('#reponses dl').replaceChildren(
    ...fields.map((asked) => {
      const answer = make('dd', make('span', shownAnswer(asked)));
      if (isDraft) {
        answer.append(
          ' ',
          makeLink(QUESTION, 'Modifier', asked.label, () => keepPlace({ id: request.id, question: asked.id, alone: true })),
        );
      }
      return make('div', make('dt', asked.label), answer);
    }),
  );
}

/** A draft that was saved again and again was saved once, the last time. */
function inOneLine(lines) {
  return lines.filter(({ act: one }, index) => one !== 'save' || lines[index + 1]?.act !== 'save');
}

/** What was written is text: nothing of it becomes a link. */
function lineOf({ at, label, words }) {
  const time = make('time', dayAndTime(at));
  time.dateTime = at;
  return make('li', time, make('div', make('div', label), ...(words ? [make('blockquote', words)] : [])));
}

function tellDoneAbove(title, words) {
  done.querySelector('h2').textContent = french(title);
  done.querySelector('p').textContent = french(words);
  done.hidden = false;
  done.querySelector('h2').focus();
}

function tell(where, words) {
  document.getElementById(where).textContent = french(words);
}

/** What a link leads on with. */
function follow(link, to) {
  document.getElementById(link).onclick = () => keepPlace({ ...place(), ...to });
}
