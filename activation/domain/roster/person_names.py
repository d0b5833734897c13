"""The names of a row: each is put into its column where that is certain; a name that nobody can type is a fault."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from activation.domain.names import BORN, MARRIED, fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.values import Cells, Note, means_nothing

_fold = lru_cache(maxsize=10_000)(fold_name)
"""Particles and first names are the same in many rows."""


def _words_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LETTERS = "[^\\W\\d_\u00b2\u00b3\u00b9\u00bc-\u00be]+"
_PLAIN = re.compile(f"{_LETTERS}(?:[ '\u2019-]{_LETTERS})*")

_NO_NAMES = frozenset({"NULL", "null", "(null)", "NaN", "nan", "undefined"})
"""Words that programs write for an empty value. People called Null are written with one capital."""

_NEVER_A_NAME = re.compile(
    r"mme|mlle|mr|dr|pr|epouse|epoux|epse|inconnue?|anonyme|neant|nc|nr|nd|nsp|x{2,}|sansobjet|idem|ibid|ibidem|ditto"
    r"|meme|identique|celibataire|divorcee?|separee?|pacsee?|mariee|(?:non|pas)(?:communique|connu|fourni|renseigne)e?"
    r"|(?:pas|sans|aucun|non|idem|meme|identique|comme|inconnu)(?:a|au|de|d|le|que)*"
    r"nom(?:de(?:famille|jeunefille|naissance)|depouse|dusage|marital)?|nominconnu"
)
"""Words that people write where there is no name, folded: refused as a birth name, empty as a usage name."""

_ALSO_NAMES = _words_of("sans non oui x so ras rien id m na aucun aucune null nan none vide madame monsieur")
"""Words that people write where there is no name, or a title, folded; some people are called so.

Each word that `means_nothing` knows is one of these or never a name.
"""
_CURT = frozenset({"id", "na", "nc", "nd", "nr", "ns", "ras", "so"})
"""The short ones that are surely no name with signs between their letters: `S.O.`, `n/c`."""

_TITLE = r"(?:M\.|(?:Mr|Mme|Mlle|Madame|Mademoiselle|Monsieur|Dr|Pr)\b(?!['\u2019-])\.?)"
_BEFORE = re.compile(rf"(?:{_TITLE}|Me\b(?!['\u2019-])\.?)\s*(?=\S)", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=\w)(?:\s*,\s*|\s*\(\s*|\s+){_TITLE}\s*\)?$", re.IGNORECASE)
_TITLES = frozenset({"mme", "mlle", "mr", "madame", "mademoiselle", "monsieur", "dr", "pr"})
_MAY_BE_TITLES = frozenset({"m", "maitre", "docteur", "professeur", "famille"})
"""Titles that are surnames' first words too, folded: `M Barek`, `Maître`."""

_TWO_PEOPLE = re.compile(
    rf"(?:M\b|{_TITLE})\.?\s*(?:et|ou|&|/|\+|-)\s*(?:M\b|{_TITLE})|(?<=\w)\W*\s+et\s+\W*(?=\w)", re.IGNORECASE
)
_PHRASES = (
    (re.compile(r"\bnom (?:d['\u2019 ]?usage|d['\u2019 ]?[ée]pouse|marital)\b *:?", re.IGNORECASE), "épouse"),
    (re.compile(r"\bnom (?:de )?(?:jeune fille|naissance)\b *:?", re.IGNORECASE), "née"),
)
"""Phrases that stand for a word between two names."""
_ALIASES = frozenset({"dit", "dite", "alias", "usage"})
"""Words between two names that are in surnames too, folded: `Martin dit Lapierre`."""

_RANK = re.compile(
    r"\s*\((?:fils|fille|p[eè]re|m[eè]re|a[iî]n[eé]e?|cadet|cadette|jeune|jr|junior|sr|s[eé]nior"
    r"|retrait[ée]e?|d[ée]c[ée]d[ée]e?)\)",
    re.IGNORECASE,
)
_RANKS = _words_of("fils fille pere mere aine ainee cadet cadette jeune junior senior")
"""Words after a name that tell namesakes apart, folded; in small letters they are no part of the name."""
_NOTES = _words_of(
    "jr sr retraite retraitee decede decedee vacataire stagiaire contractuel contractuelle titulaire cdd cdi"
)
"""Words after a name that are never part of it, folded."""
_NUMERALS = frozenset({"II", "III", "IV"})

_PARTICLES = _words_of(
    "l le la les d de du des da das di do dos del della van von der den ten ter ben bel ould el al abd st saint sainte"
    " mac mc o"
)
"""Words with which surnames begin, folded: « Le Père », « Le Née », « Le GOFF » are whole."""

