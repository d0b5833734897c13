"""S12, S13 and the person's own data: contacts, channel, password, consent, history, export, every device."""

import re

import pytest
from playwright.sync_api import Page, expect

from local.gallery.fake_api import CONSENT, LOOKED_AT, TERMS, Body, account, code_out, problem, signed_in
from local.gallery.states import GOOD_PASSWORD, MASKED_NUMBER, blocked_until, changing_mobile
from tests.web.conftest import Visit
from tests.web.hands import alert, heading, press, send

OWN = "/compte/informations-personnelles"


def person(**more: object) -> Body:
    return account(person={**account()["person"], **more})


def change(visit: Visit, contact: str, value: str) -> Page:
    page = visit.open(f"{OWN}/{contact}")
    page.fill("#mot_de_passe", "Tournesol-Violet-42")
    page.fill(f"#{contact}", value)
    press(page, "Recevoir un code")
    return page


@pytest.mark.parametrize(
    ("on_file", "fact", "link"),
    [
        ({}, "Aucun numéro vérifié", "Ajouter un téléphone mobile"),
        (
            {"on_file": {"mobile": MASKED_NUMBER}},
            f"Pas encore vérifié : un code peut être envoyé {MASKED_NUMBER}",
            "Vérifier un téléphone mobile",
        ),
    ],
)
def test_a_first_contact_is_added_or_verified_in_words_that_say_so(
    louis: Visit, on_file: Body, fact: str, link: str
) -> None:
    louis.api.home = {**person(mobile=None), **on_file}
    page = louis.open(OWN)
    expect(page.locator("[data-fact=mobile]")).to_have_text(fact)
    expect(page.locator("#revoir-canal")).to_be_hidden()
    page.get_by_role("link", name=link).click()
    expect(heading(page)).to_have_text(link)
    expect(page).to_have_title(f"{link} – CNAS")
    expect(page.locator("#actuel")).to_be_hidden()


def test_a_refusal_says_what_alone_is_wrong_and_keeps_a_pasted_address_without_what_nobody_sees(louis: Visit) -> None:
    louis.api.reply("PUT", "/api/account/email", problem(422, "invalid-request", ("email", "unchanged")))
    louis.api.reply("PUT", "/api/account/email", problem(401, "credentials-rejected", attempts_left=1))
    page = change(louis, "email", "\u202alouis\u200b@nouveau.fr\u00a0")
    link = alert(page).get_by_role("link")
    expect(link).to_have_text("Vous utilisez déjà cette adresse")
    send(page, "Recevoir un code", mot_de_passe="Phrase-Fausse-77")
    expect(link).to_have_text("Ce mot de passe est incorrect. Il vous reste une tentative.")
    link.click()
    expect(page.locator("#mot_de_passe")).to_be_focused()
    expect(page.locator("#mot_de_passe")).to_have_value("")
    expect(page.locator("#email")).to_have_value("louis@nouveau.fr")


@pytest.mark.parametrize("path", ["email", "mot-de-passe"])
def test_too_many_wrong_passwords_lead_back_to_one_s_own_page(louis: Visit, path: str) -> None:
    api = "email" if path == "email" else "password"
    louis.api.reply("PUT", f"/api/account/{api}", blocked_until("account-locked", minutes=-1))
    page = change(louis, "email", "louis@nouveau.fr") if path == "email" else fill_password(louis)
    page.wait_for_url("**/blocage/mots-de-passe-incorrects")
    expect(page.get_by_role("link", name="Réessayer")).to_have_attribute("href", OWN)
    expect(page.get_by_role("link", name="Réinitialiser votre mot de passe")).to_be_visible()


def fill_password(visit: Visit) -> Page:
    page = visit.open(f"{OWN}/mot-de-passe")
    for field, value in (("actuel", "Tournesol-Violet-42"), ("mot_de_passe", GOOD_PASSWORD)):
        page.fill(f"#{field}", value)
    send(page, "Soumettre", confirmation=GOOD_PASSWORD)
    return page


