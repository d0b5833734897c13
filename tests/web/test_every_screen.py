"""What holds for every screen in every state, at three widths."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.web.conftest import Visit
from tests.web.screens import ALL, Screen

WIDTHS = (1280, 390, 320)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44

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
    """Bring the page to that state."""
    visit.api.where = screen.where()
    visit.api.home = screen.home or visit.api.home
    for (method, path), answer in screen.replies.items():
        visit.api.reply(method, path, answer)
    page = visit.open(screen.path)
    for act in screen.acts:
        act(page)
    return page


def faults(page: Page, rules: list[str]) -> list[str]:
    """What axe finds wrong with the page by those rules, or rules of those tags."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_AXE, rules)
    return found


@pytest.mark.parametrize("screen", ALL, ids=lambda screen: screen.name)
def test_a_screen_is_accessible_at_every_width(visit: Visit, screen: Screen) -> None:
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
