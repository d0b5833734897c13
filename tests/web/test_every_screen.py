"""What holds for every screen in every state, at three widths."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.web.acts import play
from tests.web.conftest import Visit

WIDTHS = (1280, 390, 320)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44
OF_EACH_KIND = (
    "S0, dernière tentative",
    "S1, rien de saisi",
    "S1, envoi lent",
    "S1, connexion coupée",
    "S1, panne du service",
    "S2, code incorrect",
    "S2 renvoi, envoyé",
    "S2, réussite",
    "S2, expiré",
    "S3, en cours de saisie",
    "S3, trop courant",
    "S4, aucun choix",
    "S5, pas un mobile",
    "S6, non coché",
    "S7, fin de session proche",
    "S12 email, même adresse",
    "S13, aucun choix",
    "Taux d'endettement, résultat",
    "Emprunt, rien de saisi",
    "Emprunt, résultat",
)
"""The states checked at each change; `make accessibility` checks the others."""

_AXE = """rules => axe.run({runOnly: rules, preload: false, resultTypes: ['violations']}).then((found) =>
    found.violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`)))"""

_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# Links inside a sentence are exempt: their line gives their height.
_SMALL_TARGETS = """smallest => [...document.querySelectorAll('a:not(.skip), button, summary, input, label.choice')]
    .filter((e) => e.checkVisibility() && !['radio', 'checkbox'].includes(e.type))
    .filter((e) => !(e.tagName === 'A' && e.parentElement.textContent.trim() !== e.textContent.trim()
        && e.parentElement.matches('p, li, dd')))
    .filter((e) => { const {width, height} = e.getBoundingClientRect(); return height < smallest || width < smallest; })
    .map((e) => `${e.outerHTML} ${JSON.stringify(e.getBoundingClientRect())}`)"""

_LOOSE_REFERENCES = """() => [...document.querySelectorAll('*')].flatMap((e) =>
    ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']
        .flatMap((name) => (e.getAttribute(name) ?? '').split(' ').filter(Boolean))
        .filter((id) => !document.getElementById(id)))"""

_DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    return ids.filter((id, index) => ids.indexOf(id) !== index); }"""


def show(visit: Visit, screen: Screen) -> Page:
    """Bring the page to that state, and wait until it says so."""
    screen.prepare(visit.api)
    page = visit.open(screen.path)
    if screen.slow:
        visit.api.hold()
    for act in screen.acts:
        play(page, act)
    page.locator("main, dialog").get_by_text(screen.shows).filter(visible=True).first.wait_for()
    return page


def faults(page: Page, rules: list[str]) -> list[str]:
    """What axe finds wrong with the page by those rules, or rules of those tags."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_AXE, rules)
    return found


REPRESENTATIVE = [screen for screen in ALL if screen.is_first_view or screen.name in OF_EACH_KIND]
THE_REST = [screen for screen in ALL if screen not in REPRESENTATIVE]


@pytest.mark.parametrize("screen", REPRESENTATIVE, ids=lambda screen: screen.slug)
def test_a_screen_is_accessible_at_every_width(visit: Visit, screen: Screen) -> None:
    _check(visit, screen)


@pytest.mark.exhaustive
@pytest.mark.parametrize("screen", THE_REST, ids=lambda screen: screen.slug)
def test_a_screen_in_any_other_state_is_accessible_at_every_width(visit: Visit, screen: Screen) -> None:
    _check(visit, screen)


def _check(visit: Visit, screen: Screen) -> None:
    page = show(visit, screen)
    found: dict[int, dict[str, Any]] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = {
            "axe": faults(page, TAGS),
            "sideways scroll": page.evaluate(_SIDEWAYS),
            "small targets": page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET),
        }
    nothing = {"axe": [], "sideways scroll": False, "small targets": []}
    assert found == dict.fromkeys(WIDTHS, nothing)
    assert page.evaluate(_LOOSE_REFERENCES) == []
    assert page.evaluate(_DOUBLE_IDS) == []
    assert page.locator("h1").count() == 1
    visit.api.let_go()
