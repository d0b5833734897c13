"""The life of an account in a real browser on the deployed product: by mail, and by SMS once a mobile is proven."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import PASSWORD
from tests.people import Someone, come_home, invite
from tests.stack import Stack
from tests.visitor import await_message, code_in

_PATIENCE_MILLISECONDS = 20_000
NEW_PASSWORD = "Loutre58-Cuivre92-Balcon"
NUMBER, MOBILE = "0612341001", "+33612341001"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that nobody knows; fails when a page broke."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(_PATIENCE_MILLISECONDS)
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert broken == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give_code(page: Page, product: Stack, before: set[str], to: str) -> None:
    """Type the code that came there."""
    expect(page.locator("#validite")).to_contain_text("Il est valable")
    page.get_by_label("Code de sécurité").fill(code_in(await_message(product, before, to=to, with_code=True)))
    press(page, "Vérifier le code")


def type_password(page: Page, password: str) -> None:
    """Choose a password, twice."""
    page.locator("#mot_de_passe").fill(password)
    page.locator("#confirmation").fill(password)
    press(page, "Soumettre")


def seen(product: Stack) -> set[str]:
    return {message.id for message in product.messages()}


def sign_in(page: Page, product: Stack, someone: Someone, password: str, *, masked: str, to: str) -> None:
    """S0, S8, home."""
    page.goto(f"{product.base}/connexion")
    page.get_by_label("Identifiant de connexion").fill(someone.identifier)
    page.locator("#mot_de_passe").fill(password)
    before = seen(product)
    press(page, "Me connecter")
    expect(page.locator("#destination")).to_have_text(f"Nous avons envoyé un code {masked}.")
    give_code(page, product, before, to)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue sur votre compte CNAS")


def change_contact(page: Page, product: Stack, link: str, field: str, value: str, *, to: str) -> None:
    """S12."""
    page.get_by_role("link", name=link).click()
    page.locator("#mot_de_passe").fill(PASSWORD)
    page.locator(f"#{field}").fill(value)
    before = seen(product)
    press(page, "Recevoir un code")
    give_code(page, product, before, to)
    expect(page.locator("#annonce")).to_have_text("Vos coordonnées sont à jour.")


def test_a_person_lives_with_their_account(page: Page, product: Stack) -> None:
    someone = invite(product)
    come_home(product, someone, "email")
    sign_in(page, product, someone, PASSWORD, masked="à l'adresse p•••@m•••.com", to=someone.contact)

    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name="Vos informations").click()
    mail = f"n{someone.identifier}@mondomaine.com"
    change_contact(page, product, "Modifier une adresse email", "email", mail, to=mail)
    change_contact(page, product, "Ajouter un téléphone mobile", "mobile", NUMBER, to=MOBILE)
    expect(page.locator("[data-fact=email]")).to_have_text(mail)

    page.get_by_label("Je ne consens pas", exact=True).check()
    press(page, "Valider mon choix")
    expect(page.locator("#revoir-consentement .done")).to_have_text("Votre choix est enregistré")
    expect(page.locator("#choix li")).to_have_count(2)

    page.locator("#canal-sms").check()
    press(page, "Enregistrer ce moyen")
    expect(page.locator("#revoir-canal .done")).to_have_text("Votre choix est enregistré")

    with page.expect_download() as download:
        press(page, "Télécharger mes données")
    held = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (held["person"]["identifier"], len(held["consents"])) == (someone.identifier, 2)

    page.get_by_role("link", name="Modifier votre mot de passe").click()
    page.locator("#actuel").fill(PASSWORD)
    type_password(page, NEW_PASSWORD)
    expect(page.locator("#annonce")).to_contain_text("Votre mot de passe a été modifié.")
    expect(page.locator("#recent")).to_contain_text("Mot de passe modifié")

    press(page, "Déconnecter tous les appareils")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté(e).")
    sign_in(page, product, someone, NEW_PASSWORD, masked="au numéro se terminant par 01", to=MOBILE)


def test_a_forgotten_password_is_replaced(page: Page, product: Stack) -> None:
    someone = invite(product)
    come_home(product, someone, "email")
    page.goto(f"{product.base}/connexion")
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    page.get_by_label("Identifiant de connexion").fill(someone.identifier)
    page.get_by_label("Nom de famille").fill(someone.last_name)
    before = seen(product)
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Saisissez le code de réinitialisation")
    give_code(page, product, before, someone.contact)
    page.get_by_role("link", name="Continuer").click()
    type_password(page, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("C'est déjà votre mot de passe actuel")
    type_password(page, NEW_PASSWORD)
    expect(page.locator("#annonce")).to_have_text("Votre mot de passe a été modifié. Connectez-vous.")
    sign_in(page, product, someone, NEW_PASSWORD, masked="à l'adresse p•••@m•••.com", to=someone.contact)
