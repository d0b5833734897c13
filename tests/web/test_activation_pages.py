"""S1 to S3: identifier, code, password."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from local.gallery.fake_api import FLOW, code_out, in_flow
from local.gallery.states import GOOD_PASSWORD, blocked_until
from tests.web.conftest import Visit
from tests.web.hands import alert, press, send

CODE, PASSWORD = "/activation/code", "/activation/mot-de-passe"
VERIFY = "/api/activation/verification"


@pytest.fixture
def at_code(visit: Visit) -> Visit:
    visit.open(CODE, in_flow("activation", "verify_code"))
    return visit


@pytest.fixture
def at_password(visit: Visit) -> Visit:
    visit.open(PASSWORD, in_flow("activation", "set_password"))
    return visit


def _start(visit: Visit) -> Page:
    visit.api.reply("POST", "/api/activation", in_flow("activation", "verify_code"), status=202)
    page = visit.open("/activation")
    visit.api.where = in_flow("activation", "verify_code")
    send(page, "Continuer", identifiant=" 10000001", nom="Garcia")
    page.wait_for_url(f"**{CODE}")
    page.locator("#code").wait_for()
    return page


def _verify(page: Page, code: str) -> None:
    send(page, "Vérifier le code", code=code)


def test_identifier_and_name_go_in_the_body_and_never_in_an_address_and_are_kept_for_the_way_back(visit: Visit) -> None:
    page = _start(visit)
    assert visit.sent("POST", "/api/activation") == [{"identifier": "10000001", "last_name": "Garcia"}]
    assert "10000001" not in page.url
    page.get_by_text("Vous ne recevez rien").click()
    page.get_by_role("link", name="Vérifiez votre identifiant et votre nom de famille").click()
    expect(page.locator("#identifiant")).to_have_value("10000001")
    expect(page.locator("#nom")).to_have_value("Garcia")


def test_a_code_of_another_length_spends_no_try_and_one_may_be_pasted_as_it_is_read(at_code: Visit) -> None:
    page = at_code.page
    at_code.api.reply("POST", VERIFY, {"next_step": "set_password", "flow": FLOW})
    _verify(page, "12345")
    told = "Le code de sécurité comporte 6 chiffres, par exemple 097373"
    expect(alert(page).get_by_role("link")).to_have_text(told)
    _verify(page, "Code : 097-373")
    expect(page.locator("#reussite")).to_be_visible()
    assert at_code.sent("POST", VERIFY) == [{"code": "097373"}]


@pytest.mark.parametrize(
    ("path", "purpose", "words"),
    [
        ("/activation/code", "activation", ("transmise par votre correspondant", "qui a reçu votre invitation")),
        ("/mot-de-passe-oublie/code", "password_reset", ("contactez votre correspondant CNAS", "contactez le CNAS")),
    ],
)
@pytest.mark.parametrize("identifier", ["10000001", "c40218866", None])
def test_who_knows_ones_contact_is_told_as_it_is_for_whom_the_identifier_s_letter_names(
    visit: Visit, path: str, purpose: str, words: tuple[str, str], identifier: str | None
) -> None:
    visit.api.where = in_flow(purpose, "verify_code", code=code_out())
    if identifier:
        visit.remember({"started": {"identifier": identifier, "lastName": "Fontaine"}})
    page = visit.open(path)
    page.locator("#saisie details").evaluate_all("all => all.forEach(one => one.open = true)")
    said = page.locator("#saisie").inner_text().replace("\xa0", " ")
    is_lettered = identifier == "c40218866"
    assert tuple(each in said for each in words) == (not is_lettered, is_lettered)
    assert ("votre correspondant" in said) != is_lettered


@pytest.mark.parametrize(("identifier", "helper"), [("10000001", "votre correspondant"), ("C40218866", "le CNAS")])
def test_whoever_types_too_many_wrong_codes_is_told_who_helps_them(visit: Visit, identifier: str, helper: str) -> None:
    visit.remember({"started": {"identifier": identifier}})
    page = visit.open("/blocage/codes-incorrects")
    expect(page.locator("main")).to_contain_text(f"Si vous ne trouvez pas le bon code, contactez {helper}")


def test_after_the_last_try_a_page_says_when_a_new_code_may_be_asked_for_and_so_does_a_reload(at_code: Visit) -> None:
    at_code.api.reply("POST", VERIFY, blocked_until("flow-locked", minutes=40))
    page = at_code.page
    _verify(page, "123456")
    page.wait_for_url("**/blocage/codes-incorrects")
    expect(page.locator("main")).to_contain_text("Vous pourrez en demander un")
    new_code = page.get_by_role("link", name="Demandez un nouveau code")
    expect(new_code).to_be_hidden()
    at_code.api.where = in_flow("activation", "verify_code", locked_until=code_out(minutes=-1)["expires_at"])
    page.goto(at_code.base + CODE)
    page.wait_for_url("**/blocage/codes-incorrects")
    expect(new_code).to_have_attribute("href", "/activation")


def test_a_code_asked_for_too_early_is_no_fault_and_one_sent_again_may_be_longer(at_code: Visit) -> None:
    page, resent = at_code.page, {"next_step": "verify_code", "flow": FLOW, "code": code_out(length=8)}
    at_code.api.reply("POST", "/api/activation/code", blocked_until("resend-too-early", seconds=60))
    at_code.api.reply("POST", "/api/activation/code", resent, status=202)
    button = page.get_by_role("button", name="Renvoyer le code")
    button.click()
    told = re.compile(r"Vous pourrez demander un nouveau code dans [1-6]\d\ssecondes\.")  # the page may be slow
    expect(page.locator("#renvoyer").get_by_role("status").first).to_have_text(told)
    expect(alert(page)).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(page.locator("#code-aide")).to_contain_text("8 chiffres")
    expect(button).to_be_focused()


def test_whoever_may_ask_for_no_code_yet_is_led_back_to_check_the_name_and_not_asked_for_a_code(visit: Visit) -> None:
    page = visit.open("/activation")
    visit.api.reply("POST", "/api/activation", blocked_until("too-many-codes", minutes=12))
    visit.api.reply("POST", "/api/activation", blocked_until("too-many-codes", minutes=-1))
    send(page, "Continuer", identifiant="10000001", nom="Garcin")
    page.wait_for_url("**/blocage/trop-de-codes")
    expect(page.locator("main")).to_contain_text("nom de naissance ou d'usage conviennent")
    expect(page.get_by_role("link", name="Retour")).to_have_attribute("href", "/activation")
    page.get_by_role("link", name="Corriger mon identifiant ou mon nom").click()
    send(page, "Continuer", identifiant="10000001", nom="Garcia")
    page.wait_for_url("**/blocage/trop-de-codes")
    visit.settle()
    expect(page.get_by_role("link", name="Demander un nouveau code")).to_be_visible()
    expect(page.get_by_role("link", name="J'ai retrouvé un code")).to_be_hidden()


def test_the_rules_of_a_password_are_told_as_it_is_typed(at_password: Visit) -> None:
    page = at_password.page
    states = page.locator("#regles .state")
    expect(states).to_have_text(["à compléter"] * 6)
    page.locator("#mot_de_passe").press_sequentially("girafe12")
    done, left = "✓ respecté", "à compléter"
    expect(states).to_have_text([left, left, done, done, left, left])
    page.locator("#mot_de_passe").press_sequentially(" Été")
    expect(states).to_have_text([done] * 6)


def test_a_password_can_be_shown_and_is_hidden_again_when_sent(at_password: Visit) -> None:
    page = at_password.page
    send(page, "Afficher le mot de passe", mot_de_passe=GOOD_PASSWORD)
    expect(page.locator("#mot_de_passe")).to_have_attribute("type", "text")
    expect(page.get_by_role("status").filter(has_text="Votre mot de passe est affiché")).to_be_attached()
    send(page, "Afficher la confirmation", confirmation=GOOD_PASSWORD)
    expect(page.get_by_role("status").filter(has_text="La confirmation est affichée")).to_be_attached()
    at_password.api.hold()
    press(page, "Soumettre")
    expect(page.locator("#mot_de_passe")).to_have_attribute("type", "password")
    expect(page.locator("#confirmation")).to_have_attribute("type", "password")
    expect(page.get_by_role("button", name="Afficher le mot de passe")).to_be_visible()


def test_a_bad_password_is_refused_in_the_browser_and_both_fields_emptied(at_password: Visit) -> None:
    page = at_password.page
    for password, confirmation, messages in (
        ("", "", ["Saisissez un mot de passe", "Saisissez la confirmation du mot de passe"]),
        ("Girafe-7", "Girafe-7", ["Le mot de passe doit comporter au moins 12 caractères"]),
        (GOOD_PASSWORD, "Girafe", ["Les deux mots de passe ne sont pas identiques"]),
    ):
        send(page, "Soumettre", mot_de_passe=password, confirmation=confirmation)
        expect(alert(page).get_by_role("link")).to_have_text(messages)
        expect(page.locator("#mot_de_passe")).to_have_value("")
        expect(page.locator("#confirmation")).to_have_value("")
    assert at_password.api.made("POST", "/api/activation/password") == []


def test_a_password_manager_learns_whose_password_it_is_but_of_one_begun_in_another_tab(visit: Visit) -> None:
    page = _start(visit)
    visit.open(PASSWORD, in_flow("activation", "set_password"))
    expect(page.locator("[autocomplete=username]")).to_have_value("10000001")
    visit.open(PASSWORD, {**in_flow("activation", "set_password"), "flow": "another"})
    expect(page.locator("[autocomplete=username]")).to_have_value("")


def test_what_to_do_when_no_code_comes_opens_by_itself_after_two_minutes(visit: Visit) -> None:
    visit.set_clock(datetime.now(UTC))
    for path, where in (
        (CODE, in_flow("activation", "verify_code")),
        ("/mot-de-passe-oublie/code", in_flow("password_reset", "verify_code")),
    ):
        page = visit.open(path, where)
        help_ = page.locator("details").filter(has_text="Vous ne recevez rien ?")
        expect(help_).not_to_have_attribute("open", "")
        page.clock.fast_forward(121_000)
        expect(help_).to_have_attribute("open", "")
