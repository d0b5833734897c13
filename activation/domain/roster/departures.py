"""Departures: too many at once are more likely a mistake than a reorganisation."""

from dataclasses import dataclass

from activation.domain.roster.words import count_of

MOST_PERCENT = 5
"""Percentage of a structure's people in the file who may leave without the sender's confirmation."""


@dataclass(frozen=True, slots=True)
class Departures:
    """How many people of a structure leave with one file, and how many the file has."""

    structure_id: str
    leaving: int
    people: int

    @property
    def need_confirmation(self) -> bool:
        """Whether they are applied only after a confirmation."""
        return self.leaving * 100 > self.people * MOST_PERCENT

    @property
    def counted(self) -> str:
        """In French: how many leave, of how many."""
        people = count_of(self.people, "personne", "personnes")
        return f"{count_of(self.leaving, 'départ', 'départs')} sur {people}"

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        return f"{self.counted} de la structure : à confirmer"
