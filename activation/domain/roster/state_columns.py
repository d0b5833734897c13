"""The columns of a file of states, by the names that French and English spreadsheets give them."""

from typing import Any

from activation.domain.roster.columns import FRENCH_NAMES as ROSTER_NAMES
from activation.domain.roster.columns import OTHER_NAMES as OTHER_ROSTER_NAMES
from activation.domain.roster.columns import ROSTER, Column, FileColumn, Vocabulary


class StateColumn(FileColumn):
    """A column of a file of states."""

    NUMBER = "number"
    IDENTIFIER = "identifier"
    KIND = "kind"
    SENT_ON = "sent_on"
    STATE = "state"
    STATE_ON = "state_on"
    WORDS = "words"

    @property
    def label(self) -> str:
        """The column's first French name."""
        return _FRENCH_NAMES[self][0]


_FRENCH_NAMES = {
    StateColumn.NUMBER: ("numéro de demande", "n° de demande", "numéro"),
    StateColumn.IDENTIFIER: ROSTER_NAMES[Column.IDENTIFIER],
    StateColumn.KIND: ("prestation", "sorte de demande", "type de demande", "demande"),
    StateColumn.SENT_ON: ("date d'envoi", "date de la demande", "envoyée le"),
    StateColumn.STATE: ("état", "statut"),
    StateColumn.STATE_ON: ("date de l'état", "date du statut", "depuis le"),
    StateColumn.WORDS: ("mots pour la personne", "motif", "message"),
}
_OTHER_NAMES = {
    StateColumn.NUMBER: ("référence", "référence de la demande", "request number"),
    StateColumn.IDENTIFIER: OTHER_ROSTER_NAMES[Column.IDENTIFIER],
    StateColumn.KIND: ("nature de la demande", "code prestation", "libellé prestation", "type de prestation"),
    StateColumn.SENT_ON: ("date de dépôt", "date de réception", "demandée le", "reçue le"),
    StateColumn.STATE: ("état de la demande", "statut de la demande", "décision", "status"),
    StateColumn.STATE_ON: ("date de décision", "date de mise à jour", "état au", "statut au"),
    StateColumn.WORDS: ("commentaire", "observations", "explication", "message à la personne"),
}
_C = StateColumn

STATES = Vocabulary(
    "states",
    [(_C.NUMBER, _C.STATE, _C.STATE_ON), (_C.IDENTIFIER, _C.KIND, _C.SENT_ON, _C.STATE, _C.STATE_ON)],
    _FRENCH_NAMES,
    _OTHER_NAMES,
)
"""The headings of a file of states. It names a request by number, or by identifier, kind and day of sending."""

VOCABULARIES: dict[str, Vocabulary[Any]] = {each.name: each for each in (ROSTER, STATES)}
"""The headings of every sort of file, by its name."""
