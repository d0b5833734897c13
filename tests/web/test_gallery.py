"""The gallery of the local run: complete, true to the real pages, and left at will."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from local.exchange import Request
from local.front import Front
from local.gallery.gallery import COOKIE, Gallery
from local.gallery.screens import ALL
from tests.web.conftest import Visit
from tests.web.pages_read import ReadPage
from tests.web.site import HEADERS

PLAYED = (
    *("s1-rien-de-saisi", "s1-connexion-coupee", "s1-envoi-lent", "s1-reseau-bloque", "s3-expire"),
    *("s5-pas-un-mobile", "s7-fin-de-session-proche"),
)


@pytest.fixture(scope="module")
def gallery(built: Path) -> Gallery:
    return Gallery(Front(built, HEADERS))


def _get(path: str, *cookies: str) -> Request:
    return Request("GET", path, "127.0.0.1", tuple(("Cookie", cookie) for cookie in cookies), b"")


def test_it_lists_every_state_once_and_one_that_is_unknown_is_no_page(gallery: Gallery) -> None:
    listed = re.findall(r'href="/gallery/([a-z0-9-]+)"', gallery.answer(_get("/gallery")).body.decode())
    assert sorted(listed) == sorted({screen.slug for screen in ALL})
    assert len(listed) == len(ALL)
    assert gallery.answer(_get("/gallery/unknown")).status == 404


def test_every_page_of_the_front_is_in_it(pages: list[ReadPage]) -> None:
    known = {screen.path for screen in ALL} | {"/404"}
    assert {page.address for page in pages} - known == set()


def test_every_form_is_there_slow_cut_off_and_broken() -> None:
    endings = ("envoi lent", "connexion coupée", "panne du service")
    forms = {screen.name.partition(",")[0] for screen in ALL if screen.name.endswith(endings)}
    names = {screen.name for screen in ALL}
    assert {"S0", "S1", "S2", "S2 renvoi", "S3", "S4", "S5", "S5b", "S6", "S7", "S8", "S9"} <= forms
    assert {f"{form}, {ending}" for form in forms for ending in endings} - names == set()


def test_a_page_shown_is_the_real_one_but_for_the_script_that_plays_the_acts(gallery: Gallery, built: Path) -> None:
    front = Front(built, HEADERS)
    for screen in ALL:
        asked = _get(screen.path, f"other=1; {COOKIE}={screen.slug}")
        shown, real = gallery.answer(asked), front.answer(asked)
        without = re.sub(r'\n *<script src="/gallery/play.js" data-acts="[^"]*"></script>', "", shown.body.decode())
        assert (shown.status, shown.headers, without) == (real.status, real.headers, real.body.decode())


@pytest.mark.parametrize("cookie", ["", "other=1", f"{COOKIE}=unknown", f"{COOKIE}=", 'x="'])
def test_a_browser_that_shows_no_state_never_meets_it(gallery: Gallery, cookie: str) -> None:
    for path in ("/", "/activation", "/api/session", "/inbox"):
        assert not gallery.concerns(_get(path, cookie))


def test_the_deployed_front_knows_nothing_of_it(built: Path) -> None:
    texts = [path.read_bytes() for path in built.rglob("*") if path.suffix in (".html", ".js", ".css")]
    assert [text for text in texts if b"gallery" in text] == []


@pytest.mark.parametrize("slug", PLAYED)
def test_a_link_brings_the_page_into_its_state(visit: Visit, slug: str) -> None:
    (screen,) = (screen for screen in ALL if screen.slug == slug)
    visit.page.goto(f"{visit.base}/gallery/{slug}")
    expect(visit.page.locator("main, dialog").get_by_text(screen.shows).filter(visible=True).first).to_be_visible()
    assert visit.api.calls == []


def test_a_state_opens_fresh_whatever_was_shown_before_and_the_list_ends_it(visit: Visit) -> None:
    page = visit.page
    for slug, shows in (
        ("s7-sans-session", "1re connexion"),
        ("s1", "Vos informations"),
        ("s7", "Bonjour Louis Garcia"),
    ):
        page.goto(f"{visit.base}/gallery/{slug}")
        expect(page.locator("main").get_by_text(shows).first).to_be_visible()
    page.goto(f"{visit.base}/gallery")
    page.goto(f"{visit.base}/compte")
    page.wait_for_url("**/deconnexion")  # the session that the tab has seen is gone
