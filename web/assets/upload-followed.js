// K3: the check of a file, what it would change, its application, and the way back.

import { answerOf, call, headersFor, LOST, reach, read } from './api.js';
import { showCards } from './cards.js';
import { saveText } from './download.js';
import { counted } from './counted.js';
import { listen, showErrors } from './form.js';
import { keep } from './memory.js';
import { french } from './messages.js';
import { nameOf } from './people-names.js';
import { goTo, leave, tellIncident } from './session.js';
import { keepWork, openSpace, work } from './space.js';
import { SPACE_PROBLEMS } from './space-messages.js';
import { countsInWords, STATES, until } from './uploads.js';

const UPLOADS = '/api/correspondent/uploads';
const START = '/correspondant/envoi';
const GONE = "Cet envoi n'existe plus. Envoyez votre fichier de nouveau.";
const TOO_LATE = "Cette action n'est plus possible. La page montre maintenant où en est votre envoi.";
const UNDER_WAY = ['checking', 'applying', 'undoing'];
const EVERY = 2000;

const state = document.getElementById('etat');
const bar = document.getElementById('avancement');
const cut = document.getElementById('coupure');
const applying = document.getElementById('appliquer');
const undoing = document.getElementById('annuler');
let id;
let timer;

openSpace(async () => {
  id = work().upload ?? (await read('/api/correspondent')).uploads[0]?.upload_id;
  if (!id) return goTo(START);
  await look();
});

const refuse = (form) => async (problem) => {
  if (problem.code !== 'wrong-step' || problem.next_step !== 'home') return false;
  // Another tab was quicker, or the time was over: the page now shows how things are.
  await look();
  showErrors(form, [{ message: french(TOO_LATE) }]);
  return true;
};

listen(applying, {
  words: SPACE_PROBLEMS,
  refuse: refuse(applying),
  async send() {
    const confirm = [...applying.querySelectorAll('input:checked')].map(({ name }) => name);
    await call('POST', `${UPLOADS}/${id}/application`, { confirm });
    await look();
  },
});

listen(undoing, {
  words: SPACE_PROBLEMS,
  refuse: refuse(undoing),
  async send() {
    await call('POST', `${UPLOADS}/${id}/undoing`);
    await look();
  },
});

listen(document.getElementById('rapport'), {
  words: SPACE_PROBLEMS,
  async send() {
    saveText('rapport.csv', await readReport(), 'text/csv');
  },
});

/** The report, with the mark that tells spreadsheets how its letters are written. */
async function readReport() {
  const path = `${UPLOADS}/${id}/report`;
  const answer = await reach(path, { method: 'GET', headers: { ...headersFor(path), Accept: 'application/octet-stream' } });
  if (!answer.ok) answerOf(answer);
  return `\ufeff${answer.text}`;
}

async function look() {
  clearTimeout(timer);
  const upload = await read(`${UPLOADS}/${id}`).catch(leaveUnknown);
  show(upload);
  if (UNDER_WAY.includes(upload.state)) timer = setTimeout(lookAgain, EVERY);
}

function leaveUnknown(problem) {
  if (problem.code !== 'not-found') throw problem;
  keepWork({ upload: undefined });
  keep('notice', GONE);
  return goTo(START);
}

/** A connection that is lost for a while is told, and no end: the work goes on without this page. */
async function lookAgain() {
  try {
    await look();
    cut.textContent = '';
  } catch (problem) {
    if (LOST.includes(problem.code) || problem.code === 'slow') {
      cut.textContent = 'La connexion est coupée. Le travail continue : cette page reprendra au retour de la connexion.';
      timer = setTimeout(lookAgain, EVERY);
    } else if (!(await leave(problem))) tellIncident(problem);
  }
}

function show({ state: now, progress, counts, findings = [], changes = [], confirm = [], expires_at: expiresAt, undo_until: undoUntil }) {
  for (const part of document.querySelectorAll('[data-state]')) part.hidden = !part.dataset.state.split(' ').includes(now);
  // The same words again would be spoken again.
  if (state.textContent !== french(STATES[now])) state.textContent = french(STATES[now]);
  showProgress(progress);
  // What is taken back, or still under way, is no more, or not yet, so.
  const holds = ![...UNDER_WAY, 'undone'].includes(now);
  tell('comptes', counts && holds ? countsInWords(counts) : '');
  document.getElementById('entrees').hidden = !(counts?.arrivals && holds);
  const lines = holds ? findings.filter(({ row }) => row) : [];
  tell('raison', findings.filter(({ row }) => !row).map(({ reason }) => reason).join(' '));
  document.getElementById('lignes').hidden = !lines.length;
  // So begins what refuses a row (activation/domain/uploads.py), perhaps for several reasons.
  const refused = new Set(lines.filter(({ reason }) => reason.startsWith('Refusé')).map(({ row }) => row)).size;
  document.getElementById('refus').hidden = !refused;
  tell('refusees', counted(refused, 'ligne refusée', 'lignes refusées'));
  showCards(document.getElementById('motifs'), lines.map(({ row, column = '', reason }) => [String(row), column, reason]));
  document.getElementById('changements').hidden = !changes.length;
  showCards(document.getElementById('fiches'), changes.map(cellsOf));
  for (const box of applying.querySelectorAll('[data-field]')) {
    const asked = confirm.includes(box.dataset.field);
    box.hidden = !asked;
    box.querySelector('input').required = asked;
  }
  tell('jusqu-a', expiresAt && `Vous pouvez le faire ${until(expiresAt)}.`);
  tell('annulable', undoUntil && until(undoUntil));
}

/** Who it is, as the roster has them now, and the columns that would change. */
function cellsOf(change) {
  const { row, identifier, leaves, columns } = change;
  const what = [leaves ? 'Sortie' : 'Modification', columns.join(', ')].filter(Boolean).join(' : ');
  return [String(row), `${nameOf(change)}, ${identifier}`, french(what)];
}

function showProgress(progress) {
  const known = Boolean(progress?.total);
  if (known) bar.value = progress.done / progress.total;
  else bar.removeAttribute('value');
  tell('avancement-mots', known ? `${counted(progress.done, 'ligne')} sur ${progress.total.toLocaleString('fr-FR')}` : 'Lecture du fichier');
}

function tell(place, words) {
  document.getElementById(place).textContent = french(words ?? '');
}
