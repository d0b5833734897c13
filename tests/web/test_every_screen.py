"""What holds for every screen in every state, at three widths and however a visitor looks at it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from local.gallery.fake_api import FakeApi
from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.web import faults
from tests.web.acts import play
from tests.web.conftest import Profile, Visit
from tests.web.site import Site

WIDTHS = (1280, 390, 320)
NARROWEST = WIDTHS[-1]
_TELLING = ("S1, rien de saisi", "S3, en cours de saisie", "S7, fin de session proche", "S13", "Emprunt, résultat")
TELLING = [screen for screen in ALL if screen.name in _TELLING]
"""Between them they have all that the front is made of; `make test` looks at these in every way."""


@pytest.fixture(scope="module")
def looking(browser: Browser, front: Site) -> Iterator[Visit]:
    """One page for all screens, with axe at hand: a page of its own would take longer than a screen's every check."""
    profile = Profile(browser, AXE_SCRIPT)
    yield Visit(front.base, profile.context().new_page(), front.api)
    profile.forget(with_cache=True)


@pytest.fixture
def look(looking: Visit, front: Site) -> Iterator[Visit]:
    """That page, which knows of no screen before."""
    front.api = looking.api = FakeApi()
    looking.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    yield looking
    looking.page.evaluate("sessionStorage.clear()")
    looking.page.goto("about:blank")  # what this screen still waits for is nothing to the next
    looking.api.let_go()
    looking.page.context.set_offline(False)
    looking.page.context.clear_cookies()
    complaints = [looking.complaints.pop() for _ in looking.complaints[:]]
    assert complaints == []


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


def test_the_first_views_are_accessible_on_the_narrowest_phone(look: Visit) -> None:
    """By one visitor: a browser that has the front's files at hand goes through all pages in no time."""
    found: dict[str, list[str]] = {}
    for screen in (screen for screen in ALL if screen.is_first_view):
        page = show(look, screen)
        found[screen.name] = faults.at_width(page, NARROWEST) + faults.in_its_markup(page)
    assert {name: faulty for name, faulty in found.items() if faulty} == {}


@pytest.mark.parametrize("screen", TELLING, ids=lambda screen: screen.slug)
def test_a_telling_screen_is_accessible_however_it_is_looked_at(look: Visit, screen: Screen) -> None:
    _look_in_every_way(show(look, screen))


@pytest.mark.exhaustive
@pytest.mark.parametrize("screen", ALL, ids=lambda screen: screen.slug)
def test_a_screen_is_accessible_however_it_is_looked_at(look: Visit, screen: Screen) -> None:
    _look_in_every_way(show(look, screen))


def _look_in_every_way(page: Page) -> None:
    found = {f"{width} px": faults.at_width(page, width) for width in WIDTHS}
    found["dark colours"] = faults.in_the_dark(page)
    found["held sideways"] = faults.held_sideways(page)
    found["text spaced out"] = faults.spaced_out(page)
    found["large text"] = faults.enlarged(page)
    found["markup"] = faults.in_its_markup(page)
    assert {way: faulty for way, faulty in found.items() if faulty} == {}
    assert page.locator("h1").count() == 1
