"""The columns of a roster, by the names that French and English spreadsheets give them."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from activation.domain.names import fold_name


class RosterRefusedError(Exception):
    """The whole file is refused; the message says why, in French, for its sender."""


class Column(StrEnum):
    """A column of a roster; the value is its header in the template."""

    IDENTIFIER = "identifier"
    LAST_NAME = "last_name"
    USAGE_NAME = "usage_name"
    FIRST_NAME = "first_name"
    EMAIL = "email"
    MOBILE = "mobile"
    STRUCTURE_ID = "structure_id"
    STRUCTURE_NAME = "structure_name"
    CORRESPONDENT_NAME = "correspondent_name"
    CORRESPONDENT_EMAIL = "correspondent_email"
    CORRESPONDENT_PHONE = "correspondent_phone"
    END_DATE = "end_date"


FRENCH_NAMES = {
    Column.IDENTIFIER: ("identifiant", "numéro de dossier", "n° de dossier", "matricule"),
    Column.LAST_NAME: ("nom de naissance", "nom", "nom de famille"),
    Column.USAGE_NAME: ("nom d'usage", "nom usuel"),
    Column.FIRST_NAME: ("prénom", "prénoms"),
    Column.EMAIL: ("adresse email", "e-mail", "mail", "courriel", "adresse mail", "adresse électronique"),
    Column.MOBILE: ("téléphone mobile", "mobile", "portable", "téléphone portable", "tél. mobile", "numéro de mobile"),
    Column.STRUCTURE_ID: ("code structure", "code de la structure", "identifiant structure", "numéro de structure"),
    Column.STRUCTURE_NAME: ("nom de la structure", "structure", "nom structure", "employeur"),
    Column.CORRESPONDENT_NAME: ("nom du correspondant", "correspondant", "nom correspondant"),
    Column.CORRESPONDENT_EMAIL: (
        *("email du correspondant", "mail du correspondant", "courriel du correspondant"),
        *("email correspondant", "mail correspondant", "courriel correspondant"),
    ),
    Column.CORRESPONDENT_PHONE: ("téléphone du correspondant", "téléphone correspondant"),
    Column.END_DATE: ("date de fin", "date de sortie", "date de départ", "fin"),
}
"""The French headers that are accepted for each column; reports use the first."""

_UNSEEN = frozenset({"Cc", "Cf"})

_COLUMNS = {
    fold_name(name): column for column in Column for name in (column.value, *FRENCH_NAMES[column])
}  # case, accents, spaces, underscores and apostrophes are folded away


def tidy(text: str) -> str:
    """The text without white space around it; white space inside, line breaks included, becomes one space.

    Control characters and invisible formatting characters, such as those that change the direction of writing, are
    dropped. So whatever shows the text later need not guard against them.
    """
    if not text.isprintable():  # rare, and a file can have ten million cells
        text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return " ".join(text.split())


def label(column: Column) -> str:
    """The column's French name, as reports show it."""
    return FRENCH_NAMES[column][0]


@dataclass(frozen=True, slots=True)
class Header:
    """The place of each column in the file, the number of columns, and the headers that are ignored as unknown."""

    places: dict[Column, int]
    width: int
    ignored: tuple[str, ...]


def holds_headers(cells: Sequence[str]) -> bool:
    """Whether these cells name at least the columns of identifiers and last names."""
    return {Column.IDENTIFIER, Column.LAST_NAME} <= {_COLUMNS.get(fold_name(cell)) for cell in cells}


def read_header(cells: Sequence[str]) -> Header:
    """Find the columns, in any order. Raises RosterRefusedError when one is missing or there twice.

    All are required: a forgotten column would otherwise erase the stored value of every person.
    """
    named = [(_COLUMNS.get(fold_name(cell)), tidy(cell)) for cell in cells]
    doubled = [column for column, times in Counter(column for column, _ in named if column).items() if times > 1]
    if doubled:
        raise RosterRefusedError(f"Ces colonnes sont en double : {_listed(doubled)}. Gardez-en une seule.")
    places = {column: place for place, (column, _) in enumerate(named) if column}
    missing = [column for column in Column if column not in places]
    if missing:
        found = ", ".join(f"« {name} »" for _, name in named if name) or "aucune"
        raise RosterRefusedError(
            f"Il manque ces colonnes : {_listed(missing)}. Colonnes trouvées : {found}. "
            "La première ligne du fichier doit porter le nom de chaque colonne."
        )
    return Header(places, len(cells), tuple(name for column, name in named if not column and name))


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(f"« {label(column)} » ({column.value})" for column in columns)