_TO_READ = (
    BORN | MARRIED | _ALSO_NAMES | _MAY_BE_TITLES | _ALIASES | _RANKS | _NOTES | {"ii", "iii", "iv", "me", "mr", "dr"}
) | _words_of("pr mme mlle mademoiselle et pas nom idem meme identique comme inconnu nc nr nd")
"""The words that make a name of several words worth a reading, folded."""

_SIGNS = " .'`\u00b4\u2018\u2019\u02bc-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7"
"""The signs between the letters of a name, as people and spreadsheets write apostrophes and hyphens."""
_QUOTATION_MARKS = '"\u00ab\u00bb\u201c\u201d\u201e'

_LONGEST_NO_NAME = 40
_MOST_READ = 200
"""Longer names are refused as they are: taking them apart would be slow."""

_TOKEN = re.compile(r"[^\s(),]+")
_GLUED = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")


class Names(NamedTuple):
    """The cells with their names read, their faults, and the remarks on them."""

    cells: Cells
    faults: list[Note]
    remarks: list[Note]


def read_names(cells: Cells) -> Names:
    """Put names into the columns where they belong, and empty the cells that say that they are empty.

    « DUPONT épouse MARTIN » and « MARTIN née DUPONT » are split; titles, « (fils) » and a first name that its column
    repeats are dropped. A cell that is neither certain nor typed by anybody is a fault.
    """
    last, usage, first = (cells.get(column, "") for column in _NAMES)
    if max(map(len, (last, usage, first))) > _MOST_READ or names_are_plain(last, usage, first):
        return Names(cells, [], [])
    reading = _Reading(first)
    reading.read(last, usage)
    read = {Column.LAST_NAME: reading.last, Column.USAGE_NAME: reading.usage, Column.FIRST_NAME: reading.first}
    changed = {column: name for column, name in read.items() if name != cells.get(column, "")}
    return Names({**cells, **changed}, reading.faults, reading.remarks)


def names_are_plain(last: str, usage: str, first: str) -> bool:
    """Whether the names need no reading: nearly always, and found in a few microseconds."""
    initial = _fold(first[:1])
    return _is_plain(last, initial) and _is_plain(usage, initial) and _is_plain(first, _fold(last[:1]))


@lru_cache(maxsize=10_000)
def _is_plain(name: str, initial: str) -> bool:
    """Whether the name is words of letters, none of which has another meaning or may belong to another column."""
    if not name:
        return True
    if not _PLAIN.fullmatch(name) or name in _NO_NAMES or means_nothing(name):
        return False
    if " " not in name:
        word = name.casefold().replace("é", "e").replace("ê", "e")
        return not (word in _ALSO_NAMES or word in BORN or _NEVER_A_NAME.fullmatch(word))
    words = name.split()
    may_be_first = initial and any(_fold(word[:1]) == initial for word in words)
    return not (may_be_first or _has_two_cases(name) or any(_fold(word) in _TO_READ for word in words))


def _has_two_cases(name: str) -> bool:
    """Whether some words are in capitals and others are not: « DUPONT Marie »."""
    return not name.isupper() and any(word[1:].strip(".") and word.isupper() for word in name.split())


