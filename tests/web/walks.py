"""What people do on the deployed product in Chromium, and where its messages come in."""

from playwright.sync_api import Page, expect

from tests.builders import PASSWORD
from tests.people import Someone
from tests.stack import Stack
from tests.visitor import await_message, code_in
from tests.web.hands import heading, send


def seen(product: Stack) -> set[str]:
    return {message.id for message in product.messages()}


def give_code(page: Page, product: Stack, before: set[str], to: str) -> None:
    expect(page.locator("#validite")).to_contain_text("Il est valable")
    send(page, "Vérifier le code", code=code_in(await_message(product, before, to=to, with_code=True)))


def sign_in(
    page: Page, product: Stack, someone: Someone, password: str = PASSWORD, *, to: str = "", masked: str = ""
) -> None:
    """S0, S8, home; `to` is where the code goes when that is not the first contact, `masked` how that is told."""
    page.goto(f"{product.base}/connexion")
    before = seen(product)
    send(page, "Me connecter", identifiant=someone.identifier, mot_de_passe=password)
    expect(page.locator("#destination")).to_contain_text(f"Nous avons envoyé un code {masked}")
    give_code(page, product, before, to or someone.contact)
    expect(heading(page)).to_have_text("Bienvenue sur votre compte CNAS")


def choose(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Votre compte").get_by_role("link", name=name).click()


def choose_password(page: Page, password: str) -> None:
    send(page, "Soumettre", mot_de_passe=password, confirmation=password)
