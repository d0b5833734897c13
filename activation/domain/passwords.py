"""The rules for passwords. How they are stored is in `activation.domain.credentials`."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from activation.domain.errors import DomainError
from activation.domain.names import fold_letters, fold_name, fold_words

MIN_LENGTH = 12
MAX_LENGTH = 256
MIN_KINDS = 3
MIN_SCORE = 3
SCORED_LENGTH = 72
"""How many characters zxcvbn is given: its time grows faster than the length, and it refuses more."""
MOST_LOOKALIKES = 6
SCORED_LENGTH_AMONG_LOOKALIKES = 16
"""How many it gets with more than `MOST_LOOKALIKES` different lookalikes: each more doubles zxcvbn's time."""
_LOOKALIKES = frozenset("4@8({[<3691!|705$+%2")
"""The signs that zxcvbn takes for letters, as in « p4$$w0rd » (its `L33T_TABLE`)."""
MIN_OWN_LENGTH = 8
"""The fewest characters beside the owner's names and identifier: zxcvbn alone passes `Garcia-10000001`."""
MIN_WORD_LENGTH = 3
"""The fewest letters of a word that counts as a name: « Le », « d' » are in too many passwords by chance."""

_KINDS = {"Lu": "upper", "Lt": "upper", "Ll": "lower", "Nd": "digit"}

_FRENCH_WORDS = tuple(
    """
    azerty azertyuiop qsdfgh qsdfghjklm wxcvbn motdepasse passe secret bonjour bonsoir salut coucou merci soleil lune
    étoile amour jetaime chéri chérie loulou doudou chouchou bébé maman papa famille enfant enfants maison jardin
    école travail bureau mairie commune ville département région service prestation vacances noël plage montagne
    neige fleur fleurs rose tulipe papillon chat chaton chien cheval lapin poisson oiseau tigre lion dauphin licorne
    princesse chocolat caramel vanille cerise fraise pomme banane café fromage football rugby tennis musique guitare
    danse cinéma livre voiture moto bateau avion voyage bonheur liberté égalité fraternité france français française
    paris marseille lyon toulouse bordeaux nantes lille strasbourg bretagne normandie corse alsace provence réunion
    martinique guadeloupe guyane janvier février mars avril juin juillet août septembre octobre novembre décembre
    lundi mardi mercredi jeudi vendredi samedi dimanche printemps automne hiver rouge orange jaune vert bleu violet
    blanc noir nicolas julien thomas alexandre camille caroline isabelle nathalie sandrine christophe sébastien
    """.split()  # noqa: SIM905  # a list would take a line a word
)


class PasswordFault(StrEnum):
    """Why a password is refused; the front end has one message for each."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_FEW_KINDS = "too-few-kinds"
    TOO_COMMON = "too-common"
    MISMATCH = "mismatch"
    UNCHANGED = "unchanged"


class PasswordRejectedError(DomainError):
    """The password breaks the rules in `faults`, which is never empty."""

    def __init__(self, faults: tuple[PasswordFault, ...]) -> None:
        super().__init__(*faults)
        self.faults = faults


def normalise_password(text: str) -> str:
    """The form of a password that is counted, compared and hashed: NFKC, as keyboards compose letters differently."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, confirmation: str, *, identifier: str, names: Iterable[str]) -> str:
    """Return the normalised password, if it is good enough. `names` are all the names of the account's owner.

    Raises PasswordRejectedError with every fault that applies, except `unchanged`: that one takes the stored hash.
    The strength of a password is not judged if its length is wrong.
    """
    chosen = normalise_password(password)
    wrong_length = len(chosen) < MIN_LENGTH or len(chosen) > MAX_LENGTH
    rules = {
        PasswordFault.TOO_SHORT: len(chosen) < MIN_LENGTH,
        PasswordFault.TOO_LONG: len(chosen) > MAX_LENGTH,
        PasswordFault.TOO_FEW_KINDS: len({_kind(char) for char in chosen}) < MIN_KINDS,
        PasswordFault.TOO_COMMON: not wrong_length and _is_common(chosen, identifier, tuple(names)),
        PasswordFault.MISMATCH: normalise_password(confirmation) != chosen,
    }
    if faults := tuple(fault for fault, applies in rules.items() if applies):
        raise PasswordRejectedError(faults)
    return chosen


def _kind(char: str) -> str:
    return _KINDS.get(unicodedata.category(char), "other")


def _is_common(password: str, identifier: str, names: tuple[str, ...]) -> bool:
    words = {word for name in names for word in (fold_name(name), *fold_words(name)) if len(word) >= MIN_WORD_LENGTH}
    personal = {fold_letters(identifier), "cnas", *words}
    if _own_length(password, personal) < MIN_OWN_LENGTH:
        return True
    return _score(password, [*names, *sorted(personal)]) < MIN_SCORE


def _own_length(password: str, personal: Iterable[str]) -> int:
    """How many characters of the password are not part of its owner's name or identifier."""
    longest_first = sorted(personal, key=len, reverse=True)
    taken_out = re.findall("|".join(map(re.escape, longest_first)), fold_letters(password))
    return len(password) - sum(map(len, taken_out))


def _score(password: str, personal: Iterable[str]) -> int:
    """How hard to guess, from 0 to 4, for someone who knows the person and French."""
    # zxcvbn takes 35 ms to import, its word lists most of it: only calls that set a password pay for it.
    from zxcvbn import zxcvbn  # noqa: PLC0415  # see above

    known = dict.fromkeys((*personal, *_FRENCH_WORDS, *map(fold_letters, _FRENCH_WORDS)))
    return zxcvbn(_scored_part(password), user_inputs=known)["score"]


def _scored_part(password: str) -> str:
    """The beginning of the password, so short that zxcvbn scores it in a fifth of a second at most."""
    part = password[:SCORED_LENGTH]
    is_slow = len(_LOOKALIKES.intersection(part)) > MOST_LOOKALIKES
    return part[:SCORED_LENGTH_AMONG_LOOKALIKES] if is_slow else part
