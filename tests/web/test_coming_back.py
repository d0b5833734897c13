"""Back, Reload, a second tab, a link kept: nothing already validated is lost, and every page knows where one is."""

import pytest
from playwright.sync_api import expect

from local.gallery.fake_api import CONSENT, CONTACTS, TERMS, Body, account, anonymous, in_flow, problem, signed_in
from tests.web.conftest import Visit

STEPS: list[tuple[str, Body]] = [
    ("/activation/code", in_flow("activation", "verify_code")),
    ("/activation/mot-de-passe", in_flow("activation", "set_password")),
    ("/preferences/consentement", signed_in("give_consent", consent=CONSENT)),
    ("/preferences/canal", signed_in("choose_channel", contacts=CONTACTS)),
    ("/preferences/conditions", signed_in("accept_terms", terms=TERMS)),
    ("/compte", signed_in()),
]
STEP_NAMES = [path for path, _ in STEPS]


@pytest.mark.parametrize(("path", "where"), STEPS, ids=STEP_NAMES)
def test_a_reload_shows_the_same_step(visit: Visit, path: str, where: Body) -> None:
    visit.api.where, visit.api.home = where, account()
    page = visit.open(path)
    heading = page.locator("h1").inner_text()
    page.reload()
    page.locator("main:not(:has(#contenu-charge[hidden]))").wait_for()
    assert (page.url, page.locator("h1").inner_text()) == (visit.base + path, heading)


@pytest.mark.parametrize(("path", "where"), STEPS[2:], ids=STEP_NAMES[2:])
def test_a_second_tab_finds_the_step(visit: Visit, path: str, where: Body) -> None:
    visit.api.where, visit.api.home = where, account()
    visit.page.goto(f"{visit.base}/connexion")
    visit.page.wait_for_url(visit.base + path)


def test_back_from_the_password_shows_that_the_code_was_right(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "verify_code")
    page = visit.open("/activation/code")
    visit.api.where = in_flow("activation", "set_password")
    visit.open("/activation/mot-de-passe")
    page.go_back()
    expect(page.locator("#reussite")).to_be_visible()
    expect(page.locator("#code")).to_be_hidden()


def test_back_from_the_channel_shows_the_consent_to_answer_again(visit: Visit) -> None:
    visit.api.where = signed_in("give_consent", consent=CONSENT)
    page = visit.open("/preferences/consentement")
    visit.api.where = signed_in("choose_channel", contacts=CONTACTS)
    visit.open("/preferences/canal")
    page.get_by_role("link", name="Retour").click()
    expect(page.locator("#texte")).to_contain_text("interlocuteur privilégié")


def test_back_from_a_contact_s_code_shows_the_contacts_to_mend(visit: Visit) -> None:
    visit.api.where = signed_in("choose_channel", contacts=CONTACTS)
    page = visit.open("/preferences/canal")
    visit.api.where = signed_in("verify_contact", purpose="contact")
    page.goto(f"{visit.base}/preferences/canal")
    expect(page.locator("#mobile")).to_have_value("06 12 34 56 78")


@pytest.mark.parametrize("path", ["/activation", "/activation/code", "/preferences/consentement"])
def test_whoever_comes_back_after_the_end_learns_that_the_account_is_active(visit: Visit, path: str) -> None:
    visit.api.where, visit.api.home = signed_in(), account()
    visit.page.goto(visit.base + path)
    visit.page.wait_for_url("**/activation/deja-active")
    visit.page.get_by_role("link", name="Aller à votre compte").click()
    visit.page.wait_for_url("**/compte")


def test_a_step_too_far_leads_back_to_the_code(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "verify_code")
    visit.page.goto(f"{visit.base}/activation/mot-de-passe")
    visit.page.wait_for_url("**/activation/code")


def test_nobody_is_let_into_the_account(visit: Visit) -> None:
    visit.page.goto(f"{visit.base}/compte/correspondant")
    visit.page.wait_for_url("**/connexion")


def test_someone_who_has_not_finished_is_led_from_the_account_to_what_is_left(visit: Visit) -> None:
    visit.api.where = signed_in("choose_channel", contacts=CONTACTS)
    visit.api.home = problem(409, "wrong-step", next_step="choose_channel")
    visit.page.goto(f"{visit.base}/compte")
    visit.page.wait_for_url("**/preferences/canal")


def test_a_form_left_open_is_told_of_what_another_tab_began(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "verify_code")
    page = visit.open("/activation/code")
    visit.api.reply("POST", "/api/activation/verification", problem(409, "wrong-step", next_step="verify_code"))
    page.fill("#code", "097373")
    page.get_by_role("button", name="Vérifier le code").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Une autre demande ou une autre connexion a été commencée dans ce navigateur."
    )
    expect(page.locator("#code")).to_have_value("")


