"""Offline, slow, without cookies: the person is told, and loses nothing."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from local.gallery.fake_api import FakeApi, account, anonymous, in_flow, problem, signed_in
from local.gallery.states import GOOD_PASSWORD
from tests.web.chromium import FLAGS, windowed_chromium
from tests.web.conftest import WAIT_MILLISECONDS, Visit
from tests.web.hands import alert, press, send
from tests.web.site import Site

BLOCKED = 2
"""Chromium's value for a kind of content that its settings refuse."""


def test_a_password_that_was_not_sent_is_kept(visit: Visit) -> None:
    page = visit.open("/connexion", anonymous())
    for status, code in ((503, "unavailable"), (500, "unexpected")):
        visit.api.reply("POST", "/api/session", problem(status, code))
    page.fill("#identifiant", "10000001")
    page.fill("#mot_de_passe", GOOD_PASSWORD)
    for cut, told in (
        ("offline", "Vous êtes hors connexion."),
        ("lost", "La connexion à Internet semble coupée."),
        ("down", "Nous ne pouvons pas envoyer de code pour le moment."),
        ("broken", "Référence : "),
    ):
        page.context.set_offline(cut == "offline")
        if cut == "lost":
            page.route("**/api/**", lambda route: route.abort())
        press(page, "Me connecter")
        expect(alert(page)).to_contain_text(told)
        expect(alert(page)).to_be_focused()
        expect(page.locator("#mot_de_passe")).to_have_value(GOOD_PASSWORD)
        page.unroute_all()


def test_a_new_password_that_was_not_looked_at_is_kept(visit: Visit) -> None:
    page = visit.open("/activation/mot-de-passe", in_flow("activation", "set_password"))
    visit.api.reply("POST", "/api/activation/password", problem(500, "unexpected"))
    send(page, "Soumettre", mot_de_passe=GOOD_PASSWORD, confirmation=GOOD_PASSWORD)
    expect(alert(page)).to_be_focused()
    expect(page.locator("#mot_de_passe")).to_have_value(GOOD_PASSWORD)


@pytest.mark.parametrize("path", ["/compte", "/activation/code"])
def test_a_page_that_opens_offline_comes_by_itself_when_the_connection_is_back(visit: Visit, path: str) -> None:
    page = visit.page
    visit.is_altered = True
    # The page and its modules are at hand, as from a cache; the API is not.
    page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => !window.cut, configurable: true });")
    page.add_init_script("window.cut = true;")
    page.route("**/api/**", lambda route: route.abort())
    page.goto(visit.base + path)
    expect(page.locator("#chargement")).to_have_text(
        "Vous êtes hors connexion. Cette page s'affichera au retour de la connexion."
    )
    page.unroute("**/api/**")
    visit.api.where = signed_in() if path.startswith("/compte") else in_flow("activation", "verify_code")
    visit.api.home = account()
    page.evaluate("window.cut = false; dispatchEvent(new Event('online'))")
    expect(page.locator("#contenu-charge")).to_be_visible()


def test_a_form_waits_until_its_page_knows_where_the_visitor_is(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "set_password")
    visit.api.reply("POST", "/api/activation/password", problem(401, "flow-expired"))
    page, slow = visit.page, list[Route]()
    page.route("**/api/session", lambda route: slow.append(route), times=1)  # noqa: PLW0108  # Playwright marks it
    page.goto(f"{visit.base}/activation/mot-de-passe")
    send(page, "Soumettre", mot_de_passe=GOOD_PASSWORD, confirmation=GOOD_PASSWORD)
    expect(page.get_by_text("Envoi en cours…")).to_be_visible()
    assert visit.api.made("POST", "/api/activation/password") == []
    slow[0].continue_()
    # Told before the page was: the page would have hidden it.
    expect(page.get_by_role("heading", name="Ce code a expiré.")).to_be_focused()


def test_a_browser_that_refuses_cookies_is_told_so_and_nothing_is_sent(
    browser: Browser, front: Site, tmp_path: Path
) -> None:
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"profile": {"default_content_setting_values": {"cookies": BLOCKED}}}))
    front.api = FakeApi()
    with browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=windowed_chromium(), args=list(FLAGS), base_url=front.base
    ) as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.pages[0]
        for path in ("/connexion", "/activation/code", "/mot-de-passe-oublie"):
            page.goto(path)
            assert page.evaluate("navigator.cookieEnabled"), "it says otherwise all the same"
            if path == "/mot-de-passe-oublie":
                send(page, "Continuer", identifiant="10000001", nom="Garcia")
            page.wait_for_url("**/cookies-refuses")
            expect(page.get_by_role("heading", level=1)).to_have_text("Votre navigateur refuse les cookies")
    assert front.api.calls == []


def test_asking_for_cookies_leaves_none(visit: Visit) -> None:
    page = visit.open("/connexion")
    assert page.context.cookies() == []
