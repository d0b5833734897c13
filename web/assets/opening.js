// What opening a request may be told.

export const OPENING_PROBLEMS = {
  'rights-not-dated':
    'Le CNAS ne connaît pas le début de vos droits. Demandez à votre correspondant de lui indiquer cette date.',
  'too-many-requests-open': 'Vous avez 20 demandes en cours. Terminez-en une, ou retirez-la, puis recommencez.',
};
