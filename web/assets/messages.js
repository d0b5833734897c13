// Every message that a person can be told: one for each problem of the API, one for each fault of a field.

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

/** Told in place of `unavailable` where a code was asked for. */
export const CODES_UNAVAILABLE =
  'Nous ne pouvons pas envoyer de code pour le moment. Réessayez dans quelques minutes.';

/** Told in place of `resend-too-early` where the code was wanted by the other way. */
export const OTHER_WAY_TOO_EARLY = 'Vous pourrez recevoir le code autrement {retry}.';

/** Told in place of `credentials-rejected` where the password alone is asked for. */
export const WRONG_PASSWORD = 'Ce mot de passe est incorrect.{left}';

const EMAIL = 'Saisissez une adresse email au bon format, par exemple nom@exemple.fr';
const MOBILE = 'Saisissez un numéro de téléphone mobile, par exemple 06 12 34 56 78';

export const FAULTS = {
  identifier: {
    missing: 'Saisissez votre identifiant de connexion',
    invalid: "L'identifiant de connexion ne contient que des chiffres, par exemple {example}",
  },
  last_name: {
    missing: 'Saisissez votre nom de famille',
    unreadable: "Une lettre de votre nom n'est pas lisible (\ufffd). Saisissez-le au clavier",
  },
  code: {
    missing: 'Saisissez le code de sécurité',
    invalid: 'Le code de sécurité comporte {length} chiffres, par exemple {example}',
  },
  password: {
    missing: 'Saisissez un mot de passe',
    'too-short': 'Le mot de passe doit comporter au moins 12 caractères',
    'too-long': 'Le mot de passe doit comporter 256 caractères au maximum',
    'too-few-kinds':
      'Le mot de passe doit comporter au moins 3 types de caractères : chiffre, minuscule, majuscule, caractère spécial (par exemple @ ou #)',
    'too-common':
      'Ce mot de passe est trop courant. Choisissez-en un autre, par exemple plusieurs mots sans lien entre eux',
    unchanged: "C'est déjà votre mot de passe actuel",
  },
  confirmation: {
    missing: 'Saisissez la confirmation du mot de passe',
    mismatch: 'Les deux mots de passe ne sont pas identiques',
  },
  current: { missing: 'Saisissez votre mot de passe actuel' },
  consents: { missing: 'Choisissez « Je consens » ou « Je ne consens pas »' },
  channel: { missing: 'Choisissez la réception par email ou par téléphone mobile' },
  email: {
    missing: EMAIL,
    invalid: EMAIL,
    several: 'Saisissez une seule adresse email',
    unchanged: 'Vous utilisez déjà cette adresse',
  },
  mobile: {
    missing: MOBILE,
    invalid: MOBILE,
    several: 'Saisissez un seul numéro',
    'not-a-mobile': "Ce numéro n'est pas un mobile : il ne peut pas recevoir de SMS",
    'not-served': 'Nous ne pouvons pas envoyer de SMS dans ce territoire. Utilisez une adresse email',
    unchanged: 'Vous utilisez déjà ce numéro',
  },
  terms: { missing: "Cochez « J'ai consulté et j'accepte les CGU » pour continuer" },
};

/** French typography: no line parts a mark from its word, the digits of a number or a number from its unit. */
export function french(text) {
  return text
    .replace(/ (?=[:»])/g, '\u00a0')
    .replace(/« |\d (?=[\d%€])/g, ([mark]) => `${mark}\u00a0`)
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
