"""Departures: too many at once are more likely a mistake than a reorganisation."""

from dataclasses import dataclass

from activation.domain.roster.words import count_of

MOST_PERCENT = 5
"""Percentage of a structure's people in the file who may leave, or be renamed, without the sender's confirmation."""

MOST_UNCONFIRMED = 3
"""So many may in any structure: else one person of ten would always wait, and everybody learn to confirm."""


def is_much(number: int, people: int) -> bool:
    """Whether so many of a structure's people in the file are more likely a mistake than a reorganisation."""
    return number > MOST_UNCONFIRMED and number * 100 > people * MOST_PERCENT


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
        people = count_of(self.people, "personne", "personnes")
        return f"{count_of(self.leaving, 'départ ou fin prévue', 'départs ou fins prévues')} sur {people}"

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        return f"{self.counted} de la structure : à confirmer"
