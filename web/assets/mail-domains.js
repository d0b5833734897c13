// Mail domains that people mistype, and the one they mean: the table of `activation/domain/mail_domains.py`.

import { french } from './messages.js';

const MISSPELT = {
  'gmail.com':
    'gmial.com gmai.com gmal.com gmil.com gamil.com gmaill.com gmali.com gnail.com gimail.com gmail.con gmail.cm gmail.cmo gmail.co gmail.om gmail.comm gmail.fr gmail.f',
  'hotmail.com':
    'hotmai.com hotmal.com hotmial.com hotmil.com hotmaill.com hotamil.com homail.com hotmail.con hotmail.cm hotmail.cmo hotmail.om hotmail.comm',
  'hotmail.fr': 'hotmai.fr hotmal.fr hotmial.fr hotmil.fr hotmaill.fr hotamil.fr homail.fr hotmail.f hotmail.ff hotmail.rf',
  'icloud.com': 'iclou.com iclud.com icoud.com icloud.con icloud.fr',
  'laposte.net': 'lapost.net lapsote.net laposte.ne laposte.ent laposte.nett laposte.bet',
  'live.fr': 'live.f live.ff live.rf',
  'orange.fr': 'orang.fr ornage.fr oragne.fr orangr.fr orange.f orange.ff orange.rf',
  'outlook.com': 'outlok.com oulook.com outloock.com outlook.con outlook.comm',
  'outlook.fr': 'outlok.fr oulook.fr outloock.fr outlook.f outlook.ff outlook.rf',
  'sfr.fr': 'sfr.f sfr.ff sfr.rf',
  'free.fr': 'free.f free.ff free.rf frree.fr',
  'wanadoo.fr': 'wanado.fr wandoo.fr wanaddo.fr wanadou.fr wanadoo.f wanadoo.ff wanadoo.rf',
  'yahoo.com': 'yaho.com yahooo.com yhaoo.com yahoo.con yahoo.comm',
  'yahoo.fr': 'yaho.fr yahooo.fr yhaoo.fr yahoo.f yahoo.ff yahoo.rf',
};

/** The domain that a mail address surely means instead of its own; empty for nearly all. */
export function meantDomain(address) {
  const domain = address.slice(address.lastIndexOf('@') + 1).trim().toLowerCase();
  return Object.keys(MISSPELT).find((meant) => MISSPELT[meant].split(' ').includes(domain)) ?? '';
}

/** Asks, beside the field of a mail address, whether another domain is meant: now and after each change. */
export function askForDomain(input) {
  const ask = () => {
    const meant = meantDomain(input.value);
    document.getElementById(`${input.id}-conseil`).textContent = meant && french(`Vouliez-vous dire ${meant} ?`);
  };
  input.addEventListener('change', ask);
  ask();
}
