"""The result of an import in a few French sentences, for its report and its mail. They name no person."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from activation.domain.roster.confirmations import MOST_PERCENT, MOST_UNCONFIRMED
from activation.domain.roster.imports import Prepared, State, is_of_states
from activation.domain.roster.words import COUNTED, STATES_COUNTED, count_line, count_of

TITLES = {
    State.CHECKED: "Fichier contrôlé, rien n'est importé",
    State.REFUSED: "Fichier refusé, rien n'est importé",
    State.APPLIED: "Fichier importé",
    State.UNDONE: "Import annulé",
    State.FAILED: "Import interrompu",
}
_MOST_CHARACTERS = 60
"""The longest file name that a mail's subject shows."""


class Outcome(NamedTuple):
    """The result of an import. `prepared` has the counts of the check, or of the changes that were applied.

    `restored` and `left_alone` count people, or requests, and are for an undo only. `left_out` counts requests that had
    changed since the check.
    """

    state: State
    prepared: Prepared
    restored: int = 0
    left_alone: int = 0
    left_out: int = 0

    @property
    def title(self) -> str:
        """The heading of the report."""
        return TITLES[self.state]

    @property
    def subject(self) -> str:
        """The subject of a mail about it."""
        return f"CNAS : {self.title[0].lower()}{self.title[1:]} ({_neutral(self.prepared.file)})"

    @property
    def lines(self) -> list[str]:
        """The sentences, the most important first."""
        return list(_lines(self))


def _neutral(name: str) -> str:
    """A file's name for a mail's subject: shortened, and without characters that have a meaning in a header."""
    shown = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in unicodedata.normalize("NFC", name))
    return shown if len(shown) <= _MOST_CHARACTERS else f"{shown[: _MOST_CHARACTERS - 1]}…"


def _lines(outcome: Outcome) -> Iterator[str]:
    prepared = outcome.prepared
    of_states = is_of_states(prepared.import_id)
    if prepared.refusal:
        yield prepared.refusal
        yield from _about_sheet(prepared)
    elif outcome.state is State.UNDONE:
        one, many = ("demande", "demandes") if of_states else ("personne", "personnes")
        yield count_of(outcome.restored, f"{one} remise comme avant", f"{many} remises comme avant") + "."
        if outcome.left_alone:
            yield (
                count_of(outcome.left_alone, f"{one} laissée telle quelle", f"{many} laissées telles quelles")
                + " : voyez la liste jointe au rapport."
            )
    else:
        yield count_line(prepared.counts, STATES_COUNTED if of_states else COUNTED)
        if outcome.left_out:
            yield (
                count_of(outcome.left_out, "demande a", "demandes ont")
                + " changé depuis le contrôle : rien n'y est fait."
            )
        yield from _more(prepared)
    if outcome.state is State.FAILED:
        yield "Le traitement s'est arrêté en chemin. Déposez le même fichier à nouveau : il reprend où il en était."
    yield f"Fichier : {prepared.file}. Import : {prepared.import_id}."


def _more(prepared: Prepared) -> Iterator[str]:
    if prepared.refused:
        yield count_of(prepared.refused, "ligne refusée", "lignes refusées") + " : corrigez et renvoyez ces lignes."
    if prepared.remarks:
        yield count_of(prepared.remarks, "remarque", "remarques") + "."
    if prepared.ended_links:
        yield (
            count_of(prepared.ended_links, "structure change de correspondant", "structures changent de correspondant")
            + " : l'accès de celui d'avant prend fin, et il en est prévenu."
        )
    yield from _unconfirmed(prepared)
    if prepared.unreachable:
        people = count_of(prepared.unreachable, "personne", "personnes")
        yield f"{people} sans adresse email ni mobile : sans contact, personne ne peut activer son compte."
    yield from about_file(prepared)


def about_file(prepared: Prepared) -> Iterator[str]:
    """The sentences on the file as a whole: how it was read, and why it is refused."""
    if prepared.refusal:
        yield prepared.refusal
    yield from _about_sheet(prepared)
    if prepared.encoding:
        yield f"Fichier lu en {prepared.encoding}, d'après ses lettres : vérifiez les accents."
    if prepared.ignored:
        yield f"Colonnes ignorées : {', '.join(prepared.ignored)}."


def _about_sheet(prepared: Prepared) -> Iterator[str]:
    if prepared.sheet:
        yield f"Feuille lue : « {prepared.sheet} ». Les autres feuilles du classeur ne sont pas lues."


def _unconfirmed(prepared: Prepared) -> Iterator[str]:
    for departures in prepared.unconfirmed:
        many = f"plus de {MOST_PERCENT} % et de {MOST_UNCONFIRMED} personnes"
        yield f"Structure {departures.structure_id} : {departures.counted}, à confirmer ({many})."
    if prepared.unconfirmed:
        yield "Pour confirmer : le même fichier, avec confirm-departures=yes (make roster : CONFIRM=1)."
    for renamings in prepared.unconfirmed_renamings:
        yield f"Structure {renamings.structure_id} : {renamings.counted}, à confirmer."
    if prepared.unconfirmed_renamings:
        yield "Pour confirmer les noms : le même fichier, avec confirm-renamings=yes (make roster : CONFIRM_NAMES=1)."
    for changes in prepared.unconfirmed_changes:
        yield f"Structure {changes.structure_id} : {changes.counted}, à confirmer."
    if prepared.unconfirmed_changes:
        yield "Pour les confirmer : le même fichier, avec confirm-changes=yes (make roster : CONFIRM_CHANGES=1)."
    if prepared.unconfirmed_links:
        yield f"{prepared.unconfirmed_links.counted}, à confirmer."
        yield (
            "Pour les confirmer : le même fichier, avec confirm-correspondents=yes "
            "(make roster : CONFIRM_CORRESPONDENTS=1)."
        )
