"""The home of each kind of account, and a beneficiary's menu: in the customer's order, and what works here already."""

from dataclasses import dataclass
from enum import StrEnum

from activation.domain.identifiers import Role

HOMES = {Role.BENEFICIARY: "/compte", Role.CORRESPONDENT: "/correspondant"}
"""The path of the home of each kind of account."""


class EntryState(StrEnum):
    """What an entry leads to: a working page, a page that explains how it is done today, or another site."""

    ACTIVE = "actif"
    INFORMATION = "information"
    LINK = "lien"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the menu; `url` is the path of its page."""

    id: str
    label: str
    state: EntryState
    url: str


def _entry(slug: str, label: str, state: EntryState) -> MenuEntry:
    return MenuEntry(slug, label, state, f"/compte/{slug}")


MENU = (
    MenuEntry("accueil", "Accueil", EntryState.ACTIVE, HOMES[Role.BENEFICIARY]),
    _entry("informations-personnelles", "Vos informations personnelles", EntryState.ACTIVE),
    _entry("correspondant", "Votre correspondant(e) CNAS", EntryState.ACTIVE),
    _entry("demander-une-prestation", "Demander une prestation", EntryState.ACTIVE),
    _entry("attestation-de-droits", "Attestation de vos droits au CNAS", EntryState.ACTIVE),
    _entry("reclamation", "Réclamation et non-réception de titres", EntryState.ACTIVE),
    _entry("attestation-de-non-versement", "Attestation de non-versement", EntryState.ACTIVE),
    _entry("budget", "Gérer votre budget", EntryState.ACTIVE),
    _entry("suivi", "Suivre vos demandes", EntryState.ACTIVE),
    _entry("taux-d-endettement", "Calculer votre taux d'endettement", EntryState.ACTIVE),
    _entry("calculatrice-d-emprunt", "Calculatrice d'emprunt", EntryState.ACTIVE),
)
