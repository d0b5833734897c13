"""Mass changes: when many people of a structure move, or lose contacts, at once, a column was filled in wrongly."""

from dataclasses import dataclass

from activation.domain.roster.comparison import Guarded
from activation.domain.roster.departures import is_much
from activation.domain.roster.words import count_of

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
        people = count_of(self.people, "personne", "personnes")
        return f"{count_of(self.number, *_WORDS[Guarded(self.what)])} sur {people}"

    @property
    def words(self) -> str:
        """In French: why they are not applied yet."""
        return f"{self.counted} de la structure : à confirmer ; {_CAUSES[Guarded(self.what)]}"
