"""The journey from the first page to the account's home, on the deployed product, by mail and by SMS."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from local.gallery.states import GOOD_PASSWORD
from tests.stack import Stack
from tests.visitor import await_message, code_in

_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Someone:
    """A person of the demo, and what they answer."""

    identifier: str
    last_name: str
    channel: str
    contact: str
    consents: str
    greeting: str


LOUIS = Someone("10000001", "garcia", "email", "louis.garcia@mondomaine.com", "Je consens", "Bonjour Louis Garcia")
AWA = Someone("10000002", "N’Diaye", "sms", "+33623456789", "Je ne consens pas", "Bonjour Awa N'Diaye")


def _seen(product: Stack) -> set[str]:
    return {message.id for message in product.messages()}


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("someone", [LOUIS, AWA], ids=["by mail", "by SMS"])
def test_a_beneficiary_activates_an_account(browser: Browser, product: Stack, someone: Someone) -> None:
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(_PATIENCE_SECONDS * 1000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(product.base)
    page.get_by_role("link", name="Votre compte", exact=True).click()
    page.get_by_role("link", name="1re connexion : créez votre compte en ligne").click()
    page.get_by_label("Identifiant de connexion").fill(someone.identifier)
    page.get_by_label("Nom de famille").fill(someone.last_name)
    before = _seen(product)
    _press(page, "Continuer")

    expect(page.get_by_role("heading", level=1)).to_have_text("Saisissez le code de sécurité")
    expect(page.locator("#validite")).to_contain_text("Il est valable 15 minutes.")
    message = await_message(product, before, to=someone.contact, with_code=True)
    page.reload()
    before = _seen(product)
    page.get_by_label("Code de sécurité").fill(code_in(message))
    _press(page, "Vérifier le code")
    expect(page.get_by_role("heading", name="L'authentification est réussie")).to_be_focused()
    page.get_by_role("link", name="Continuer").click()

    page.locator("#mot_de_passe").fill(GOOD_PASSWORD)
    page.locator("#confirmation").fill(GOOD_PASSWORD)
    expect(page.locator("output")).to_have_text("Concordance des mots de passe : Oui")
    _press(page, "Soumettre")

    expect(page.locator("#texte")).to_contain_text("Le suivi nominatif de vos demandes de prestations peut être")
    assert "activé" in await_message(product, before, to=someone.contact, with_code=False).text
    page.get_by_label(someone.consents, exact=True).check()
    _press(page, "Vérifier")

    expect(page.get_by_role("heading", level=1)).to_have_text("Recevoir le code de sécurité")
    page.locator(f"#canal-{someone.channel}").check()
    _press(page, "Vérifier")

    page.get_by_label("J'ai consulté et j'accepte les CGU").check()
    _press(page, "Continuer")

    expect(page.get_by_text(someone.greeting)).to_be_visible()
    menu = page.get_by_role("navigation", name="Votre compte")
    expect(menu.get_by_role("link")).to_have_count(11)
    menu.get_by_role("link", name="Vos informations personnelles").click()
    expect(page.locator("[data-fact=consent]")).to_contain_text(someone.consents)
    page.go_back()
    _press(page, "Me déconnecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté(e).")
    assert complaints == []
    context.close()
