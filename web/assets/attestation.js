// D3: a document, to show on a phone at a counter and to print.

import { openAccount } from './account.js';
import { factsOf } from './attested.js';
import { french } from './messages.js';
import { listenToPrint } from './print.js';
import { grouped } from './grouped.js';
import { readRequest } from './requests.js';

const SVG = 'http://www.w3.org/2000/svg';
const OVER = {
  expired: "Cette attestation n'est plus valable : sa date est passée. Vous pouvez en demander une autre.",
  withdrawn: "Cette attestation n'est plus valable : votre situation a changé. Vous pouvez en demander une autre.",
};

listenToPrint();

openAccount(async () => {
  const said = await readRequest('/document');
  const over = OVER[said.state];
  tell('dit', said.attests);
  tell('numero', grouped(said.number));
  tell('code', said.code);
  const address = said.url.replace(/^https?:\/\/|#.*/g, '').split('/');
  document.getElementById('adresse').replaceChildren(`${address[0]}/`, document.createElement('wbr'), address[1]);
  tell('perdue', over ?? '');
  for (const part of document.querySelectorAll('#preuve, #imprimer, #montrer')) part.hidden = Boolean(over);
  document.getElementById('faits').replaceChildren(...factsOf(said));
  drawCode(said.qr);
});

function drawCode({ size, path }) {
  const drawing = document.getElementById('qr');
  drawing.setAttribute('viewBox', `0 0 ${size} ${size}`);
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  drawing.replaceChildren(line);
}

function tell(place, words) {
  document.getElementById(place).textContent = french(words);
}
