"""The columns of a roster, by the names that French and English spreadsheets give them."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Generic, TypeVar

from activation.domain.names import fold_name, fold_words
from activation.domain.plain_text import plain_text
from activation.domain.roster.mojibake import repair


class RosterRefusedError(Exception):
    """The whole file is refused; the message says why, in French, for its sender."""


class FileColumn(StrEnum):
    """A column of a sort of file; the value is its header in the template."""

    @property
    def label(self) -> str:
        """Its French name, as reports show it."""
        raise NotImplementedError


class Column(FileColumn):
    """A column of a roster."""

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
    START_DATE = "start_date"

    @property
    def label(self) -> str:
        """The column's first French name."""
        return FRENCH_NAMES[self][0]


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
    Column.START_DATE: ("début des droits", "date de début", "date d'entrée", "date d'arrivée"),
}
"""The French headers that are accepted for each column; reports use the first."""

OTHER_NAMES = {
    Column.IDENTIFIER: (
        *(
            "numéro identifiant",
            "numéro matricule",
            "identifiant unique",
            "identifiant bénéficiaire",
            "matricule agent",
        ),
        *("numéro bénéficiaire", "numéro d'agent", "numéro de salarié", "numéro CNAS", "code agent", "ID"),
    ),
    Column.LAST_NAME: (
        *(
            "nom patronymique",
            "patronyme",
            "nom de jeune fille",
            "nom JF",
            "nom de famille de naissance",
            "nom de l'agent",
        ),
        *("birth name", "family name", "surname"),
    ),
    Column.USAGE_NAME: ("nom marital", "nom d'épouse", "nom d'époux", "nom d'épouse/époux", "nom de femme mariée"),
    Column.FIRST_NAME: (
        "premier prénom",
        "prénom usuel",
        "prénom d'usage",
        "prénom 1",
        "prénom de l'agent",
        "given name",
    ),
    Column.EMAIL: (
        *("mél", "adresse mél", "adresse courriel", "adresse de messagerie", "messagerie", "courrier électronique"),
        *("adresse de courrier électronique", "mail de l'agent"),
    ),
    Column.MOBILE: (
        *("numéro de portable", "numéro de téléphone mobile", "numéro de téléphone portable", "téléphone cellulaire"),
        *("GSM", "mobile phone", "cell phone"),
    ),
    Column.STRUCTURE_ID: (
        *("SIRET", "numéro SIRET", "code SIRET", "SIRET structure", "SIRET employeur", "SIRET de l'établissement"),
        *("SIRET de la collectivité", "code employeur", "identifiant employeur", "numéro employeur", "ID structure"),
        *("code collectivité", "identifiant collectivité", "numéro de collectivité", "code organisme"),
        *("code établissement", "code adhérent", "numéro d'adhérent", "identifiant adhérent"),
    ),
    Column.STRUCTURE_NAME: (
        *("nom de l'employeur", "collectivité", "nom de la collectivité", "raison sociale", "établissement"),
        *("nom de l'établissement", "organisme", "nom de l'organisme", "libellé structure", "libellé collectivité"),
        *("libellé établissement", "structure de rattachement"),
    ),
    Column.CORRESPONDENT_NAME: ("nom et prénom du correspondant", "nom prénom du correspondant", "correspondant CNAS"),
    Column.CORRESPONDENT_EMAIL: (
        *("mél du correspondant", "adresse email du correspondant", "adresse mail du correspondant"),
        *("adresse électronique du correspondant", "adresse courriel du correspondant"),
    ),
    Column.CORRESPONDENT_PHONE: (
        *("numéro de téléphone du correspondant", "mobile du correspondant", "portable du correspondant"),
        *(
            "téléphone portable du correspondant",
            "téléphone mobile du correspondant",
            "téléphone fixe du correspondant",
        ),
    ),
    Column.END_DATE: (
        *("fin de contrat", "date de fin de contrat", "date de fin de droits", "date de fin d'adhésion"),
        *("fin de droits", "fin d'adhésion"),
        *("date de fin d'activité", "date de radiation", "date de cessation", "date de sortie des effectifs"),
    ),
    Column.START_DATE: (
        *("date de début des droits", "date de début de contrat", "début de contrat", "date d'adhésion"),
        *("date d'embauche", "date d'entrée dans la collectivité", "date d'entrée dans les effectifs"),
    ),
}
"""Headers of employers' exports. One counts where the file has none of `FRENCH_NAMES`, and is ignored beside one."""

HEADER_ROWS = 20
"""How many first rows may have the header; titles and blank rows may stand above it."""

_SAME_WORDS = {
    **dict.fromkeys(("n", "no", "num", "numero", "numeros"), "numero"),
    **dict.fromkeys(("tel", "tph", "telephone", "phone"), "telephone"),
    "dt": "date",
    "prenoms": "prenom",
}
_IDLE_WORDS = frozenset({"de", "du", "des", "la", "le", "l", "d", "obligatoire", "facultatif", "facultative"})
_OWNER_WORDS = frozenset(
    {
        *("perso", "personnel", "personnelle", "prive", "privee", "pro", "professionnel", "professionnelle"),
        *("agent", "agents", "beneficiaire", "salarie", "cnas"),
    }
)
"""Words in a heading that say whose contact or row it is; they are ignored."""

_HINT = re.compile(
    r"\([^()]*\b(?:obligatoire|facultati|optionnel|requis|si |jj|aaaa|chiffres?|format|texte|ex)[^()]*\)", re.IGNORECASE
)
_NUMBERING = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z])\s*[.)/:-]\s+")


