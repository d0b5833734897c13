// What correspondents alone are told, or are told otherwise: one message for each problem of their calls.

export const SPACE_PROBLEMS = {
  'body-too-large': 'Ce fichier dépasse 4 Mo. Envoyez-le en plusieurs parties.',
  'import-running': "Un autre fichier est en cours. Attendez qu'il soit terminé : vous le voyez dans vos derniers envois.",
  'not-confirmed': 'Une case reste à cocher pour confirmer.',
  'not-your-account': "Cette action n'est pas possible avec ce compte.",
  'outdated-version': 'Cette fiche vient de changer. Elle est affichée de nouveau : vérifiez-la, puis recommencez.',
  'too-many-today': "C'était le dernier pour aujourd'hui. Vous pourrez recommencer {retry}.",
};
