"""A page whose script did not load, or failed, says so with a way on, and leaves no dead button."""

import itertools
import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from local.gallery.fake_api import account, in_flow, signed_in
from tests.web.conftest import Visit
from tests.web.hands import alert, box
from tests.web.site import Site

_PATIENCE = 15_000
"""Milliseconds that a style waits for the scripts."""
_LET_PASS = "time => { for (const one of document.getAnimations()) one.currentTime = time; }"
TOLD = "Cette page ne s'est pas chargée entièrement"


@pytest.fixture
def complaining(visit: Visit) -> Visit:
    """A visit in which the page may complain: it is what is tried."""
    visit.complaints = _Unheard()
    return visit


class _Unheard(list[str]):
    def append(self, _: str) -> None:
        """Keep nothing."""


def _expect_told(page: Page) -> None:
    notice = alert(page).filter(has_text=TOLD)
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link", name="Recharger la page")).to_have_attribute("href", re.compile("^/"))
    expect(page.locator("main button:disabled").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "module", "script"),
    [
        ("/activation", "messages", ""),
        ("/activation", "session", "export const words = /(?<=/;"),
        ("/compte/budget", "messages", "throw new TypeError('undefined is not a function')"),
        ("/preferences/canal", "session", ""),
    ],
)
def test_a_page_whose_script_does_not_load_or_throws_says_so_and_has_no_dead_button(
    complaining: Visit, path: str, module: str, script: str
) -> None:
    def fail(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body=script) if script else route.abort()

    page = complaining.page
    page.route(f"**/{module}.js", fail)
    page.goto(complaining.base + path)
    _expect_told(page)


def test_a_page_none_of_whose_scripts_loads_says_so_by_itself(complaining: Visit) -> None:
    page = complaining.page
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{complaining.base}/activation")
    expect(page.get_by_text(TOLD)).to_be_hidden()
    page.evaluate(_LET_PASS, _PATIENCE - 500)
    expect(page.get_by_text(TOLD)).to_be_hidden()
    page.evaluate(_LET_PASS, _PATIENCE)
    _expect_told(page)


def test_a_fault_of_the_page_s_own_while_it_shows_itself_is_told(complaining: Visit) -> None:
    complaining.api.where, complaining.api.home = signed_in(), {**account(), "menu": None}
    complaining.page.goto(f"{complaining.base}/compte")
    _expect_told(complaining.page)


@pytest.mark.parametrize("path", ["/connexion", "/activation", "/activation/code"])
def test_a_page_that_has_started_says_nothing_of_it(visit: Visit, path: str) -> None:
    page = visit.open(path, in_flow("activation", "verify_code") if path.endswith("code") else visit.api.where)
    expect(page.locator("html")).to_have_class("started")
    expect(page.get_by_text(TOLD)).to_be_hidden()


def test_a_page_without_javascript_has_its_layout_and_nothing_dead(browser: Browser, front: Site) -> None:
    page = browser.new_page(java_script_enabled=False)
    for path, width in itertools.product(("/compte", "/compte/budget", "/connexion", "/compte/suivi"), (390, 1280)):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(front.base + path)
        expect(page.locator("p.notice")).to_be_visible()
        expect(page.locator("main button").filter(visible=True)).to_have_count(0)
        expect(page.locator("nav").filter(visible=True)).to_have_count(1)
        heading, notice = (box(page.locator(selector)) for selector in ("h1", "p.notice"))
        assert path == "/connexion" or heading["x"] == notice["x"], "no empty menu stands beside it"
    page.context.close()
