// How people are named to their correspondent.

/** « Saint-Martin (Petit) Rose »: birth name, usage name where it is another, first name. */
export function nameOf({ last_name: last, usage_name: usage, first_name: first }) {
  return [last, usage && usage !== last && `(${usage})`, first].filter(Boolean).join(' ');
}
