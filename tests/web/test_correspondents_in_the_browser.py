"""A city's correspondent on the deployed product: invited, at home, with a workbook that is mended and taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.gallery.states import GOOD_PASSWORD
from tests.desk import desk_of
from tests.in_memory.roster import line
from tests.people import Someone, import_rows, start
from tests.stack import Stack
from tests.visitor import await_message, code_in
from tests.web.hands import heading, press, send
from tests.web.walks import choose, choose_password, seen
from tests.workbooks import as_xlsx

_LONG_MILLISECONDS = 240_000
_ROWS, _KNOWN = 600, 60
"""Of a city's workbook; the others are to be confirmed by the CNAS."""
_ABOVE = [["Agents au 29 novembre"], [], ["Matricule", "Nom", "Prénom", "E-mail", "Portable", "Service"]]
"""A title and the headers, as somebody keeps them."""


CITY = {
    "structure_id": "V2",
    "structure_name": "Ville de Montclair",
    "correspondent_name": "Jean PERRIN",
    "correspondent_email": "jean.perrin@montclair.example",
}


def activate(page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an agent's invitation by S0 to home, as everybody does; no consent is asked of a correspondent."""
    before = seen(product)
    asked = {"structure_id": CITY["structure_id"], "reason": "Déclarations du jour"}
    desk_of(product, monkeypatch).ask("invitation", asked)
    # An identifier has as many digits as a longer code.
    mail = await_message(product, before, to=CITY["correspondent_email"], with_code=True)
    (identifier,) = re.findall(r"C\d{8}", mail.text)
    page.goto(product.base)
    page.get_by_role("link", name="Votre compte", exact=True).click()
    page.get_by_role("link", name="1re connexion : créez votre compte en ligne").click()
    page.get_by_label("Je suis correspondant(e)").check()
    before = seen(product)
    send(page, "Continuer", identifiant=identifier.lower(), nom="Perrin")
    message = await_message(product, before, to=CITY["correspondent_email"], with_code=True)
    send(page, "Vérifier le code", code=code_in(message))
    page.get_by_role("link", name="Continuer").click()
    choose_password(page, GOOD_PASSWORD)
    expect(heading(page)).to_have_text("Recevoir le code de sécurité")
    page.locator("#canal-email").check()
    press(page, "Vérifier")
    page.get_by_label("J'ai consulté et j'accepte les CGU").check()
    press(page, "Continuer")
    expect(heading(page)).to_have_text("Votre espace correspondant")


def surname(number: str) -> str:
    """A name of its own for each number, in letters."""
    return "Moreau-" + "".join("abcdefghij"[int(digit)] for digit in number[-4:]).capitalize()


def send_file(page: Page, file: Path, body: bytes) -> None:
    file.write_bytes(body)
    page.get_by_label("Votre fichier").set_input_files(file)
    press(page, "Envoyer et contrôler")


def test_a_city_sends_a_workbook_mends_it_applies_it_and_takes_it_back(
    page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    numbers = [str(61_000_000 + number) for number in range(_ROWS)]
    known = [line(number, **CITY, last_name=surname(number), email="") for number in numbers[:_KNOWN]]
    import_rows(product, known)
    activate(page, product, monkeypatch)
    expect(page.locator("#structures > li")).to_contain_text(
        "60 sans contact déclaré : ils ne peuvent pas recevoir de code"
    )
    rows = [[n, surname(n), "Louis", f"p{n}@exemple.fr", "", "Voirie"] for n in numbers]

    choose(page, "Envoyer un fichier")
    wrong = [[n, name, first, f"{mail} ou rien", "", job] for n, name, first, mail, _, job in rows[:20]]
    send_file(page, tmp_path / "agents.xlsx", as_xlsx([*_ABOVE, *wrong]))
    expect(page.locator("#etat")).to_have_text("Fichier refusé", timeout=_LONG_MILLISECONDS)
    expect(page.locator("#raison")).to_contain_text("Plus de la moitié des lignes sont refusées")
    page.get_by_role("link", name="Envoyer un autre fichier").click()

    rows[7][3] = "pas une adresse@"
    send_file(page, tmp_path / "agents.xlsx", as_xlsx([*_ABOVE, *rows]))
    expect(page.locator("#etat")).to_be_visible()
    page.reload()
    expect(page.locator("#etat")).to_contain_text("Contrôle terminé", timeout=_LONG_MILLISECONDS)
    expect(page.locator("#comptes")).to_have_text("59 modifications, 540 entrées à confirmer par le CNAS")
    expect(page.get_by_role("table", name="Lignes de votre fichier à regarder")).to_contain_text("adresse email")
    with page.expect_download() as download:
        press(page, "Télécharger le rapport")
    assert download.value.suggested_filename == "rapport.csv"
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")

    press(page, "Appliquer")
    expect(page.locator("#etat")).to_have_text("Appliqué", timeout=_LONG_MILLISECONDS)
    start(product, Someone(numbers[5], surname(numbers[5]), f"p{numbers[5]}@exemple.fr"))

    press(page, "Annuler cet envoi")
    expect(page.locator("#etat")).to_have_text("Annulé", timeout=_LONG_MILLISECONDS)
    choose(page, "Accueil")
    expect(page.get_by_role("link", name=re.compile("^Annulé : envoi du"))).to_be_visible()
    expect(page.locator("#structures > li")).to_contain_text(re.compile(r"sans contact déclaré"))