class _Reading:
    """Reads the names of one row, and gathers faults and remarks."""

    last: str
    usage: str

    def __init__(self, first: str) -> None:
        self.faults: list[Note] = []
        self.remarks: list[Note] = []
        self.first = "" if means_nothing(first) or _is_no_name(first) else self._untitled(Column.FIRST_NAME, first)

    def read(self, last: str, usage: str) -> None:
        """Read both last names as they are written."""
        self.usage = self._said(usage, last)
        self.usage = self._bare(Column.USAGE_NAME, self.usage)
        self.last = self._bare(Column.LAST_NAME, last)
        self._take_birth_name_apart()
        self._take_married_name_apart()
        self._take_first_name_apart()
        self.last = self._without_first_name(Column.LAST_NAME, self.last)
        self.usage = self._without_first_name(Column.USAGE_NAME, self.usage) if _fold(self.usage) else ""
        for column, name in ((Column.LAST_NAME, self.last), (Column.USAGE_NAME, self.usage)):
            self._judge(column, name)
        self._judge_first_name()

    def _said(self, usage: str, last: str) -> str:
        """The usage name; empty if the cell says that there is none, with a remark if that word may be a name.

        Such a word is a name only if it is written like the birth name, both in capitals for example.
        """
        if means_nothing(usage) or _is_no_name(usage):
            return ""
        if _fold(usage) not in _ALSO_NAMES or _case(usage) == _case(last):
            return usage
        self.remarks.append(
            (Column.USAGE_NAME, "lu comme une cellule vide ; si c'est un nom, écrivez-le comme l'autre")
        )
        return ""

    def _untitled(self, column: Column, name: str) -> str:
        """The name without the titles before it."""
        bare = name
        while title := _BEFORE.match(bare):
            bare = bare[title.end() :]
        if bare != name:
            self.remarks.append((column, "la civilité devant le nom n'est pas reprise"))
        return bare

    def _bare(self, column: Column, name: str) -> str:
        """The name without titles, without a rank or a note after it, and with words in place of its phrases."""
        if _TWO_PEOPLE.search(name):
            self.faults.append((column, "il y a deux personnes : une ligne pour chacune"))
            return name
        name = self._untitled(column, name)
        bare = _AFTER.sub("", name)
        if bare != name:
            self.remarks.append((column, "la civilité après le nom n'est pas reprise"))
        name = _RANK.sub("", bare).strip()
        if name != bare:
            self.remarks.append((column, _NOT_OF_THE_NAME))
        for phrase, joint in _PHRASES:
            name = phrase.sub(f"{joint} ", name)
        return self._without_end(column, name)

    def _without_end(self, column: Column, name: str) -> str:
        """The name without words after it that are no part of it; a remark on a word that may be one."""
        words = name.split()
        while not all(_fold(word) in _PARTICLES or not _fold(word) for word in words[:-1]):
            end, word = words[-1].strip("().,"), _fold(words[-1])
            is_small = end.islower() and not name.islower()
            if word in MARRIED:
                self.remarks.append((column, "il manque un nom après « épouse », « ép. »… : ce mot n'est pas repris"))
            elif word in _NOTES or end in _NUMERALS or (word in _RANKS and is_small):
                self.remarks.append((column, _NOT_OF_THE_NAME))
            elif not word or _is_curt(end):
                if word:
                    self.remarks.append((column, "« N.C. », « N/A »… après le nom n'est pas repris"))
            else:
                if word in _RANKS | BORN | _ALSO_NAMES or _is_no_name(end):
                    self.remarks.append((column, "le dernier mot est-il du nom ? sinon effacez-le"))
                break
            words.pop()
        return name if len(words) == len(name.split()) else " ".join(words).rstrip(" ,(-\u2013\u2014")

    def _take_first_name_apart(self) -> None:
        """Split « DUPONT Marie » in the column of birth names, where there is no first name."""
        if not _has_two_cases(self.last) or _joined(self.last):
            return
        words = self.last.split()
        capitals = next(place for place, word in enumerate(words) if not word.isupper())
        surname, rest = words[:capitals], words[capitals:]
        are_first_names = all(word.istitle() and _fold(word) not in _PARTICLES | _TO_READ for word in rest)
        if any(_fold(word) not in _PARTICLES for word in surname):
            is_odd = _fold(rest[0]) not in _PARTICLES | _TO_READ and _fold("".join(rest)) != _fold(self.first)
            if is_odd and are_first_names and not self.first and _PLAIN.fullmatch(self.last):
                self.last, self.first = " ".join(surname), " ".join(rest)
                text = "il était avec le nom de naissance : il est mis dans sa colonne"
                self.remarks.append((Column.FIRST_NAME, text))
                return
        else:
            is_odd = not surname and not self.first and _fold(words[0]) not in _PARTICLES | _MAY_BE_TITLES
        if is_odd:
            self.remarks.append((Column.LAST_NAME, "un prénom est-il dans le nom ? il a sa colonne"))

    def _take_married_name_apart(self) -> None:
        """Split « DUPONT épouse MARTIN » and « MARTIN née DUPONT » in the column of birth names."""
        if not (joined := _joined(self.last)):
            return
        before, joint, after = joined
        birth, married = (after, before) if joint in BORN else (before, after)
        if not birth:
            self.faults.append((Column.LAST_NAME, "c'est un nom d'usage : mettez-le dans sa colonne"))
            return
        self.last = birth
        if married and not self.usage:
            self.usage = married
            self.remarks.append((Column.USAGE_NAME, "il était avec le nom de naissance : il est mis dans sa colonne"))
        else:
            self.remarks.append((Column.LAST_NAME, "seul le nom de naissance est repris de cette cellule"))

    def _take_birth_name_apart(self) -> None:
        """Split « MARTIN née DUPONT », « épouse MARTIN » and « née DUPONT » in the column of usage names."""
        if not (joined := _joined(self.usage)):
            return
        before, joint, after = joined
        is_born = joint in BORN
        self.usage = before if is_born else after
        if is_born and not before and _fold(after) != _fold(self.last):
            self.faults.append((Column.USAGE_NAME, "c'est un nom de naissance, différent de celui de sa colonne"))
        else:
            self.remarks.append((Column.USAGE_NAME, "seul le nom d'usage est repris de cette cellule"))

    def _without_first_name(self, column: Column, name: str) -> str:
        """The name without the first name, which its case tells apart: « GARCIA Louis », « Louis GARCIA »."""
        words, first = name.split(), _fold(self.first)
        cuts = range(1, len(words)) if first else ()
        for cut in cuts:
            start, end = " ".join(words[:cut]), " ".join(words[cut:])
            for rest, named in ((start, end), (end, start)):
                if _fold(named) != first:
                    continue
                if rest.isupper() and not named.isupper():
                    self.remarks.append((column, "le prénom n'est pas repris dans le nom"))
                    return rest
                self.remarks.append((column, "le prénom est aussi dans le nom : vérifiez-le"))
        return name

    def _judge(self, column: Column, name: str) -> None:
        folded = _fold(name)
        if name in _NO_NAMES:
            self.faults.append((column, "ce n'est pas un nom ; si c'en est un, écrivez-le avec une seule majuscule"))
        elif folded and _is_no_name(name):
            self.faults.append((column, "ce n'est pas un nom : écrivez le nom de naissance"))
        elif any(map(str.isdecimal, name)):
            self.faults.append((column, "un nom n'a pas de chiffres"))
        elif folded and (sign := _untyped(name)):
            self.faults.append((column, _words_for(sign)))
        elif folded and _joined(name):
            self.faults.append((column, _ONE_NAME))
        elif folded in _ALSO_NAMES | BORN:
            self.remarks.append((column, "est-ce un nom ? vérifiez-le"))
        else:
            words = [_fold(word) for word in name.split()]
            if len(words) > 1 and not _ALIASES.isdisjoint(words):
                self.remarks.append((column, "« dit », « usage »… est dans le nom : un autre nom a sa colonne"))
            if not _TITLES.isdisjoint(words[1:]) or "M." in name.split()[1:]:
                self.remarks.append((column, "une civilité est dans le nom : vérifiez-le"))
            if len(words) > 1 and words[0] in _MAY_BE_TITLES:
                self.remarks.append((column, "le premier mot est-il du nom ? sinon effacez-le"))

    def _judge_first_name(self) -> None:
        first, last = _fold(self.first), _fold(self.last)
        if any(map(str.isdecimal, self.first)):
            self.remarks.append((Column.FIRST_NAME, "ce prénom a des chiffres"))
        elif sign := _untyped(self.first):
            self.remarks.append((Column.FIRST_NAME, _words_for(sign)))
        elif _TWO_PEOPLE.search(self.first):
            self.remarks.append((Column.FIRST_NAME, "il y a deux personnes ? une ligne pour chacune"))
        elif last and first != last and " " in self.first and (first.startswith(last) or first.endswith(last)):
            self.remarks.append((Column.FIRST_NAME, "le nom est aussi dans le prénom : vérifiez-le"))


