"""What a sender must confirm: when much changes at once in a structure, a mistake is likelier than a reorganisation.

Departures may be a part of the file that is missing; renamings, a column that was sorted alone; moves and lost
contacts, a column that was filled in wrongly.
"""

from dataclasses import dataclass

from activation.domain.roster.comparison import Guarded
from activation.domain.roster.words import count_of

MOST_PERCENT = 5
"""Percentage of a structure's people in the file who may leave, or be renamed, without the sender's confirmation."""

MOST_UNCONFIRMED = 3
"""So many may in any structure: else one person of ten would always wait, and everybody learn to confirm."""


def is_much(number: int, people: int) -> bool:
    """Whether so many of a structure's people in the file are more likely a mistake than a reorganisation."""
    return number > MOST_UNCONFIRMED and number * 100 > people * MOST_PERCENT


def _among(counted: str, people: int) -> str:
    return f"{counted} sur {count_of(people, 'personne', 'personnes')}"


@dataclass(frozen=True, slots=True)
class Departures:
    """How many people of a structure leave with one file, and how many the file has."""

    structure_id: str
    leaving: int
    people: int

    @property
    def need_confirmation(self) -> bool:
        """Whether they are applied only after a confirmation."""
        return is_much(self.leaving, self.people)

    @property
    def counted(self) -> str:
        """In French: how many leave, of how many."""
        return _among(count_of(self.leaving, "départ ou fin prévue", "départs ou fins prévues"), self.people)

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        return f"{self.counted} de la structure : à confirmer"


@dataclass(frozen=True, slots=True)
class Renamings:
    """A structure's people in a file: all, the renamed, and those whose new name waits for a confirmation."""

    structure_id: str
    renamed: int
    withheld: int
    people: int
    of_active: bool = True
    """Whether those who wait have active accounts; else the words must not say so."""

    @property
    def are_many(self) -> bool:
        """Whether all of them are applied only after a confirmation."""
        return is_much(self.renamed, self.people)

    @property
    def need_confirmation(self) -> bool:
        """Whether any of them is applied only after a confirmation."""
        return self.are_many or self.withheld > 0

    @property
    def counted(self) -> str:
        """In French: how many are renamed, of how many."""
        waiting = self.renamed if self.are_many else self.withheld
        return _among(count_of(waiting, "changement de nom", "changements de nom"), self.people)

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        if self.are_many:
            return f"{self.counted} de la structure : à confirmer ; une colonne a-t-elle été triée seule ?"
        whose = " d'un compte activé" if self.of_active else ""
        return f"le nom et le prénom{whose} changent ensemble : à confirmer"


_WORDS = {
    Guarded.MOVES: ("changement de structure", "changements de structure"),
    Guarded.CONTACTS: ("contact remplacé ou retiré", "contacts remplacés ou retirés"),
}

_CAUSES = {
    Guarded.MOVES: "le code a-t-il été recopié vers le bas ?",
    Guarded.CONTACTS: "une colonne a-t-elle été triée seule, ou vidée ?",
}


@dataclass(frozen=True, slots=True)
class MassChanges:
    """How many people of a structure a file moves away, or takes contacts from (`what`), and how many it has."""

    structure_id: str
    what: str
    number: int
    people: int

    @property
    def need_confirmation(self) -> bool:
        """Whether they are applied only after a confirmation."""
        return is_much(self.number, self.people)

    @property
    def counted(self) -> str:
        """In French: how many, of how many."""
        return _among(count_of(self.number, *_WORDS[Guarded(self.what)]), self.people)

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        return f"{self.counted} de la structure : à confirmer ; {_CAUSES[Guarded(self.what)]}"
