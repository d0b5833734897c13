"""The home of each kind of account, and a beneficiary's menu: in the customer's order, with the switches of a stage."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from activation.domain.identifiers import Role

HOMES = {Role.BENEFICIARY: "/compte", Role.CORRESPONDENT: "/correspondant"}
"""The path of the home of each kind of account."""


class EntryState(StrEnum):
    """The ways of an entry: a working page, a page that sends to the correspondent, or another site."""

    ACTIVE = "actif"
    INFORMATION = "information"
    LINK = "lien"


_HIDDEN = "masqué"
_ADDRESS = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[!-~]*)?")
"""The address of another site: a host name, with no user and no port, and a path."""


class MenuEntry(NamedTuple):
    """An entry of the menu; `url` is the path of its page, or the address of another site.

    `kind` is the kind of request that is opened there: both are switched as one. `is_kept`: no stage switches it.
    """

    id: str
    label: str
    state: EntryState
    url: str
    kind: str = ""
    is_kept: bool = False


def _entry(slug: str, label: str, *, kind: str = "", is_kept: bool = False) -> MenuEntry:
    return MenuEntry(slug, label, EntryState.ACTIVE, f"/compte/{slug}", kind, is_kept)


MENU = (
    MenuEntry("accueil", "Accueil", EntryState.ACTIVE, HOMES[Role.BENEFICIARY], is_kept=True),
    # Consent is withdrawn on the first; the second is where each switched-off entry sends people.
    _entry("informations-personnelles", "Vos informations personnelles", is_kept=True),
    _entry("correspondant", "Votre correspondant(e) CNAS", is_kept=True),
    _entry("demander-une-prestation", "Demander une prestation"),
    _entry("attestation-de-droits", "Attestation de vos droits au CNAS", kind="attestation-de-droits"),
    _entry("reclamation", "Réclamation et non-réception de titres", kind="reclamation"),
    _entry("attestation-de-non-versement", "Attestation de non-versement", kind="non-versement"),
    _entry("budget", "Gérer votre budget"),
    _entry("suivi", "Suivre vos demandes"),
    _entry("taux-d-endettement", "Calculer votre taux d'endettement"),
    _entry("calculatrice-d-emprunt", "Calculatrice d'emprunt"),
)

Menu = tuple[MenuEntry, ...]


def menu_of(switches: Mapping[str, str]) -> Menu:
    """The menu as a stage switches it: `actif`, `information`, `masqué` or `lien https://…`, by the entry's id.

    Entries without a switch are as in `MENU`; hidden ones are left out. Raises ValueError with a sentence.
    """
    _require_known(switches, {entry.id for entry in MENU}, "entry of the menu")
    for entry in MENU:
        if entry.is_kept and entry.id in switches:
            raise ValueError(f"{entry.id} stays as it is: nobody could do without it")
    switched = ((entry, *_read(entry.id, switches.get(entry.id, entry.state))) for entry in MENU)
    return tuple(_shown(entry, state, url) for entry, state, url in switched if state)


def kinds_switched_off(menu: Menu) -> frozenset[str]:
    """The kinds of request that cannot be opened with this menu."""
    open_here = {entry.id for entry in menu if entry.state is EntryState.ACTIVE}
    return frozenset(entry.kind for entry in MENU if entry.kind and entry.id not in open_here)


def benefits_of(guided: Collection[str], switches: Mapping[str, str]) -> dict[str, str]:
    """The kinds in the guide that are not hidden, each with the address to ask for it; empty where none is known.

    A stage switches each as an entry of the menu, but none is asked here. Raises ValueError with a sentence.
    """
    _require_known(switches, guided, "benefit of the guide")
    read = {kind: _read(kind, switches.get(kind, EntryState.INFORMATION)) for kind in guided}
    for kind, (state, _) in read.items():
        if state is EntryState.ACTIVE:
            raise ValueError(f"{kind} is not asked here: it may be information, masqué, or lien https://…")
    return {kind: url for kind, (state, url) in read.items() if state}


def _shown(entry: MenuEntry, state: EntryState, url: str) -> MenuEntry:
    if state is EntryState.LINK:
        return entry._replace(label=f"{entry.label} (autre site)", state=state, url=url)
    return entry._replace(state=state)


def _require_known(switches: Mapping[str, str], known: Collection[str], what: str) -> None:
    for name in switches:
        if name not in known:
            raise ValueError(f"{name} is no {what}: there are {', '.join(sorted(known))}")


def _read(name: str, switch: str) -> tuple[EntryState | None, str]:
    """The state, None when the entry is hidden, and the address of a link."""
    word, _, address = switch.partition(" ")
    if word == EntryState.LINK and _ADDRESS.fullmatch(address):
        return EntryState.LINK, address
    if switch in (EntryState.ACTIVE, EntryState.INFORMATION):
        return EntryState(switch), ""
    if switch == _HIDDEN:
        return None, ""
    raise ValueError(f"{name} can't be « {switch} »: it may be actif, information, masqué, or lien https://…")