def _key(heading: str) -> str:
    """A key that is the same for headings that differ only in case, accents, short forms and words without meaning."""
    words = (_SAME_WORDS.get(word, word) for word in fold_words(heading.replace("°", "o ").replace("º", "o ")))
    return "".join(word for word in words if word not in _IDLE_WORDS)


def label(column: FileColumn) -> str:
    """The column's French name, as reports show it."""
    return column.label


AColumn = TypeVar("AColumn", bound=FileColumn)


@dataclass(frozen=True, slots=True)
class FileHeader(Generic[AColumn]):
    """The header of a file: the place of each column, the header's row and number of cells, and the ignored columns."""

    places: dict[AColumn, int]
    width: int
    ignored: tuple[str, ...]
    row: int = 1

    @property
    def absent(self) -> tuple[AColumn, ...]:
        """The columns that the file lacks: their stored values stay."""
        return tuple(column for column in type(next(iter(self.places))) if column not in self.places)

    def without(self, columns: Collection[AColumn]) -> "FileHeader[AColumn]":
        """The header without these columns, which are added to the ignored ones."""
        dropped = tuple(label(column) for column in self.places if column in columns)
        places = {column: place for column, place in self.places.items() if column not in columns}
        return replace(self, places=places, ignored=(*self.ignored, *dropped))

    def beyond(self, cells: int) -> tuple[AColumn, ...]:
        """The columns that a row of so many cells is too short for: spreadsheets leave out empty cells at its end."""
        return tuple(column for column, place in self.places.items() if place >= cells)


Header = FileHeader[Column]


class Vocabulary(Generic[AColumn]):
    """The headings of a sort of file, `name`; a file must have all columns of one tuple of `required`.

    For each column the `french_names` come before the `other_names`: where a file has one of them, others are ignored.
    """

    def __init__(
        self,
        name: str,
        required: Sequence[tuple[AColumn, ...]],
        french_names: Mapping[AColumn, Sequence[str]],
        other_names: Mapping[AColumn, Sequence[str]],
    ) -> None:
        self.name = name
        self._required = required
        columns = list(type(required[0][0]))
        self._plain = {fold_name(name): each for each in columns for name in (each.value, *french_names[each])}
        self._others = {_key(name): each for each in columns for name in (*french_names[each], *other_names[each])}
        self._column_of = lru_cache(maxsize=1_000)(self._find)

    def known_columns(self, cells: Sequence[str]) -> int:
        """How many columns the row names; 0 unless it names all that are required, and so is a header."""
        found = {column for column, _ in map(self._column_of, cells)}
        return len(found - {None}) if any(map(found.issuperset, self._required)) else 0

    def find_header(self, rows: Iterator[Sequence[str]]) -> FileHeader[AColumn]:
        """Read rows up to the first that is a header. Raises RosterRefusedError if none is, or as `read_header`."""
        nearest: Sequence[str] = ()
        for number, cells in enumerate(islice(rows, HEADER_ROWS), 1):
            if self.known_columns(cells):
                return replace(self.read_header(cells), row=number)
            nearest = max(nearest, cells, key=self._named)
        return self.read_header(nearest)

    def read_header(self, cells: Sequence[str]) -> FileHeader[AColumn]:
        """Find the columns, in any order. Raises RosterRefusedError when a required one is missing, or one is twice.

        A missing column that is not required changes nothing: stored values stay (docs/adr/0017).
        """
        named = [(*self._column_of(cell), plain_text(repair(cell))) for cell in cells]
        plain = {column for column, is_plain, _ in named if is_plain}
        taken = [column if is_plain or column not in plain else None for column, is_plain, _ in named]
        doubled = [column for column, times in Counter(filter(None, taken)).items() if times > 1]
        if doubled:
            raise RosterRefusedError(f"Ces colonnes sont en double : {_listed(doubled)}. Gardez-en une seule.")
        places = {column: place for place, column in enumerate(taken) if column}
        lacks = ([column for column in enough if column not in places] for enough in self._required)
        missing = min(lacks, key=len)
        if missing:
            found = ", ".join(f"« {name} »" for *_, name in named if name) or "aucune"
            raise RosterRefusedError(
                f"Il manque ces colonnes : {_listed(missing)}. Colonnes trouvées : {found}. "
                f"Une des {HEADER_ROWS} premières lignes du fichier doit porter le nom de chaque colonne."
            )
        ignored = tuple(name for column, (*_, name) in zip(taken, named, strict=True) if not column and name)
        return FileHeader(places, len(cells), ignored)

    def _find(self, cell: str) -> tuple[AColumn | None, bool]:
        """The column that a header cell names, and whether by one of `french_names`."""
        heading = _NUMBERING.sub("", _HINT.sub(" ", plain_text(repair(cell))))
        column = self._plain.get(fold_name(heading))
        if column:
            return column, True
        of_anybody = " ".join(word for word in fold_words(heading) if word not in _OWNER_WORDS)
        return self._others.get(_key(heading)) or self._others.get(_key(of_anybody)), False

    def _named(self, cells: Sequence[str]) -> tuple[int, int]:
        """How much a row looks like a header: how many columns it names, and how many cells are not blank."""
        return sum(bool(self._column_of(cell)[0]) for cell in cells), sum(bool(cell.strip()) for cell in cells)


def _listed(columns: Sequence[FileColumn]) -> str:
    return ", ".join(f"« {label(column)} » ({column.value})" for column in columns)


ROSTER = Vocabulary("roster", [(Column.IDENTIFIER, Column.LAST_NAME)], FRENCH_NAMES, OTHER_NAMES)
known_columns, find_header, read_header = ROSTER.known_columns, ROSTER.find_header, ROSTER.read_header
