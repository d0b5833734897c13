"""S0, S7, S8, S13: signing in and out, the account's home and its pages."""

from playwright.sync_api import expect

from activation.domain.menu import MENU
from local.gallery.fake_api import FLOW, anonymous, code_out, in_flow
from local.gallery.states import MASKED_MAIL, MASKED_NUMBER
from tests.web.conftest import Visit
from tests.web.hands import box, heading, press, send


def test_a_correspondent_who_signs_in_is_told_who_helps_them_and_so_is_whoever_comes_next(visit: Visit) -> None:
    visit.api.where = anonymous()
    for identifier, helper in (("C40218866", "le CNAS"), ("10000001", "votre correspondant CNAS")):
        page = visit.open("/connexion")
        visit.api.reply("POST", "/api/session", in_flow("sign_in", "verify_code"), status=202)
        visit.api.where = in_flow("sign_in", "verify_code", code=code_out(minutes=10), destination=MASKED_NUMBER)
        send(page, "Me connecter", identifiant=identifier, mot_de_passe="Tournesol-Violet-42")
        page.wait_for_url("**/connexion/code")
        page.get_by_text("Je n'ai plus accès").click()
        expect(page.locator("details")).to_contain_text(f"Contactez {helper}")
        visit.api.where = anonymous()
    page = visit.open("/mot-de-passe-oublie")
    expect(page.locator("#identifiant")).to_have_value("10000001")
    expect(page.locator("#nom")).to_have_value("")


def test_the_code_can_come_otherwise_when_the_other_contact_is_proven(visit: Visit) -> None:
    proven = {"contacts": {"proven": ["email", "sms"]}}
    page = visit.open("/connexion/code", in_flow("sign_in", "verify_code", destination=MASKED_NUMBER, **proven))
    visit.api.reply("POST", "/api/session/code", {"next_step": "verify_code", "flow": FLOW, "code": code_out()})
    visit.api.where = in_flow("sign_in", "verify_code", destination=MASKED_MAIL, **proven)
    press(page, "Recevoir le code autrement")
    expect(page.locator("#destination")).to_have_text(f"Nous avons envoyé un code {MASKED_MAIL}.")
    assert visit.sent("POST", "/api/session/code") == [{"channel": "email"}]


def test_every_entry_of_the_menu_leads_to_a_page_of_that_name(louis: Visit) -> None:
    for entry in MENU:
        page = louis.open(entry.url)
        expect(page.locator("[aria-current=page]")).to_have_text(entry.label)
        wanted = "Bienvenue sur votre compte CNAS" if entry.id == "accueil" else entry.label
        expect(heading(page)).to_have_text(wanted)


def test_the_menu_stands_left_of_the_page_and_above_it_on_a_phone_folded_on_an_inner_page(louis: Visit) -> None:
    page = louis.open("/compte")
    expect(page.get_by_text("menu à gauche")).to_be_visible()
    menu = page.get_by_role("navigation", name="Votre compte")
    beside = box(menu)
    assert beside["x"] + beside["width"] <= box(heading(page))["x"]
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_text("menu ci-dessus")).to_be_visible()
    above = box(menu)
    assert above["y"] + above["height"] <= box(heading(page))["y"]
    louis.open("/compte/suivi")
    link = page.get_by_role("link", name="Gérer votre budget")
    expect(link).to_be_hidden()
    page.get_by_text("Menu de votre compte").click()
    expect(link).to_be_visible()
