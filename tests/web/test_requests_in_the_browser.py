"""Requests in a real browser on the deployed product, with an agent's client beside."""

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

CAMILLE = Someone("62000004", "Roux", "p62000004@mondomaine.com")
BECAUSE = "Cette aide vous a été versée en mars 2025."


def ask_for_non_versement(page: Page) -> str:
    """Ask for an attestation, and send it; returns the number."""
    choose(page, "Attestation de non-versement")
    press(page, "Commencer ma demande")
    for field, answer in (("attention", "la CAF"), ("aide", "l'aide pour la garde d'un enfant"), ("annee", "2025")):
        send(page, "Continuer", **{field: answer})
    press(page, "Envoyer ma demande")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_focused()
    return re.sub(r"\D", "", page.locator("#numero").inner_text())


def test_requests_are_completed_refused_and_issued(page: Page, product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    import_rows(product, [row(CAMILLE.identifier, CAMILLE.last_name, "Camille", email=CAMILLE.contact)])
    come_home(product, CAMILLE)
    sign_in(page, product, CAMILLE)
    number = ask_for_non_versement(page)
    about = {"identifier": CAMILLE.identifier, "number": number, "reason": "Examen du jour"}
    desk = desk_of(product, monkeypatch)
    desk.ask("requests/take", about)
    day = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d")
    asked = {"field": "l'année", "because": "incomplet", "before": day, "words": "Quelle année ?"}
    desk.ask("requests/ask", {**about, **asked})
    choose(page, "Accueil")
    page.locator("#a-faire").get_by_role("link", name="Attestation de non-versement").click()
    expect(page.locator("#mots")).to_have_text("Quelle année ?")
    page.get_by_role("link", name="Compléter ma demande").click()
    send(page, "Envoyer le complément", annee="2024")
    expect(page.locator("#annonce")).to_contain_text("Votre complément est envoyé.")
    before = seen(product)
    desk.ask("requests/refuse", {**about, "words": BECAUSE})
    assert BECAUSE not in await_message(product, before, to=CAMILLE.contact, with_code=False).text

    choose(page, "Suivre vos demandes")
    page.get_by_role("link", name="Attestation de non-versement numéro").click()
    expect(page).to_have_url(re.compile(r"^[^#?]*/[a-z-]+$"))  # no id: a computer is shared
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
