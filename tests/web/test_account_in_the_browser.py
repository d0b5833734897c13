"""The life of an account in a real browser on the deployed product: by mail, and by SMS once a mobile is proven."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.builders import PASSWORD
from tests.people import come_home, invite
from tests.stack import Stack
from tests.visitor import await_message
from tests.web.hands import alert, heading, press, send
from tests.web.walks import choose, choose_password, give_code, seen, sign_in

NEW_PASSWORD = "Loutre58-Cuivre92-Balcon"
NUMBER, MOBILE = "0612341001", "+33612341001"


def change_contact(page: Page, product: Stack, link: str, field: str, value: str, *, to: str) -> None:
    page.get_by_role("link", name=link).click()
    before = seen(product)
    send(page, "Recevoir un code", mot_de_passe=PASSWORD, **{field: value})
    give_code(page, product, before, to)
    expect(page.locator("#annonce")).to_have_text("Vos coordonnées sont à jour.")


def test_a_person_lives_with_their_account(page: Page, product: Stack) -> None:
    someone = invite(product)
    come_home(product, someone, "email")
    sign_in(page, product, someone, PASSWORD, masked="à l'adresse p•••@m•••.com", to=someone.contact)

    choose(page, "Vos informations")
    before = seen(product)
    mail = f"n{someone.identifier}@mondomaine.com"
    change_contact(page, product, "Modifier une adresse email", "email", mail, to=mail)
    await_message(product, before, to=someone.contact, with_code=False)
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
    assert download.value.suggested_filename == "mes-donnees-cnas.json"
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (exported["person"]["identifier"], len(exported["consents"])) == (someone.identifier, 2)

    page.get_by_role("link", name="Modifier votre mot de passe").click()
    page.locator("#actuel").fill(PASSWORD)
    choose_password(page, NEW_PASSWORD)
    expect(page.locator("#annonce")).to_contain_text("Votre mot de passe a été modifié.")
    expect(page.locator("#recent")).to_contain_text("Mot de passe modifié")

    press(page, "Déconnecter tous les appareils")
    expect(heading(page)).to_have_text("Vous êtes déconnecté(e).")
    sign_in(page, product, someone, NEW_PASSWORD, masked="au numéro se terminant par 01", to=MOBILE)


def test_a_forgotten_password_is_replaced(page: Page, product: Stack) -> None:
    someone = invite(product)
    come_home(product, someone, "email")
    page.goto(f"{product.base}/connexion")
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    before = seen(product)
    send(page, "Continuer", identifiant=someone.identifier, nom=someone.last_name)
    expect(heading(page)).to_have_text("Saisissez le code de réinitialisation")
    give_code(page, product, before, someone.contact)
    page.get_by_role("link", name="Continuer").click()
    choose_password(page, PASSWORD)
    expect(alert(page)).to_contain_text("C'est déjà votre mot de passe actuel")
    expect(page.locator("#confirmation")).to_have_value("")
    choose_password(page, NEW_PASSWORD)
    expect(page.locator("#annonce")).to_have_text("Votre mot de passe a été modifié. Connectez-vous.")
    sign_in(page, product, someone, NEW_PASSWORD, masked="à l'adresse p•••@m•••.com", to=someone.contact)
