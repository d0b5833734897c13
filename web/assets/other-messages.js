// What some pages tell in place of a message that all share.

/** Told in place of `unavailable` where a code was asked for. */
export const CODES_UNAVAILABLE =
  'Nous ne pouvons pas envoyer de code pour le moment. Réessayez dans quelques minutes.';

/** Told in place of `resend-too-early` where the code was wanted by the other way. */
export const OTHER_WAY_TOO_EARLY = 'Vous pourrez recevoir le code autrement {retry}.';

/** Told in place of `credentials-rejected` where the password alone is asked for. */
export const WRONG_PASSWORD = 'Ce mot de passe est incorrect.{left}';
