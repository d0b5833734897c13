"""What holds for every screen in every state, at three widths and however a visitor looks at it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.exhaustive import exhaustive_but
from tests.web import faults
from tests.web.acts import play
from tests.web.conftest import Profile, Visit

WIDE, PHONE, NARROWEST = 1280, 390, 320
_TELLING = ("S1, rien de saisi", "S7, fin de session proche", "Emprunt, résultat", "D2 question, un texte", "K1", "K4")
TELLING = [screen for screen in ALL if screen.name in _TELLING]
"""Between them they have most of what the front is made of: every run looks at them, `make accessibility` at all."""


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[Profile]:
    profile = Profile(browser, AXE_SCRIPT)
    yield profile
    profile.close()


def show(visit: Visit, screen: Screen) -> Page:
    screen.prepare(visit.api)
    if screen.memory:
        visit.remember(screen.memory)
    page = visit.open(screen.path)
    if screen.slow:
        visit.api.hold()
    for act in screen.acts:
        play(page, act)
    page.locator("main, dialog").get_by_text(screen.shows).filter(visible=True).first.wait_for()
    return page


@pytest.mark.parametrize("screen", exhaustive_but(TELLING, ALL), ids=lambda screen: screen.slug)
def test_a_screen_is_accessible_however_it_is_looked_at(visit: Visit, screen: Screen) -> None:
    """Axe looks once at each layout and once at each set of colours."""
    page = show(visit, screen)
    found = {
        f"{WIDE} px": faults.at_width(page, WIDE) + faults.by_axe(page),
        "dark colours on a phone": faults.at_width(page, PHONE) + faults.in_the_dark(page),
        f"{NARROWEST} px": faults.at_width(page, NARROWEST),
        "held sideways": faults.held_sideways(page),
        "text spaced out": faults.spaced_out(page),
        "large text": faults.enlarged(page),
        "markup": faults.in_its_markup(page),
    }
    assert {way: faulty for way, faulty in found.items() if faulty} == {}
    assert page.locator("h1").count() == 1
