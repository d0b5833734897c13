"""What a person is told when something is wrong, and where the focus goes."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from local.gallery.fake_api import CORRELATION, in_flow, problem
from local.gallery.states import RETRY_LATER, blocked_until
from tests.web.conftest import Visit
from tests.web.hands import alert, box, press, send

START = "/api/activation"
FONT_PIXELS = 17


def _start(page: Page) -> None:
    send(page, "Continuer", identifiant="10000001", nom="Garcia")


def test_an_empty_form_leads_the_focus_to_a_summary_with_links_to_its_fields(visit: Visit) -> None:
    page = visit.open("/activation")
    press(page, "Continuer")
    summary, name = alert(page), page.locator("#nom")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading", level=2)).to_have_text("Il y a un problème")
    links = summary.get_by_role("link")
    expect(links).to_have_text(["Saisissez votre identifiant de connexion", "Saisissez votre nom de famille"])
    links.nth(1).click()
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(
        "De naissance ou d'usage, en entier, avec ou sans accents, tirets ou apostrophes "
        "Erreur : Saisissez votre nom de famille"
    )
    assert visit.api.made("POST", START) == []


def test_an_identifier_of_letters_is_refused_with_an_example(visit: Visit) -> None:
    page = visit.open("/activation")
    lettered = "la lettre C et 8 chiffres, par exemple C40218866"
    for identifier, is_correspondent, words in (
        ("AB12", False, "L'identifiant de connexion ne contient que des chiffres, par exemple 10000001"),
        ("C4021", False, lettered),
        ("abc", True, lettered),
    ):
        page.get_by_label("Je suis correspondant(e)").set_checked(is_correspondent)
        send(page, "Continuer", identifiant=identifier, nom="Garcia")
        expect(alert(page).get_by_role("link")).to_contain_text(words)


def test_a_second_press_sends_nothing_and_a_long_wait_is_told(visit: Visit) -> None:
    visit.api.reply("POST", START, in_flow("activation", "verify_code"), status=202)
    page = visit.open("/activation")
    visit.api.hold()
    _start(page)
    button = page.get_by_role("button", name="Continuer")
    button.click()
    page.locator("#nom").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Envoi en cours…")).to_be_visible()
    expect(button).to_be_enabled()
    visit.api.where = in_flow("activation", "verify_code")
    visit.api.let_go()
    page.wait_for_url("**/activation/code")
    assert len(visit.api.made("POST", START)) == 1


def test_a_failure_gives_a_reference_and_too_many_requests_of_a_network_have_a_page(visit: Visit) -> None:
    visit.api.reply("POST", START, problem(500, "gateway-failure"))
    visit.api.reply("POST", START, blocked_until("too-many-requests", minutes=4))
    page = visit.open("/activation")
    _start(page)
    expect(alert(page)).to_contain_text("Référence : 0d9f7a0e-52c8-4d0a-8f6e-2f9f1c1b7a55")
    expect(alert(page)).not_to_contain_text("500")
    reference = box(alert(page).get_by_text(CORRELATION, exact=True))
    assert reference["height"] < 2 * FONT_PIXELS, "a reference to read out stands on one line"
    _start(page)
    page.wait_for_url("**/blocage/reseau")
    expect(page.locator("main")).to_contain_text(RETRY_LATER)
    page.get_by_role("link", name="Réessayer").click()
    expect(page.locator("#nom")).to_be_visible()


def test_credentials_that_are_wrong_are_mended_from_the_identifier_on(visit: Visit) -> None:
    visit.api.reply("POST", "/api/session", problem(401, "credentials-rejected"))
    page = visit.open("/connexion")
    send(page, "Me connecter", identifiant="10000001", mot_de_passe="not this one")
    alert(page).get_by_role("link", name="L'identifiant ou le mot de passe est incorrect.").click()
    expect(page.locator("#identifiant")).to_be_focused()


def test_times_follow_the_visitor_s_own_clock(visit: Visit) -> None:
    """A phone ten minutes late must not show a code that lives five minutes longer than it does."""
    late = datetime.now(UTC).replace(second=20, microsecond=0) - timedelta(minutes=10)  # far from the next minute
    visit.set_clock(late)
    page = visit.open("/activation/code", in_flow("activation", "verify_code"))
    expect(page.locator("#validite")).to_contain_text("Il est valable 15 minutes. Il expire")
    shown = page.evaluate("new Date(Date.now() + 15 * 60_000).getMinutes()")
    expect(page.locator("#validite")).to_contain_text(f"{shown:02d}.")
