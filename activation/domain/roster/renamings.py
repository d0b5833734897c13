"""Renamings: when many people of a structure have other names at once, a column was sorted alone."""

from dataclasses import dataclass

from activation.domain.roster.departures import is_much
from activation.domain.roster.words import count_of


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
        people = count_of(self.people, "personne", "personnes")
        return f"{count_of(waiting, 'changement de nom', 'changements de nom')} sur {people}"

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        if self.are_many:
            return f"{self.counted} de la structure : à confirmer ; une colonne a-t-elle été triée seule ?"
        whose = " d'un compte activé" if self.of_active else ""
        return f"le nom et le prénom{whose} changent ensemble : à confirmer"
