// Every message that a person can be told of a problem of the API. Those of a field's faults are in its page.

export const PROBLEMS = {
  'account-locked': "L'accès est suspendu pour un temps. Vous pourrez réessayer {retry}.",
  'body-too-large': 'Le texte saisi est trop long. Raccourcissez-le, puis réessayez.',
  cookies: 'Votre navigateur refuse les cookies. Acceptez ceux de ce site, puis réessayez.',
  'code-rejected': 'Ce code est incorrect ou a expiré. Vérifiez-le ou demandez un nouveau code.{left}',
  'contact-not-proven': "Ce moyen de contact n'a pas encore été vérifié. Choisissez-en un autre.",
  'credentials-rejected':
    "L'identifiant ou le mot de passe est incorrect. Vérifiez-les ou réinitialisez votre mot de passe.{left}",
  'flow-expired': 'Ce code a expiré.',
  'flow-locked': 'Vous avez saisi trop de codes incorrects. Vous pourrez en demander un {retry}.',
  'invalid-request': 'Une information manque ou est mal écrite. Vérifiez votre saisie.',
  'method-not-allowed': 'Cette action n\'est pas possible ici. Rechargez la page, puis réessayez.{reference}',
  offline: 'Vous êtes hors connexion. Ce que vous avez saisi est conservé : réessayez au retour de la connexion.',
  slow: 'Le service met trop de temps à répondre. Réessayez dans quelques minutes.',
  network: 'La connexion à Internet semble coupée. Vérifiez-la, puis réessayez.',
  'not-found': "Cette action n'existe plus. Rechargez la page, puis réessayez.{reference}",
  'not-json': "Votre saisie n'a pas pu être lue. Rechargez la page, puis réessayez.{reference}",
  'origin-rejected':
    "Votre navigateur n'a pas indiqué qu'il se trouve sur ce site. Rechargez la page, puis réessayez.{reference}",
  'outdated-version': 'Ce texte vient de changer. Lisez la nouvelle version, puis faites votre choix.',
  'password-rejected': 'Ce mot de passe ne répond pas aux règles de sécurité.',
  'resend-too-early': 'Vous pourrez demander un nouveau code {retry}.',
  'session-expired': 'Votre session a expiré. Reconnectez-vous.',
  'too-many-codes': 'Vous avez demandé trop de codes. Vous pourrez en demander un {retry}.',
  'too-many-requests': 'Trop de demandes viennent de votre réseau. Vous pourrez réessayer {retry}.',
  unavailable:
    'Service momentanément indisponible. Réessayez {retry}. Vos réponses déjà validées sont conservées.',
  unexpected:
    'Le service rencontre un problème. Réessayez plus tard. Vos réponses déjà validées sont conservées.{reference}',
  'unsupported-media-type':
    "Votre navigateur n'a pas envoyé la demande comme il le faut. Rechargez la page, puis réessayez.{reference}",
  'wrong-step':
    'Une autre demande ou une autre connexion a été commencée dans ce navigateur. Rien n\'a été enregistré. Vérifiez que cette page est bien la vôtre, puis recommencez.',
};

/** French typography: no line parts a mark from its word, the digits of a number or a number from its unit. */
export function french(text) {
  return text
    .replace(/ (?=[:»])/g, '\u00a0')
    .replace(/« |\d (?=[\d%€]|(?:h|secondes?|minutes?|heures?|jours?|mois|ans?)\b)/g, ([mark]) => `${mark}\u00a0`)
    .replace(/ (?=[;?!])/g, '\u202f');
}

export function attemptsLeft(number) {
  if (number === undefined) return '';
  return number === 1 ? ' Il vous reste une tentative.' : ` Il vous reste ${number} tentatives.`;
}

/** What to quote to the help desk, where the answer came from the API itself. */
export function referenceTo(id) {
  return id ? ` Référence : ${id}` : '';
}

/** Replaces each `{name}` of a message. */
export function fill(message, values) {
  return french(message.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''));
}
