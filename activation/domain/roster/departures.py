"""Departures: too many at once are more likely a mistake than a reorganisation."""

from dataclasses import dataclass

from activation.domain.roster.words import count_of

MOST_PERCENT = 5
"""Of a structure's people in the file; more need a word from whoever sent it."""


@dataclass(frozen=True, slots=True)
class Departures:
    """How many of a structure's people leave with one file, of how many that the file has."""

    structure_id: str
    leaving: int
    people: int

    @property
    def need_confirmation(self) -> bool:
        """Whether they wait until somebody confirms them."""
        return self.leaving * 100 > self.people * MOST_PERCENT

    @property
    def counted(self) -> str:
        """How many leave, of how many."""
        people = count_of(self.people, "personne", "personnes")
        return f"{count_of(self.leaving, 'départ', 'départs')} sur {people}"

    @property
    def words(self) -> str:
        """Why they wait."""
        return f"{self.counted} de la structure : à confirmer"
