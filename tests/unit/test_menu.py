"""The menu of an account."""

from activation.domain.menu import MENU, EntryState


def test_the_menu_is_the_customers_in_the_customers_order() -> None:
    assert [entry.label for entry in MENU] == [
        "Accueil",
        "Vos informations personnelles",
        "Votre correspondant(e) CNAS",
        "Demander une prestation",
        "Attestation de vos droits au CNAS",
        "Réclamation et non-réception de titres",
        "Attestation de non-versement",
        "Gérer votre budget",
        "Suivre vos demandes",
        "Calculer votre taux d'endettement",
        "Calculatrice d'emprunt",
    ]


def test_every_entry_has_a_page_of_its_own() -> None:
    assert len({entry.id for entry in MENU}) == len({entry.url for entry in MENU}) == len(MENU)
    assert [entry.url for entry in MENU] == ["/compte", *(f"/compte/{entry.id}" for entry in MENU[1:])]


def test_every_entry_works_here() -> None:
    assert {entry.state for entry in MENU} == {EntryState.ACTIVE}
