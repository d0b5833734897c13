"""Back, Reload, a second tab, a link kept: nothing already validated is lost, and every page knows where one is."""

import pytest
from playwright.sync_api import expect

from local.gallery.fake_api import CONSENT, CONTACTS, Body, account, anonymous, in_flow, problem, signed_in
from tests.web.conftest import Visit
from tests.web.hands import alert, send


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/activation/code", in_flow("activation", "verify_code")),
        ("/preferences/canal", signed_in("choose_channel", contacts=CONTACTS)),
        ("/compte", signed_in()),
    ],
)
def test_a_reload_shows_the_same_step(visit: Visit, path: str, where: Body) -> None:
    visit.api.where, visit.api.home = where, account()
    page = visit.open(path)
    heading = page.locator("h1").inner_text()
    page.reload()
    page.locator("main:not(:has(#contenu-charge[hidden]))").wait_for()
    assert (page.url, page.locator("h1").inner_text()) == (visit.base + path, heading)


def test_back_from_the_channel_shows_the_consent_to_answer_again(visit: Visit) -> None:
    page = visit.open("/preferences/consentement", signed_in("give_consent", consent=CONSENT))
    visit.open("/preferences/canal", signed_in("choose_channel", contacts=CONTACTS))
    page.get_by_role("link", name="Retour").click()
    expect(page.locator("#texte")).to_contain_text("interlocuteur privilégié")


def test_a_form_left_open_is_told_of_what_another_tab_began(visit: Visit) -> None:
    page = visit.open("/activation/code", in_flow("activation", "verify_code"))
    visit.api.reply("POST", "/api/activation/verification", problem(409, "wrong-step", next_step="verify_code"))
    send(page, "Vérifier le code", code="097373")
    expect(alert(page)).to_contain_text("Une autre demande ou une autre connexion a été commencée dans ce navigateur.")
    expect(page.locator("#code")).to_have_value("")


@pytest.mark.parametrize(
    "refusal",
    [problem(409, "wrong-step", next_step="give_consent"), problem(401, "flow-expired")],
    ids=["done", "over"],
)
def test_a_form_left_open_on_a_step_that_is_done_leads_to_the_next(visit: Visit, refusal: tuple[int, Body]) -> None:
    page = visit.open("/activation/mot-de-passe", in_flow("activation", "set_password"))
    visit.api.reply("POST", "/api/activation/password", refusal)
    visit.api.where = signed_in("give_consent", consent=CONSENT)
    send(page, "Soumettre", mot_de_passe="Girafe-Brumeuse-1987", confirmation="Girafe-Brumeuse-1987")
    page.wait_for_url("**/preferences/consentement")


def test_what_was_typed_is_forgotten_at_the_end(visit: Visit) -> None:
    visit.api.reply("POST", "/api/activation", in_flow("activation", "verify_code"), status=202)
    page = visit.open("/activation")
    visit.api.where = in_flow("activation", "verify_code")
    send(page, "Continuer", identifiant="10000001", nom="Garcia")
    page.locator("#code").wait_for()
    visit.api.where, visit.api.home = signed_in(), account()
    visit.open("/compte")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "10000001" not in kept
    assert "Garcia" not in kept


@pytest.mark.parametrize(
    ("path", "purpose", "step", "told"),
    [
        ("/mot-de-passe-oublie", "password_reset", "verify_code", "Ce code a expiré."),
        ("/activation", "activation", "set_password", "Le temps prévu est passé"),
    ],
)
def test_what_expired_is_told_where_it_was_left(visit: Visit, path: str, purpose: str, step: str, told: str) -> None:
    page = visit.open(f"{path}/{'code' if step == 'verify_code' else 'mot-de-passe'}", in_flow(purpose, step))
    visit.api.where = anonymous()
    page.reload()
    expect(page.locator("#expire")).to_contain_text(told)
    expect(page.get_by_role("link", name="Recommencer")).to_have_attribute("href", path)


@pytest.mark.parametrize("button", ["Vérifier le code", "Renvoyer le code"])
def test_a_code_page_goes_on_when_another_tab_has_signed_in(visit: Visit, button: str) -> None:
    page = visit.open("/connexion/code", in_flow("sign_in", "verify_code", destination="à l'adresse l•••@m•••.com"))
    visit.api.where, visit.api.home = signed_in(), account()
    for path in ("code", "verification"):
        visit.api.reply("POST", f"/api/session/{path}", problem(401, "flow-expired"))
    send(page, button, code="097373")
    page.wait_for_url("**/compte")


def test_a_new_password_leads_to_signing_in_which_says_so_and_so_does_back(visit: Visit) -> None:
    page = visit.open("/mot-de-passe-oublie/code", in_flow("password_reset", "verify_code"))
    visit.open("/mot-de-passe-oublie/mot-de-passe", in_flow("password_reset", "set_password"))
    visit.api.reply("POST", "/api/password-reset/password", {"next_step": "sign_in"})
    visit.api.where = anonymous()
    send(page, "Soumettre", mot_de_passe="Girafe-Brumeuse-1987", confirmation="Girafe-Brumeuse-1987")
    page.wait_for_url("**/connexion")
    expect(page.get_by_role("status").first).to_have_text("Votre mot de passe a été modifié. Connectez-vous.")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    for _ in range(2):
        page.go_back()
        page.wait_for_url("**/connexion")
