"""By keyboard alone, with large text, with forced colours, pasting."""

import pytest
from playwright.sync_api import Page, expect

from local.gallery.fake_api import CONSENT, CONTACTS, FLOW, TERMS, account, in_flow, signed_in
from local.gallery.states import GOOD_PASSWORD
from tests.web.conftest import Visit


def _focus(page: Page, name: str) -> None:
    """Press Tab until the element of that id, or the button of that name, has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        element = "document.activeElement"
        if page.evaluate(f"{element}.id || {element}.textContent.trim()") == name:
            assert page.evaluate(f"getComputedStyle({element}).outlineStyle") != "none"
            return
    pytest.fail(f"Tab never reaches {name}")


def test_the_whole_journey_goes_by_keyboard(visit: Visit) -> None:
    api, page = visit.api, visit.open("/activation")
    keys = page.keyboard
    api.reply("POST", "/api/activation", in_flow("activation", "verify_code"), status=202)
    _focus(page, "identifiant")
    keys.type("10000001")
    _focus(page, "nom")
    keys.type("Garcia")
    api.where = in_flow("activation", "verify_code")
    keys.press("Enter")
    page.locator("#code").wait_for()
    api.reply("POST", "/api/activation/verification", {"next_step": "set_password", "flow": FLOW})
    _focus(page, "code")
    keys.type("097373")
    _focus(page, "Vérifier le code")
    keys.press("Space")
    expect(page.get_by_role("heading", name="L'authentification est réussie")).to_be_focused()
    api.where = in_flow("activation", "set_password")
    _focus(page, "Continuer")
    keys.press("Enter")
    page.wait_for_url("**/activation/mot-de-passe")
    visit.settle()
    api.reply("POST", "/api/activation/password", {"next_step": "give_consent"})
    _focus(page, "mot_de_passe")
    keys.type(GOOD_PASSWORD)
    _focus(page, "confirmation")
    keys.type(GOOD_PASSWORD)
    api.where = signed_in("give_consent", consent=CONSENT)
    keys.press("Enter")
    page.locator("#texte p").first.wait_for()
    api.reply("PUT", "/api/account/consent", {"next_step": "choose_channel"})
    _focus(page, "consentement-oui")
    keys.press("Space")
    api.where = signed_in("choose_channel", contacts=CONTACTS)
    _focus(page, "Vérifier")
    keys.press("Enter")
    page.locator("#canal-sms").wait_for()
    api.reply("PUT", "/api/account/code-channel", {"next_step": "accept_terms"})
    _focus(page, "canal-email")
    keys.press("ArrowDown")
    expect(page.locator("#canal-sms")).to_be_checked()
    api.where = signed_in("accept_terms", terms=TERMS)
    keys.press("Enter")
    page.locator("#cgu").wait_for()
    api.reply("PUT", "/api/account/terms", {"next_step": "home"})
    _focus(page, "cgu")
    keys.press("Space")
    api.where, api.home = signed_in(), account()
    _focus(page, "Continuer")
    keys.press("Enter")
    expect(page.get_by_text("Bonjour Louis Garcia")).to_be_visible()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit.open("/activation")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Aller au contenu")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()


def test_paste_works_in_the_code_and_in_both_passwords(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("/activation/mot-de-passe", in_flow("activation", "set_password"))
    page.evaluate("text => navigator.clipboard.writeText(text)", GOOD_PASSWORD)
    for field in ("#mot_de_passe", "#confirmation"):
        page.focus(field)
        page.keyboard.press("Control+V")
        expect(page.locator(field)).to_have_value(GOOD_PASSWORD)
    visit.open("/activation/code", in_flow("activation", "verify_code"))
    page.evaluate("text => navigator.clipboard.writeText(text)", " 097 373 ")
    page.focus("#code")
    page.keyboard.press("Control+V")
    expect(page.locator("#code")).to_have_value(" 097 373 ")


def test_forced_colours_keep_the_edges_of_what_can_be_used(visit: Visit) -> None:
    visit.page.emulate_media(forced_colors="active")
    page = visit.open("/activation")
    for selector in ("#nom", "button", ".progress .done"):
        style = page.locator(selector).first.evaluate("e => getComputedStyle(e).borderTopStyle")
        assert style == "solid", selector
    page.focus("#nom")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
