"""What correspondents do on the deployed product: a village by hand, a city by a workbook, and people of theirs."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from local.gallery.states import GOOD_PASSWORD
from tests.desk import desk_of
from tests.people import Someone, come_home, import_rows, start
from tests.stack import Stack
from tests.unit.in_memory_roster import line
from tests.visitor import await_message, code_in

_PATIENCE_MILLISECONDS = 30_000
_LONG_MILLISECONDS = 240_000
_TRIES = 3
_ROWS, _KNOWN = 3_000, 60
"""Of a city's workbook; the others are to be confirmed by the CNAS."""


@dataclass(frozen=True)
class Employer:
    """A structure and its correspondent, before anybody is invited."""

    structure_id: str
    name: str
    correspondent: str
    last_name: str
    email: str

    def row(self, identifier: str, **more: str) -> dict[str, str]:
        """A row of a person of theirs."""
        return line(
            identifier,
            structure_id=self.structure_id,
            structure_name=self.name,
            correspondent_name=self.correspondent,
            correspondent_email=self.email,
            **more,
        )


VILLAGE = Employer("V1", "Mairie de Saint-Rémi", "Odile MARCHAND", "Marchand", "odile.marchand@saint-remi.example")
CITY = Employer("V2", "Ville de Montclair", "Jean PERRIN", "Perrin", "jean.perrin@montclair.example")

SCHOOL = Employer("V3", "Caisse des écoles de Valjoie", "Anne LEROUX", "Leroux", "anne.leroux@valjoie.example")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that nobody knows; fails when a page broke."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", accept_downloads=True)
    context.set_default_timeout(_PATIENCE_MILLISECONDS)
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert broken == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def search(page: Page, link: str) -> Locator:
    """Press until the link is there: on a busy machine a call may fail, and people try again."""
    found = page.get_by_role("link", name=link)
    for _ in range(_TRIES):
        press(page, "Rechercher")
        with suppress(PlaywrightTimeoutError):
            found.wait_for(timeout=_PATIENCE_MILLISECONDS / _TRIES)
            return found
    raise AssertionError(page.locator("main").inner_text())


def invited(product: Stack, employer: Employer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have an agent invite the correspondent; returns the identifier that their mail names."""
    before = {message.id for message in product.messages()}
    desk_of(product, monkeypatch).ask(
        "invitation", {"structure_id": employer.structure_id, "reason": "Déclarations du jour"}
    )
    # An identifier has as many digits as a longer code.
    mail = await_message(product, before, to=employer.email, with_code=True)
    (identifier,) = re.findall(r"C\d{8}", mail.text)
    return str(identifier)


def activate(page: Page, product: Stack, employer: Employer, identifier: str) -> None:
    """S0 to home, as everybody does; no consent is asked of a correspondent."""
    page.goto(product.base)
    page.get_by_role("link", name="Votre compte", exact=True).click()
    page.get_by_role("link", name="1re connexion : créez votre compte en ligne").click()
    page.get_by_label("Je suis correspondant(e)").check()
    page.get_by_label("Identifiant de connexion").fill(identifier.lower())
    page.get_by_label("Nom de famille").fill(employer.last_name)
    before = {message.id for message in product.messages()}
    press(page, "Continuer")
    message = await_message(product, before, to=employer.email, with_code=True)
    page.get_by_label("Code de sécurité").fill(code_in(message))
    press(page, "Vérifier le code")
    page.get_by_role("link", name="Continuer").click()
    page.locator("#mot_de_passe").fill(GOOD_PASSWORD)
    page.locator("#confirmation").fill(GOOD_PASSWORD)
    press(page, "Soumettre")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recevoir le code de sécurité")
    page.locator("#canal-email").check()
    press(page, "Vérifier")
    page.get_by_label("J'ai consulté et j'accepte les CGU").check()
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre espace correspondant")


def test_a_village_mends_a_row_by_hand(page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [
        VILLAGE.row("60000001", last_name="Aubert", first_name="Jeanne", email=""),
        VILLAGE.row("60000002", last_name="Garcia", first_name="Louis", email="louis@ancien.example"),
    ]
    import_rows(product, people)
    activate(page, product, VILLAGE, invited(product, VILLAGE, monkeypatch))

    expect(page.locator("#structures > li")).to_contain_text("2 bénéficiaires déclarés")
    page.get_by_role("link", name="Compléter : Mairie de Saint-Rémi").click()
    expect(page.locator("#trouves")).to_have_text("1 bénéficiaire affiché")
    page.get_by_role("link", name="Modifier Aubert Jeanne").click()
    page.get_by_label("Adresse email").fill("jeanne@exemple.fr")
    press(page, "Enregistrer")
    expect(page.locator("#suites")).to_contain_text("Cette personne peut recevoir un code")
    start(product, Someone("60000001", "Aubert", "jeanne@exemple.fr"))

    page.get_by_role("link", name="Revenir à la liste").click()
    expect(page.locator("#trouves")).to_have_text("Personne ne correspond à cette recherche.")
    page.get_by_label("Tout le monde").check()
    search(page, "Modifier Garcia Louis").click()
    page.get_by_label("Adresse email").fill("louis@nouveau.example")
    before = {message.id for message in product.messages()}
    press(page, "Enregistrer")
    expect(page.locator("#suites")).to_contain_text("L'ancienne adresse est prévenue.")
    await_message(product, before, to="louis@ancien.example", with_code=False)

    page.get_by_role("link", name="Revenir à la liste").click()
    page.get_by_role("link", name="Modifier Garcia Louis").click()
    page.get_by_label("Dernier jour dans la structure").fill("01/01/2026")
    page.get_by_label("Cette personne quitte la structure").check()
    press(page, "Enregistrer")
    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_focused()
    expect(page.locator("#suites")).to_contain_text("Dernier jour d'accès à son compte : 01/01/2026.")

    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name="Vos informations").click()
    expect(page.locator("[data-fact=identifier]")).to_have_text(re.compile(r"^C\d{8}$"))
    page.goto(f"{product.base}/compte")
    page.wait_for_url("**/correspondant")
    press(page, "Me déconnecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté(e).")


def surname(number: str) -> str:
    """A name of its own for each number, in letters."""
    return "Moreau-" + "".join("abcdefghij"[int(digit)] for digit in number[-4:]).capitalize()


def workbook(rows: list[list[str]]) -> bytes:
    """As somebody keeps it: a title, then the headers, then a row for each person."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (
        ["Agents au 29 novembre"],
        [],
        ["Matricule", "Nom", "Prénom", "E-mail", "Portable", "Service"],
        *rows,
    ):
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def send(page: Page, file: Path, body: bytes) -> None:
    file.write_bytes(body)
    page.get_by_label("Votre fichier").set_input_files(file)
    press(page, "Envoyer et contrôler")


