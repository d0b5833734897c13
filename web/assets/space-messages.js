// What a correspondent alone can be told: one message for each problem of those calls.

export const SPACE_PROBLEMS = {
  'not-confirmed': 'Une case reste à cocher pour confirmer.',
  'not-found': "Cet envoi n'existe plus. Envoyez votre fichier de nouveau.",
  'outdated-version': 'Cette fiche vient de changer. Elle est affichée de nouveau : vérifiez-la, puis recommencez.',
  'too-many-uploads': 'Vous avez envoyé trop de fichiers. Vous pourrez en envoyer un {retry}.',
  'too-many-changes': 'Vous avez modifié trop de fiches. Vous pourrez en modifier une {retry}.',
  'wrong-step': "Cette action n'est plus possible. La page montre maintenant où en est votre envoi.",
  'body-too-large': 'Ce fichier dépasse 4 Mo. Envoyez-le en plusieurs parties.',
};
