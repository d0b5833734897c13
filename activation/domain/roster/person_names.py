"""The names of a row: each put into its column where that is certain, and never one that nobody can type."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from activation.domain.names import BORN, MARRIED, fold_name
from activation.domain.roster.columns import Column
from activation.domain.roster.values import Cells, Note, means_nothing

_fold = lru_cache(maxsize=10_000)(fold_name)
"""Particles and first names are the same in many rows."""

_LETTERS = "[^\\W\\d_\u00b2\u00b3\u00b9\u00bc-\u00be]+"
_PLAIN = re.compile(f"{_LETTERS}(?:[ '\u2019-]{_LETTERS})*")
_JOINT = re.compile(r"\b(?:n[ée]e?|[ée]pouse|[ée]poux|[ée]p|veuve|veuf|vve)\b", re.IGNORECASE)

_NO_NAMES = frozenset({"NULL", "null", "(null)", "NaN", "nan", "undefined"})
"""What programs write for nothing. Somebody called Null is written as people write: with one capital."""

_SIGNS = " .'`\u00b4\u2018\u2019\u02bc-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7"
"""What stands between the letters of a name, as people and spreadsheets write apostrophes and hyphens."""

_MOST_READ = 200
"""Longer names are refused as they are: taking them apart would be slow."""

_CIVILITY = re.compile(r"(?:M\.|Mr\b\.?|Mme\b\.?|Mlle\b\.?|Madame\b|Mademoiselle\b|Monsieur\b)\s*(?=\S)", re.IGNORECASE)
_RANK = re.compile(
    r"\s*\((?:fils|fille|p[eè]re|m[eè]re|a[iî]n[eé]e?|cadet|cadette|jeune|jr|junior|sr|s[eé]nior)\)", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\s(),]+")


class Names(NamedTuple):
    """The cells with their names read, and what is wrong with them or to be known of them."""

    cells: Cells
    faults: list[Note]
    remarks: list[Note]


def read_names(cells: Cells) -> Names:
    """Put what stands in the wrong column of names into its own, and empty cells that say that they are empty.

    « DUPONT épouse MARTIN » and « MARTIN née DUPONT » are split; titles, « (fils) » and a first name that its column
    repeats are dropped. A cell that is neither certain nor typed by anybody is a fault.
    """
    last, usage, first = (cells.get(column, "") for column in _NAMES)
    if max(map(len, (last, usage, first))) > _MOST_READ or names_are_plain(cells):
        return Names(cells, [], [])
    reading = _Reading(first)
    reading.read(last, usage)
    read = dict(zip(_NAMES, (reading.last, reading.usage, reading.first), strict=True))
    changed = {column: name for column, name in read.items() if name != cells.get(column, "")}
    return Names({**cells, **changed}, reading.faults, reading.remarks)


def names_are_plain(cells: Cells) -> bool:
    """Whether there is nothing to read in the names: nearly always, and told in a few microseconds."""
    last, usage, first = (cells.get(column, "") for column in _NAMES)
    initial = _fold(first[:1])
    return _is_plain(last, initial) and _is_plain(usage, initial) and _is_plain(first, "")


@lru_cache(maxsize=10_000)
def _is_plain(name: str, initial: str) -> bool:
    """Whether it is words of letters, without a title or a joint, none of which may be the first name."""
    if not name:
        return True
    if not _PLAIN.fullmatch(name) or name in _NO_NAMES or means_nothing(name):
        return False
    if " " not in name:
        return True
    may_be_first = initial and any(_fold(word[:1]) == initial for word in name.split())
    return not (may_be_first or _JOINT.search(name) or _CIVILITY.match(name))


class _Reading:
    """Reads the names of one row, and gathers what it finds."""

    def __init__(self, first: str) -> None:
        self.last = self.usage = ""
        self.first = "" if means_nothing(first) else first
        self.faults: list[Note] = []
        self.remarks: list[Note] = []

    def read(self, last: str, usage: str) -> None:
        """Read both last names as they are written."""
        self.usage = "" if means_nothing(usage) else self._bare(Column.USAGE_NAME, usage)
        self.last = self._bare(Column.LAST_NAME, last)
        self._take_birth_name_apart()
        self._take_married_name_apart()
        self.last = self._without_first_name(Column.LAST_NAME, self.last)
        self.usage = self._without_first_name(Column.USAGE_NAME, self.usage) if _fold(self.usage) else ""
        for column, name in ((Column.LAST_NAME, self.last), (Column.USAGE_NAME, self.usage)):
            self._judge(column, name)
        if any(map(str.isdecimal, self.first)):
            self.remarks.append((Column.FIRST_NAME, "ce prénom a des chiffres"))

    def _bare(self, column: Column, name: str) -> str:
        """The name without a title before it and a rank after it."""
        civil = _CIVILITY.match(name)
        if civil:
            self.remarks.append((column, "la civilité devant le nom n'est pas reprise"))
            name = name[civil.end() :]
        bare = _RANK.sub("", name).strip()
        if bare != name:
            self.remarks.append((column, "« (fils) », « (père) »… après le nom n'est pas repris"))
        return bare

    def _take_married_name_apart(self) -> None:
        """In the column of birth names: « DUPONT épouse MARTIN », « MARTIN née DUPONT »."""
        before, joint, after = _joined(self.last)
        if not joint:
            return
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
        """In the column of usage names: « MARTIN née DUPONT », « épouse MARTIN », « née DUPONT »."""
        before, joint, after = _joined(self.usage)
        if not joint:
            return
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
        if name in _NO_NAMES:
            self.faults.append((column, "ce n'est pas un nom ; si c'en est un, écrivez-le avec une seule majuscule"))
        elif any(map(str.isdecimal, name)):
            self.faults.append((column, "un nom n'a pas de chiffres"))
        elif _fold(name) and (_joined(name)[1] or not all(map(_is_typed, name))):
            self.faults.append(
                (column, "un seul nom, en lettres : le nom de naissance et le nom d'usage ont chacun leur colonne")
            )
        elif _fold(name) and means_nothing(name):
            self.remarks.append((column, "est-ce un nom ? vérifiez-le"))


_NAMES = (Column.LAST_NAME, Column.USAGE_NAME, Column.FIRST_NAME)


def _joined(name: str) -> tuple[str, str, str]:
    """The name before a word such as « épouse » or « née », that word folded, and the name after it; else no word."""
    tokens = [token for token in _TOKEN.findall(name) if _fold(token)]
    for place, token in enumerate(tokens[:-1]):
        word = _fold(token)
        if word in BORN | MARRIED:
            return " ".join(tokens[:place]), word, " ".join(tokens[place + 1 :])
    return name, "", ""


def _is_typed(char: str) -> bool:
    return char.isalpha() or char in _SIGNS or unicodedata.category(char)[0] == "M"
