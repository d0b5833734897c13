"""S4 to S6: consent, channel, terms."""

import pytest
from playwright.sync_api import Page, expect

from local.gallery.fake_api import CONSENT, CONTACTS, FLOW, TERMS, Body, account, code_out, problem, signed_in
from local.gallery.states import MASKED_MAIL, MASKED_NUMBER
from tests.web.conftest import Visit
from tests.web.hands import alert, heading, press

CONSENT_PATH, CHANNEL_PATH, TERMS_PATH = "/api/account/consent", "/api/account/code-channel", "/api/account/terms"


def _consent(visit: Visit) -> Page:
    return visit.open("/preferences/consentement", signed_in("give_consent", consent=CONSENT))


def _channel(visit: Visit, **contacts: object) -> Page:
    return visit.open("/preferences/canal", signed_in("choose_channel", contacts=contacts or CONTACTS))


def _out(destination: str) -> Body:
    return {"purpose": "contact", "flow": FLOW, "code": code_out(minutes=10), "destination": destination}


def test_no_answer_is_ticked_beforehand_and_none_is_no_consent(visit: Visit) -> None:
    page = _consent(visit)
    assert page.locator("input:checked").count() == 0
    press(page, "Vérifier")
    expect(alert(page).get_by_role("link")).to_have_text("Choisissez « Je consens » ou « Je ne consens pas »")
    expect(page.get_by_role("radiogroup")).to_have_attribute("aria-invalid", "true")
    assert visit.sent("PUT", CONSENT_PATH) == []


def test_a_text_that_has_changed_meanwhile_is_shown_and_asked_for_again(visit: Visit) -> None:
    page = _consent(visit)
    visit.api.reply("PUT", CONSENT_PATH, problem(409, "outdated-version", current_version="2"))
    visit.api.where = signed_in("give_consent", consent={"text_version": "2", "text": "Un autre texte."})
    page.get_by_label("Je consens", exact=True).check()
    press(page, "Vérifier")
    expect(page.locator("#texte")).to_have_text("Un autre texte.")
    expect(alert(page)).to_contain_text("Ce texte vient de changer.")
    assert page.locator("input:checked").count() == 0


@pytest.mark.parametrize(
    ("mail", "sent"),
    [
        ("louis.garcia@mondomaine.com", {"channel": "email", "email": "louis.garcia@mondomaine.com"}),
        ("", {"channel": "sms", "mobile": "06 12 34 56 78"}),
    ],
)
def test_only_the_contact_of_the_chosen_channel_is_sent(visit: Visit, mail: str, sent: Body) -> None:
    page = _channel(visit)
    visit.api.reply("PUT", CHANNEL_PATH, {"next_step": "accept_terms", "terms": TERMS})
    visit.api.where = signed_in("accept_terms", terms=TERMS)
    page.fill("#email", mail)
    page.locator(f"#canal-{sent['channel']}").check()
    press(page, "Vérifier")
    page.wait_for_url("**/preferences/conditions")
    assert visit.sent("PUT", CHANNEL_PATH) == [sent]


def test_a_reload_elsewhere_names_the_contact_masked_and_later_keeps_the_one_that_is_proven(visit: Visit) -> None:
    page = visit.open("/preferences/canal/code", signed_in("verify_contact", **_out(MASKED_MAIL)))
    expect(heading(page)).to_have_text("Vérifiez votre adresse email")
    expect(page.locator("#destination")).to_have_text(f"Nous avons envoyé un code {MASKED_MAIL}.")
    visit.open("/preferences/canal/code", signed_in("verify_contact", **_out(MASKED_NUMBER)))
    visit.api.reply("PUT", CHANNEL_PATH, {"next_step": "accept_terms", "terms": TERMS})
    visit.api.where = signed_in("accept_terms", terms=TERMS)
    press(page, "Plus tard")
    page.wait_for_url("**/preferences/conditions")
    assert visit.sent("PUT", CHANNEL_PATH) == [{"channel": "email"}]


def test_the_terms_are_accepted_by_a_box_that_is_not_ticked_beforehand(visit: Visit) -> None:
    page = visit.open("/preferences/conditions", signed_in("accept_terms", terms=TERMS))
    expect(page.locator("#cgu")).not_to_be_checked()
    press(page, "Continuer")
    expect(alert(page).get_by_role("link")).to_have_text("Cochez « J'ai consulté et j'accepte les CGU » pour continuer")
    page.locator("#cgu").check()
    visit.api.reply("PUT", TERMS_PATH, {"next_step": "home"})
    visit.api.where, visit.api.home = signed_in(), account()
    press(page, "Continuer")
    page.wait_for_url("**/compte")
    assert visit.sent("PUT", TERMS_PATH) == [{"version": "1"}]


def test_the_field_of_the_chosen_channel_alone_is_asked_for_and_the_other_stands_in_a_line(visit: Visit) -> None:
    page = _channel(visit)
    page.locator("#canal-email").check()
    expect(page.locator("#email")).to_be_visible()
    expect(page.locator("#mobile")).to_be_hidden()
    other = page.locator("#mobile-autre")
    expect(other).to_contain_text("06 12 34 56 78 : pas encore vérifié –")
    other.get_by_role("button", name="Vérifier le téléphone mobile").click()
    expect(page.locator("#canal-sms")).to_be_checked()
    expect(page.locator("#mobile")).to_be_focused()
    expect(page.locator("label[for=mobile]")).to_have_text("Téléphone mobile*")
    expect(page.locator("#email-autre span").first).to_have_text("louis.garcia@mondomaine.com : déjà vérifié")
    expect(page.get_by_role("button", name="Vérifier l'adresse email")).to_be_hidden()


def test_a_new_contact_gets_a_code_on_a_page_that_names_it_in_full_and_what_was_typed_for_the_other_is_kept(
    visit: Visit,
) -> None:
    page = _channel(visit)
    page.fill("#email", "louis@nouveau.example")
    page.locator("#canal-sms").check()
    expect(page.locator("#email-autre")).to_contain_text("louis@nouveau.example : pas encore vérifié")
    visit.api.reply("PUT", CHANNEL_PATH, {"next_step": "verify_contact", "code": code_out(minutes=10)}, status=202)
    visit.api.where = signed_in("verify_contact", **_out(MASKED_NUMBER))
    press(page, "Vérifier")
    page.wait_for_url("**/preferences/canal/code")
    assert visit.sent("PUT", CHANNEL_PATH) == [{"channel": "sms", "mobile": "06 12 34 56 78"}]
    expect(heading(page)).to_have_text("Vérifiez votre téléphone")
    expect(page).to_have_title("Vérifiez votre téléphone – CNAS")
    expect(page.locator("#destination")).to_have_text("Nous avons envoyé un code au 06 12 34 56 78.")
    expect(page.locator("#validite")).to_contain_text("Il est valable 10 minutes.")
    visit.settle()
    visit.open("/preferences/canal")
    expect(page.locator("#email")).to_have_value("louis@nouveau.example")