def test_a_code_that_has_run_out_leads_back_to_the_contacts(louis: Visit) -> None:
    changed = {"next_step": "verify_contact", "flow": "f", "code": code_out(minutes=10)}
    louis.api.reply("PUT", "/api/account/email", changed, status=202)
    page = change(louis, "email", "louis@nouveau.fr")
    page.wait_for_url("**/code")
    expect(page.get_by_role("heading", name="Ce code a expiré.")).to_be_visible()
    expect(page.get_by_role("link", name="Recommencer")).to_have_attribute("href", f"{OWN}/email")


def test_too_many_codes_to_new_contacts_lead_back_to_the_one_that_waits(louis: Visit) -> None:
    louis.api.where = changing_mobile()
    louis.api.reply("PUT", "/api/account/email", blocked_until("too-many-codes", minutes=9))
    page = change(louis, "email", "louis@nouveau.fr")
    page.wait_for_url("**/blocage/trop-de-codes")
    page.get_by_role("link", name="J'ai retrouvé un code").click()
    page.wait_for_url(f"**{OWN}/code")


def test_a_wrong_current_password_is_told_beside_it(louis: Visit) -> None:
    louis.api.reply("PUT", "/api/account/password", problem(401, "credentials-rejected"))
    page = fill_password(louis)
    expect(page.locator("#actuel-erreur")).to_have_text("Erreur : Ce mot de passe est incorrect.")
    expect(page.locator("#actuel")).to_have_value("")
    expect(page.locator("#mot_de_passe")).to_have_value(GOOD_PASSWORD)


def test_a_text_that_changed_meanwhile_is_shown_and_decided_on_anew(louis: Visit) -> None:
    page = louis.open(OWN)
    louis.api.reply("PUT", "/api/account/consent", problem(409, "outdated-version", current_version="2"))
    louis.api.reply("PUT", "/api/account/consent", {"next_step": "home"})
    louis.api.home = account(consent_text={**CONSENT, "text_version": "2", "text": "Un nouveau texte."})
    page.get_by_label("Je consens", exact=True).check()
    press(page, "Valider mon choix")
    expect(alert(page)).to_contain_text("Ce texte vient de changer.")
    page.get_by_text("Ce que ce choix permet").click()
    expect(page.locator("#texte")).to_have_text("Un nouveau texte.")
    page.get_by_label("Je ne consens pas", exact=True).check()
    press(page, "Valider mon choix")
    expect(page.locator("#revoir-consentement .done")).to_be_visible()
    first, last = louis.sent("PUT", "/api/account/consent")
    assert first == {"consents": True, "text_version": CONSENT["text_version"]}
    assert last == {"consents": False, "text_version": "2"}


def test_who_looked_and_the_terms_as_they_were_accepted_are_there(louis: Visit) -> None:
    accepted = {"version": "7", "accepted_at": "2026-11-20T09:31:00Z", "url": "/documents/cgu-7.pdf"}
    louis.api.home, louis.api.history = person(terms=accepted), LOOKED_AT
    page = louis.open(OWN)
    link = page.get_by_role("link", name="Télécharger ces CGU (PDF)")
    expect(link).to_have_attribute("href", "/documents/cgu-7.pdf")
    expect(page.locator("#regardes li")).to_have_text(re.compile("Le CNAS a consulté une de vos demandes"))
    expect(page.get_by_text("Personne n'a regardé")).to_be_hidden()


def test_changed_terms_say_so_and_stand_alone(visit: Visit) -> None:
    page = visit.open("/preferences/conditions", signed_in("accept_terms", terms={**TERMS, "replaces": "0"}))
    expect(page).to_have_title("Nos conditions générales d'utilisation ont changé – CNAS")
    expect(page.get_by_role("link", name="Retour")).to_be_hidden()


@pytest.mark.parametrize(("follows", "words"), [(True, "Oui, avec votre accord"), (False, "Non")])
def test_the_correspondent_s_page_says_who_they_are_and_what_they_see(louis: Visit, follows: bool, words: str) -> None:
    known = {"phone": "0262000002"} if follows else {}
    louis.api.home = account(correspondent={**account()["correspondent"], "may_follow_requests": follows, **known})
    page = louis.open("/compte/correspondant")
    expect(page.locator("[data-fact=follows]")).to_have_text(words)
    expect(page.locator("[data-fact=phone]")).to_have_text("02 62 00 00 02" if follows else "Non renseigné")
