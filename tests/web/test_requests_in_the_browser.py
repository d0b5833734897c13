"""Requests in a real browser on the deployed product, with an agent's client beside: claims, and attestations."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.builders import row
from tests.desk import desk_of
from tests.people import Someone, come_home, import_rows
from tests.stack import Stack
from tests.visitor import await_message
from tests.web.hands import heading, press, send
from tests.web.walks import choose, seen, sign_in

CLAIMING = Someone("62000001", "Roux", "p62000001@mondomaine.com")
SHOWING = Someone("62000002", "Roux", "p62000002@mondomaine.com")
CONTESTING = Someone("62000004", "Roux", "p62000004@mondomaine.com")
BECAUSE = "Cette aide vous a été versée en mars 2025."
WORDS = "J'attends mes titres depuis la rentrée."
ANSWER = "Vos titres sont partis de nouveau le 20 novembre."


def declared(someone: Someone, **more: str) -> dict[str, str]:
    return row(someone.identifier, someone.last_name, "Camille", email=someone.contact, **more)


def test_a_claim_is_sent_completed_and_answered(page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    import_rows(product, [declared(CLAIMING)])
    come_home(product, CLAIMING)
    sign_in(page, product, CLAIMING)
    choose(page, "Réclamation et non-réception de titres")
    page.locator("#porte-jamais-arrive").check()
    press(page, "Continuer")
    send(page, "Enregistrer et revenir plus tard", explication=WORDS)
    page.get_by_role("link", name="Réclamation numéro").click()
    expect(page).to_have_url(re.compile(r"^[^#?]*/[a-z-]+$"))  # no id: a computer is shared
    page.get_by_role("link", name="Modifier Depuis quand attendez-vous").click()
    send(page, "Continuer", depuis="02/09/2026")
    before = seen(product)
    press(page, "Envoyer ma demande")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_focused()
    number = number_of(page)
    told = await_message(product, before, to=CLAIMING.contact, with_code=False)
    assert number in re.sub(r"\D", "", told.text)
    assert WORDS not in told.text

    desk = desk_of(product, monkeypatch)
    about = {"identifier": CLAIMING.identifier, "number": number, "reason": "Examen du jour"}
    assert number in [each["number"] for each in desk.ask("requests/queue", {})["requests"]]
    desk.ask("requests/look", about)
    desk.ask("requests/take", about)
    day = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d")
    asked = {"field": "la date de votre demande", "because": "incomplet", "before": day, "words": "Depuis quand ?"}
    desk.ask("requests/ask", {**about, **asked})
    choose(page, "Accueil")
    expect(page.locator("#a-faire li").first).to_contain_text("la date de votre demande")
    page.locator("#a-faire").get_by_role("link", name="Réclamation").click()
    expect(page.locator("#mots")).to_have_text("Depuis quand ?")
    page.get_by_role("link", name="Compléter ma demande").click()
    send(page, "Envoyer le complément", depuis="03/09/2026")
    expect(page.locator("#annonce")).to_contain_text("Votre complément est envoyé.")

    before = seen(product)
    desk.ask("requests/accept", {**about, "words": ANSWER})
    await_message(product, before, to=CLAIMING.contact, with_code=False)
    page.reload()
    expect(page.locator("#etat")).to_have_text("Répondue")
    expect(page.locator("#mots")).to_have_text(ANSWER)
    choose(page, "Suivre vos demandes")
    expect(page.locator("#demandes tbody tr")).to_have_count(1)
    choose(page, "Vos informations personnelles")
    expect(page.locator("#regardes li").first).to_be_visible()


def test_an_attestation_is_shown_and_verified_until_its_person_leaves(page: Page, product: Stack) -> None:
    import_rows(product, [declared(SHOWING, start_date="2021-03-01")])
    come_home(product, SHOWING)
    sign_in(page, product, SHOWING)
    choose(page, "Attestation de vos droits au CNAS")
    press(page, "Afficher mon attestation")
    expect(page.locator("#faits")).to_contain_text("Roux")
    code = page.locator("#code").inner_text()

    page.context.clear_cookies()
    counter = page.context.new_page()
    counter.goto(f"{product.base}/verifier#{code}")
    expect(counter.get_by_role("heading", name="Cette attestation est valable")).to_be_visible()
    expect(counter.locator("#faits")).to_contain_text(SHOWING.identifier)
    assert counter.url == f"{product.base}/verifier"
    import_rows(product, [declared(SHOWING, start_date="2021-03-01", end_date="2026-01-31")])
    press(counter, "Vérifier")
    expect(counter.get_by_role("heading", name="Cette attestation n'est plus valable")).to_be_visible()
    expect(counter.locator("#faits")).to_be_empty()
    assert code not in "".join(product.logs)


def ask_for_non_versement(page: Page) -> str:
    """Ask for an attestation, and send it; returns the number."""
    choose(page, "Attestation de non-versement")
    press(page, "Commencer ma demande")
    for field, answer in (("attention", "la CAF"), ("aide", "l'aide pour la garde d'un enfant"), ("annee", "2025")):
        send(page, "Continuer", **{field: answer})
    press(page, "Envoyer ma demande")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_focused()
    return number_of(page)


def number_of(page: Page) -> str:
    return re.sub(r"\D", "", page.locator("#numero").inner_text())


def test_a_refusal_is_contested_and_what_is_asked_again_issued_shown_and_printed(
    page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_rows(product, [declared(CONTESTING)])
    come_home(product, CONTESTING)
    sign_in(page, product, CONTESTING)
    number = ask_for_non_versement(page)
    about = {"identifier": CONTESTING.identifier, "number": number, "reason": "Examen du jour"}
    desk = desk_of(product, monkeypatch)
    desk.ask("requests/take", about)
    before = seen(product)
    desk.ask("requests/refuse", {**about, "words": BECAUSE})
    assert BECAUSE not in await_message(product, before, to=CONTESTING.contact, with_code=False).text

    page.reload()
    expect(page.locator("#etat")).to_have_text("Refusée")
    expect(page.locator("#phrase")).to_have_text(BECAUSE)
    page.get_by_role("link", name="Contester").click()
    expect(page.locator("#sur")).to_contain_text("Votre réclamation porte sur")
    expect(page.locator("#porte-pas-d-accord")).to_be_checked()
    press(page, "Continuer")
    send(page, "Continuer", explication="Je n'ai rien reçu en mars 2025.")
    send(page, "Continuer", depuis="")
    press(page, "Envoyer ma demande")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_focused()
    expect(heading(page)).to_have_text("Réclamation")
    page.get_by_role("link", name="Voir cette demande").click()
    expect(page.locator("#numero")).to_have_text(re.compile(r"\D?".join(number)))

    again = {**about, "number": ask_for_non_versement(page)}
    expect(page.get_by_role("link", name="Voir l'attestation")).to_be_hidden()
    desk.ask("requests/take", again)
    desk.ask("requests/accept", {**again, "words": ""})
    page.reload()
    expect(page.locator("#etat")).to_have_text("Délivrée")
    page.get_by_role("link", name="Voir l'attestation").click()
    attests = "En 2025, le CNAS n'a pas versé à cette personne : l'aide pour la garde d'un enfant."
    expect(page.locator("#dit")).to_have_text(attests.replace(" :", "\u00a0:"))
    expect(page.locator("#faits")).to_contain_text("la CAF")
    page.emulate_media(media="print")
    assert page.pdf().count(b"/Type /Page\n") == 1