def test_a_form_left_open_on_a_step_that_is_done_leads_to_the_next(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "set_password")
    page = visit.open("/activation/mot-de-passe")
    visit.api.reply("POST", "/api/activation/password", problem(409, "wrong-step", next_step="give_consent"))
    visit.api.where = signed_in("give_consent", consent=CONSENT)
    page.fill("#mot_de_passe", "Girafe-Brumeuse-1987")
    page.fill("#confirmation", "Girafe-Brumeuse-1987")
    page.get_by_role("button", name="Soumettre").click()
    page.wait_for_url("**/preferences/consentement")


def test_what_was_typed_is_forgotten_at_the_end(visit: Visit) -> None:
    visit.api.reply("POST", "/api/activation", in_flow("activation", "verify_code"), status=202)
    page = visit.open("/activation")
    page.fill("#identifiant", "10000001")
    page.fill("#nom", "Garcia")
    visit.api.where = in_flow("activation", "verify_code")
    page.get_by_role("button", name="Continuer").click()
    page.locator("#code").wait_for()
    visit.api.where, visit.api.home = signed_in(), account()
    visit.open("/compte")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "10000001" not in kept
    assert "Garcia" not in kept


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/activation/code", "/activation"),
        ("/activation/mot-de-passe", "/activation"),
        ("/connexion/code", "/connexion"),
        ("/mot-de-passe-oublie/code", "/connexion"),
        ("/preferences/canal", "/connexion"),
        ("/preferences/canal/code", "/connexion"),
        ("/compte/informations-personnelles/email", "/connexion"),
        ("/compte/informations-personnelles/code", "/connexion"),
    ],
)
def test_a_bookmark_in_a_browser_that_has_begun_nothing_leads_to_where_one_begins(
    visit: Visit, path: str, start: str
) -> None:
    visit.page.goto(visit.base + path)
    visit.page.wait_for_url(visit.base + start)


@pytest.mark.parametrize(
    ("path", "purpose", "step", "told"),
    [
        ("/mot-de-passe-oublie", "password_reset", "verify_code", "Ce code a expiré."),
        ("/activation", "activation", "set_password", "Le temps prévu est passé"),
    ],
)
def test_what_has_expired_since_is_told_where_it_was_left(
    visit: Visit, path: str, purpose: str, step: str, told: str
) -> None:
    visit.api.where = in_flow(purpose, step)
    page = visit.open(f"{path}/{'code' if step == 'verify_code' else 'mot-de-passe'}")
    visit.api.where = anonymous()
    page.reload()
    expect(page.locator("#expire")).to_contain_text(told)
    expect(page.get_by_role("link", name="Recommencer")).to_have_attribute("href", path)


@pytest.mark.parametrize("button", ["Vérifier le code", "Renvoyer le code"])
def test_a_code_page_goes_on_when_another_tab_has_signed_in(visit: Visit, button: str) -> None:
    visit.api.where = in_flow("sign_in", "verify_code", destination="à l'adresse l•••@m•••.com")
    page = visit.open("/connexion/code")
    visit.api.where, visit.api.home = signed_in(), account()
    for path in ("code", "verification"):
        visit.api.reply("POST", f"/api/session/{path}", problem(401, "flow-expired"))
    page.fill("#code", "097373")
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/compte")


def test_a_password_page_goes_on_when_another_tab_has_chosen_it(visit: Visit) -> None:
    visit.api.where = in_flow("activation", "set_password")
    page = visit.open("/activation/mot-de-passe")
    visit.api.where = signed_in("give_consent", consent=CONSENT)
    visit.api.reply("POST", "/api/activation/password", problem(401, "flow-expired"))
    page.fill("#mot_de_passe", "Girafe-Brumeuse-1987")
    page.fill("#confirmation", "Girafe-Brumeuse-1987")
    page.get_by_role("button", name="Soumettre").click()
    page.wait_for_url("**/preferences/consentement")


def test_back_after_a_reset_leads_to_signing_in(visit: Visit) -> None:
    visit.api.where = in_flow("password_reset", "verify_code")
    page = visit.open("/mot-de-passe-oublie/code")
    visit.api.where = in_flow("password_reset", "set_password")
    visit.open("/mot-de-passe-oublie/mot-de-passe")
    visit.api.reply("POST", "/api/password-reset/password", {"next_step": "sign_in"})
    page.fill("#mot_de_passe", "Girafe-Brumeuse-1987")
    page.fill("#confirmation", "Girafe-Brumeuse-1987")
    visit.api.where = anonymous()
    page.get_by_role("button", name="Soumettre").click()
    page.wait_for_url("**/connexion")
    for _ in range(2):
        page.go_back()
        page.wait_for_url("**/connexion")
