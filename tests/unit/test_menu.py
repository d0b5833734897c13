"""The menu of an account, and what a stage switches of it."""

import pytest

from activation.catalogue import catalogue
from activation.domain.menu import MENU, EntryState, benefits_of, kinds_switched_off, menu_of

ELSEWHERE = "https://demandes.cnas.example/reclamation?de=compte"
GUIDED = ("permis", "depart-retraite")


def test_the_menu_is_the_customers_in_the_customers_order_and_works_unless_a_stage_switches_it() -> None:
    assert [entry.label for entry in MENU] == [
        *("Accueil", "Vos informations personnelles", "Votre correspondant(e) CNAS", "Demander une prestation"),
        *("Attestation de vos droits au CNAS", "Réclamation et non-réception de titres"),
        *("Attestation de non-versement", "Gérer votre budget", "Suivre vos demandes"),
        *("Calculer votre taux d'endettement", "Calculatrice d'emprunt"),
    ]
    assert len({entry.id for entry in MENU}) == len({entry.url for entry in MENU}) == len(MENU)
    assert [entry.url for entry in MENU] == ["/compte", *(f"/compte/{entry.id}" for entry in MENU[1:])]
    assert {entry.state for entry in MENU} == {EntryState.ACTIVE}
    assert (menu_of({}), kinds_switched_off(MENU)) == (MENU, frozenset())


def test_a_stage_switches_entries_and_hides_some() -> None:
    menu = menu_of({"reclamation": f"lien {ELSEWHERE}", "budget": "masqué", "suivi": "information"})
    assert [entry.id for entry in menu] == [entry.id for entry in MENU if entry.id != "budget"]
    shown = {entry.id: (entry.state, entry.url) for entry in menu}
    assert shown["reclamation"] == (EntryState.LINK, ELSEWHERE)
    assert shown["suivi"] == (EntryState.INFORMATION, "/compte/suivi")
    labels = {entry.id: entry.label for entry in menu}
    assert labels["reclamation"] == "Réclamation et non-réception de titres (autre site)"
    assert labels["suivi"] == "Suivre vos demandes"


@pytest.mark.parametrize("switch", ["information", "masqué", f"lien {ELSEWHERE}"])
def test_an_entry_and_its_kind_are_switched_as_one(switch: str) -> None:
    assert kinds_switched_off(menu_of({"attestation-de-non-versement": switch})) == {"non-versement"}
    assert kinds_switched_off(menu_of({"attestation-de-non-versement": "actif", "suivi": switch})) == frozenset()


def test_each_kind_that_is_opened_here_has_its_entry() -> None:
    opened = {kind.id for kind in catalogue().in_force("2026-11-24") if kind.is_asked_here}
    assert {entry.kind for entry in MENU if entry.kind} == opened


NO_SWITCHES = [
    ({"reclamations": "actif"}, "reclamations is no entry of the menu: there are accueil, "),
    ({"accueil": "masqué"}, "accueil stays as it is"),
    ({"informations-personnelles": "actif"}, "informations-personnelles stays as it is"),
    ({"correspondant": "information"}, "correspondant stays as it is"),
    *(
        ({"reclamation": switch}, "reclamation can't be « ")
        for switch in (
            *("", "Actif", "actif ", "masque", "lien", "lien ", "lien http://cnas.example/"),
            *("lien //cnas.example/", "lien javascript:alert(1)", "lien https://", "lien https://localhost/"),
            *("lien https://user@cnas.example/", "lien https://cnas.example:444/"),
            *("lien https://cnas.example/a b", "lien https://cnas.example/\n"),
            *("lien  https://cnas.example/", "information https://cnas.example/"),
        )
    ),
]


@pytest.mark.parametrize(("switches", "said"), NO_SWITCHES)
def test_what_no_switch_can_be_is_refused_with_a_sentence(switches: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}"):
        menu_of(switches)


def test_a_stage_says_where_a_benefit_is_asked_and_hides_some() -> None:
    assert benefits_of(GUIDED, {}) == {"permis": "", "depart-retraite": ""}
    assert benefits_of(GUIDED, {"permis": f"lien {ELSEWHERE}"}) == {"permis": ELSEWHERE, "depart-retraite": ""}
    assert benefits_of(GUIDED, {"permis": "masqué", "depart-retraite": "information"}) == {"depart-retraite": ""}


NO_BENEFITS = [
    ({"reclamation": "masqué"}, "reclamation is no benefit of the guide: there are depart-retraite, permis"),
    ({"permis": "actif"}, "permis is not asked here"),
    ({"permis": "lien ici"}, "permis can't be « lien ici »"),
]


@pytest.mark.parametrize(("switches", "said"), NO_BENEFITS)
def test_what_no_benefit_can_be_is_refused_with_a_sentence(switches: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}"):
        benefits_of(GUIDED, switches)