_NAMES = (Column.LAST_NAME, Column.USAGE_NAME, Column.FIRST_NAME)

_NOT_OF_THE_NAME = "« fils », « père », « retraité »… après le nom n'est pas repris"
_ONE_NAME = "un seul nom, en lettres : le nom de naissance et le nom d'usage ont chacun leur colonne"


def _is_no_name(name: str) -> bool:
    """Whether the words are nobody's name; a longer text than any of them is not looked at."""
    return len(name) <= _LONGEST_NO_NAME and (name == "M." or _is_curt(name) or _says_no_name(_fold(name)))


def _says_no_name(folded: str) -> bool:
    return _NEVER_A_NAME.fullmatch(folded) is not None


def _is_curt(word: str) -> bool:
    return ("." in word or "/" in word) and _fold(word) in _CURT


def _case(name: str) -> tuple[bool, bool]:
    return name.isupper() and len(name) > 1, name.islower()


def _untyped(name: str) -> str:
    """The first sign that nobody types in a name; empty where there is none."""
    return next((char for char in name if not _is_typed(char)), "")


def _words_for(sign: str) -> str:
    if sign in _QUOTATION_MARKS:
        return "il y a un guillemet dans le nom : effacez-le"
    return f"il y a un signe « {sign} » : un seul nom par colonne, en lettres"


def _joined(name: str) -> tuple[str, str, str] | None:
    """The name before a word such as « épouse » or « née », that word folded, and the name after it; else None."""
    tokens = [token for token in _TOKEN.findall(_GLUED.sub(". ", name)) if _fold(token)]
    for place, token in enumerate(tokens[:-1]):
        word = _fold(token)
        if word in BORN | MARRIED:
            return " ".join(tokens[:place]), word, " ".join(tokens[place + 1 :])
    return None


def _is_typed(char: str) -> bool:
    return char.isalpha() or char in _SIGNS or unicodedata.category(char)[0] == "M"