def test_a_city_sends_a_workbook_mends_it_applies_it_and_takes_it_back(
    page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    numbers = [str(61_000_000 + number) for number in range(_ROWS)]
    known = [CITY.row(number, last_name=surname(number), email="") for number in numbers[:_KNOWN]]
    import_rows(product, known)
    activate(page, product, CITY, invited(product, CITY, monkeypatch))
    expect(page.locator("#structures > li")).to_contain_text(
        "60 sans contact déclaré : ils ne peuvent pas recevoir de code"
    )
    rows = [[n, surname(n), "Louis", f"p{n}@exemple.fr", "", "Voirie"] for n in numbers]

    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name="Envoyer un fichier").click()
    wrong = [[n, name, first, f"{mail} ou rien", "", job] for n, name, first, mail, _, job in rows]
    send(page, tmp_path / "agents.xlsx", workbook(wrong))
    expect(page.locator("#etat")).to_have_text("Fichier refusé", timeout=_LONG_MILLISECONDS)
    expect(page.locator("#raison")).to_contain_text("Plus de la moitié des lignes sont refusées")
    page.get_by_role("link", name="Envoyer un autre fichier").click()

    rows[7][3] = "pas une adresse@"
    send(page, tmp_path / "agents.xlsx", workbook(rows))
    expect(page.locator("#etat")).to_be_visible()
    page.reload()
    expect(page.locator("#etat")).to_contain_text("Contrôle terminé", timeout=_LONG_MILLISECONDS)
    expect(page.locator("#comptes")).to_have_text("59 modifications, 2 940 entrées à confirmer par le CNAS")
    expect(page.get_by_role("table", name="Lignes de votre fichier à regarder")).to_contain_text("adresse email")
    with page.expect_download() as download:
        press(page, "Télécharger le rapport")
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")

    press(page, "Appliquer")
    expect(page.locator("#etat")).to_have_text("Appliqué", timeout=_LONG_MILLISECONDS)
    start(product, Someone(numbers[5], surname(numbers[5]), f"p{numbers[5]}@exemple.fr"))

    press(page, "Annuler cet envoi")
    expect(page.locator("#etat")).to_have_text("Annulé", timeout=_LONG_MILLISECONDS)
    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name="Accueil").click()
    expect(page.get_by_role("link", name=re.compile("^Annulé : envoi du"))).to_be_visible()
    expect(page.locator("#structures > li")).to_contain_text(re.compile(r"sans contact déclaré"))


def test_requests_are_followed_for_as_long_as_their_person_consents(
    page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = Someone("62000003", "Roux", "p62000003@mondomaine.com")
    import_rows(
        product, [SCHOOL.row(someone.identifier, last_name="Roux", first_name="Camille", email=someone.contact)]
    )
    person = come_home(product, someone)
    opened = person.post("/api/requests", {"kind": "reclamation"}).body
    fields = {"objet": "autre", "explication": "Je n'ai rien compris à ma réponse."}
    path = f"/api/requests/{opened['id']}"
    assert person.put(path, {"version": opened["version"], "fields": fields}).status == 200
    assert person.post(f"{path}/sending", {}).status == 200

    activate(page, product, SCHOOL, invited(product, SCHOOL, monkeypatch))
    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name="Suivi des demandes").click()
    row = page.locator("#demandes tbody tr")
    expect(row).to_contain_text("Roux Camille")
    expect(row).to_contain_text("Envoyée")
    expect(page.locator("main")).not_to_contain_text("Je n'ai rien compris")
    said = [event["label"] for event in person.get("/api/account/history").body["events"]]
    assert "Votre correspondant a consulté le suivi de vos demandes" in said

    assert person.put("/api/account/consent", {"consents": False, "text_version": "1"}).status == 200
    page.reload()
    expect(page.locator("#aucune")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Roux")
