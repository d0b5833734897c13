"""The defects that a service of the same kind declares on its own front: none of the ten is here.

The tenth, a page that scrolls sideways at high zoom, test_every_screen.py looks for.
"""

import re

from playwright.sync_api import Page, expect

from local.gallery.fake_api import signed_in
from tests.web.conftest import Visit
from tests.web.hands import heading, press, send
from tests.web.pages_read import ReadPage
from web.build import ASSETS, DOCUMENTS

AUTOCOMPLETE = {
    "identifier": "username",
    "username": "username",
    "last_name": "family-name",
    "email": "email",
    "mobile": "tel",
    "code": "one-time-code",
    "confirmation": "new-password",
    "current": "current-password",
}
CALCULATORS = {"charges", "income", "amount", "rate", "years", "label"}


def test_a_time_out_can_be_extended(visit: Visit, waiting: Page) -> None:
    visit.pass_minutes(0.3)
    expect(waiting.get_by_role("alertdialog")).to_be_visible()
    visit.api.where = signed_in(minutes=60)
    asked = len(visit.api.made("GET", "/api/account"))
    with waiting.expect_response("**/api/account"):
        waiting.get_by_role("button", name="Rester connecté(e)").click()
    expect(waiting.get_by_role("alertdialog")).to_be_hidden()
    visit.pass_minutes(10)
    expect(heading(waiting)).to_have_text("Bienvenue sur votre compte CNAS")
    assert len(visit.api.made("GET", "/api/account")) == asked + 1


def test_no_page_reloads_by_itself(visit: Visit, waiting: Page, pages: list[ReadPage]) -> None:
    assert [page.address for page in pages for e in page.elements if "http-equiv" in e.attributes] == []
    waiting.evaluate("window.kept = true")
    visit.api.where = signed_in(minutes=60)
    visit.pass_minutes(20)
    assert waiting.evaluate("window.kept") is True


def test_no_field_lacks_its_autocomplete(pages: list[ReadPage]) -> None:
    fields = [e for p in pages for e in p.all("input") if e.attributes["type"] not in ("radio", "checkbox", "file")]
    for element in fields:
        name, said = element.attributes["name"], element.attributes.get("autocomplete")
        if name == "password":
            assert said in ("current-password", "new-password")
        else:
            assert said == "off" or (name not in CALCULATORS and said == AUTOCOMPLETE[name]), name  # of others: off


def test_no_title_forgets_that_there_is_an_error(visit: Visit) -> None:
    page = visit.open("/activation")
    press(page, "Continuer")
    expect(page).to_have_title("Erreur\u00a0: Vos informations de connexion – Étape 1/3 – CNAS")
    visit.api.hold()
    send(page, "Continuer", identifiant="10000001", nom="Garcia")
    expect(page).to_have_title("Vos informations de connexion – Étape 1/3 – CNAS")
    expect(page.locator("#nom")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#erreurs")).to_be_hidden()


def test_no_field_has_a_maxlength(pages: list[ReadPage]) -> None:
    assert [page.address for page in pages for e in page.elements if "maxlength" in e.attributes] == []


def test_no_spinner_ignores_reduced_motion() -> None:
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    assert re.findall(r"\b(?:transition|scroll-behavior)\b", style) == [], "nothing moves for anybody"
    animations = re.findall(r"animation: (\S+) (\S+) ", style)
    steps = re.findall(r"@keyframes (\S+) { to { visibility: \w+; } }", style)
    assert animations == [("tell", "0s"), ("take-away", "0s")] == [(step, "0s") for step in steps]


def test_no_footer_differs_from_the_others(pages: list[ReadPage]) -> None:
    assert len({page.html[page.html.index("<footer") :] for page in pages}) == 1


def test_no_page_has_a_wrong_language(pages: list[ReadPage]) -> None:
    assert [page.address for page in pages if page.all("html")[0].attributes.get("lang") != "fr"] == []


def test_no_link_is_empty_or_leads_nowhere(pages: list[ReadPage]) -> None:
    known = {page.address for page in pages} | {f"/documents/{path.name}" for path in DOCUMENTS.iterdir()}
    links = [(p, e) for p in pages for e in p.all("a")]
    assert [(p.address, e.attributes) for p, e in links if not e.text.strip() or not e.attributes.get("href")] == []
    for page, link in links:
        target = link.attributes["href"]
        ids = {element.attributes.get("id") for element in page.elements}
        assert target in known or target.startswith("https://") or target.removeprefix("#") in ids, target
