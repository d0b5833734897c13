"""With a screen reader and by keyboard: order, focus, what is announced and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.gallery.fake_api import problem
from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.exhaustive import exhaustive_but
from tests.web.conftest import Visit
from tests.web.hands import alert, press, send
from tests.web.spoken import FOLDER, SPOKEN, spoken
from tests.web.test_every_screen import show

_MAIN = (
    *("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S12 email"),
    *("D0", "D1", "D2 à compléter", "D2 question", "D3", "D4", "D5"),
    *("K0", "K1", "K2", "K3", "K3 envoi, à confirmer", "K4"),
)

# What Tab should reach, in the page's order; of radio buttons only one, and all of a closed part but its summary.
_STOPS = """() => {
    const seen = new Set();
    return [...document.querySelectorAll('a[href], button, summary, input, textarea, [tabindex="0"]')]
        .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
        .filter((e) => e.type !== 'radio' || !seen.has(e.name) && seen.add(e.name))
        .map((e) => e.outerHTML); }"""
_FOCUSED = "document.activeElement === document.body ? '' : document.activeElement.outerHTML"
_OUTLINED = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"

# Every change of a live region that leaves words in it: what a screen reader would speak.
_LISTEN = """() => {
    window.announced = [];
    const live = 'output, [role=status], [role=alert]';
    new MutationObserver((changes) => {
        const elements = changes.map(({target}) => (target.closest ? target : target.parentElement));
        const regions = new Set(elements.map((element) => element.closest(live)));
        for (const region of regions) {
            const words = region && region.checkVisibility() && region.textContent.replace(/\\s+/g, ' ').trim();
            if (words) window.announced.push(words);
        }
    }).observe(document.body, {subtree: true, childList: true, characterData: true, attributeFilter: ['hidden']}); }"""


def _listen(visit: Visit, path: str) -> Page:
    page = visit.open(path)
    page.evaluate(_LISTEN)
    return page


def _announced(page: Page) -> list[str]:
    said: list[str] = page.evaluate("window.announced")
    return said


@pytest.mark.parametrize("screen", exhaustive_but(SPOKEN[::3], SPOKEN), ids=lambda screen: screen.slug)
def test_a_screen_reader_finds_names_and_order_as_they_were_agreed(visit: Visit, screen: Screen) -> None:
    """Where a change is meant: `python -m tests.web.spoken`, and read the difference."""
    assert spoken(show(visit, screen)) == (FOLDER / f"{screen.slug}.yml").read_text(encoding="utf-8")


@pytest.mark.exhaustive
@pytest.mark.parametrize("screen", [one for one in ALL if one.name in _MAIN], ids=lambda screen: screen.slug)
def test_tab_goes_through_a_screen_in_its_order_visibly_and_out_again(visit: Visit, screen: Screen) -> None:
    page = show(visit, screen)
    stops: list[str] = page.evaluate(_STOPS)
    reached: list[str] = []
    for _ in stops:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
        for forced in ("none", "active"):
            page.emulate_media(forced_colors=forced, reduced_motion="reduce")
            assert page.evaluate(_OUTLINED), (forced, reached[-1])
    assert reached == stops
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED) in ("", stops[0])


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(visit: Visit) -> None:
    (screen,) = (screen for screen in ALL if screen.name == "S7, fin de session proche")
    page = show(visit, screen)
    focused: list[Any] = []
    for _ in range(6):
        focused.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        page.keyboard.press("Tab")
    assert set(focused) <= {"rester", "quitter", "BODY"}
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_a_code_sent_again_is_announced_once(visit: Visit) -> None:
    (screen,) = (screen for screen in ALL if screen.name == "S2 renvoi, envoyé")
    screen.prepare(visit.api)
    page = _listen(visit, screen.path)
    press(page, "Renvoyer le code")
    expect(page.locator("#envoi")).not_to_be_empty()
    assert [words for words in _announced(page) if "nouveau code" in words] == [
        "Un nouveau code vient d'être envoyé. Le code précédent reste valable jusqu'à son expiration."
    ]


def test_errors_are_announced_once(visit: Visit) -> None:
    page = _listen(visit, "/activation")
    press(page, "Continuer")
    expect(alert(page)).to_be_visible()
    assert len(_announced(page)) == 1


def test_a_slow_answer_is_announced_once_and_a_quick_one_not_at_all(visit: Visit) -> None:
    visit.api.reply("POST", "/api/activation", problem(422, "invalid-request", ("identifier", "invalid")))
    visit.set_clock(datetime.now(UTC))
    clock = visit.page.clock
    page = _listen(visit, "/activation")
    clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # a busy machine's answer is no slow one
    send(page, "Continuer", identifiant="10000001", nom="Garcia")
    expect(alert(page)).to_be_visible()
    assert [words for words in _announced(page) if "Envoi" in words] == []
    visit.api.hold()
    press(page, "Continuer")
    clock.run_for(1000)
    expect(page.get_by_text("Envoi en cours…")).to_be_visible()
    assert _announced(page).count("Envoi en cours…") == 1
    visit.api.let_go()


def test_the_agreement_of_two_passwords_is_announced_when_it_changes_not_at_each_key(visit: Visit) -> None:
    (screen,) = (screen for screen in ALL if screen.name == "S3")
    screen.prepare(visit.api)
    page = _listen(visit, screen.path)
    page.fill("#mot_de_passe", "Girafe")
    page.locator("#confirmation").press_sequentially("Girafe")
    assert _announced(page) == ["Concordance des mots de passe : Non", "Concordance des mots de passe : Oui"]


def test_a_password_shown_or_hidden_is_announced_once(visit: Visit) -> None:
    page = _listen(visit, "/connexion")
    press(page, "Afficher le mot de passe")
    press(page, "Masquer le mot de passe")
    assert _announced(page) == ["Votre mot de passe est affiché", "Votre mot de passe est masqué"]
