"""One browser for all tests, whose visitors share its cache; nothing on a page may break its own security policy."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Frame, Page, ViewportSize, expect, sync_playwright

from local.gallery.fake_api import Body, FakeApi, account, signed_in
from tests.web.chromium import FLAGS, chromium
from tests.web.pages_read import ReadPage, read_pages
from tests.web.site import EMPTY, Site, site
from web.build import build

WAIT_MILLISECONDS, _PATIENT_MILLISECONDS = 10_000, 30_000
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
_MINUTE = 60_000
_ANSWERED = "html:not([data-unanswered])"
_REPORT_POLICY = """
    document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
"""

# As an attribute, a locator can wait for it: to be told of each request costs more than most pages do.
_COUNT_QUESTIONS = """
    let unanswered = 0;
    const count = (change) => document.documentElement.toggleAttribute('data-unanswered', (unanswered += change) > 0);
    const { fetch } = window;
    window.fetch = async (path, sent = {}) => {
        if ((sent.method ?? 'GET') !== 'GET') return fetch(path, sent);
        count(1);
        try {
            const answer = await fetch(path, sent);
            await answer.clone().text();
            return answer;
        } finally {
            count(-1);
        }
    };
"""

_REMEMBER = """memory => {
    for (const [name, value] of Object.entries(memory)) sessionStorage[name] = JSON.stringify(value); }"""

# What the last visitor's page still waits for is nothing to the next: it asks, keeps and follows nothing any more.
_END = """empty => {
    history.replaceState(null, '', empty);
    navigation.addEventListener('navigate', (way) => way.preventDefault());
    window.fetch = () => new Promise(() => {});
    Storage.prototype.setItem = () => {};
    window.stop();
    sessionStorage.clear(); }"""


@dataclass
class Visit:
    """One person's browser on the front, and the API that it calls."""

    base: str
    profile: "Profile"
    api: FakeApi
    complaints: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Where the visitor has been: what a failed test wants to know."""
    is_clocked: bool = False
    """Whether a test moves the page's time."""
    is_altered: bool = False
    """Whether a test gave the page a script to begin with: no other visitor can come after it."""

    @property
    def page(self) -> Page:
        return self.profile.page(is_clocked=self.is_clocked)

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._listen_no_more()
        self.api.let_go()
        if self.is_altered or not self.profile.forgets(self.page, self.base):
            self.profile.close()

    def open(self, path: str, where: Body | tuple[int, Body] | None = None) -> Page:
        """Go to a page, being there for the API, and wait until the page shows what it was told."""
        if where:
            self.api.where = where
        self.page.goto(self.base + path)
        self.page.locator(f"{_ANSWERED} main:not(:has(#contenu-charge[hidden]))").wait_for()
        return self.page

    def remember(self, memory: Mapping[str, object]) -> None:
        if self.page.url != self.base + EMPTY:
            self.page.goto(self.base + EMPTY)
        self.page.evaluate(_REMEMBER, dict(memory))

    def settle(self) -> None:
        """Wait until the loaded page knows all that it asked: what the API is told from now on is for what follows."""
        self.page.locator(_ANSWERED).wait_for()

    def sent(self, method: str, path: str) -> list[Any]:
        return [call.body for call in self.api.made(method, path)]

    def set_clock(self, time: datetime) -> None:
        """Have the browser's time begin there, and pass as a test lets it."""
        self._listen_no_more()
        self.is_clocked = True
        self._listen()
        self.page.clock.install(time=time)
        self.page.clock.resume()  # the visitor before may have stopped it

    def pass_minutes(self, minutes: float) -> None:
        """Move both clocks. The browser's jumps, as a sleeping phone's does: a call that is out is not held up."""
        self.api.minutes_passed += minutes
        self.page.clock.fast_forward(int(minutes * _MINUTE))

    def _listen(self) -> None:
        for event, note in self._notes.items():
            self.page.on(event, note)

    def _listen_no_more(self) -> None:
        for event, note in self._notes.items():
            self.page.remove_listener(event, note)

    @property
    def _notes(self) -> dict[Any, Callable[[Any], None]]:
        return {"console": self._note_complaint, "pageerror": self._note_error, "framenavigated": self._note_page}

    def _note_page(self, frame: Frame) -> None:
        self.pages.append(frame.url)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:  # a refused call
            self.complaints.append(message.text)


class Profile:
    """The browser's memory, for one visitor after the other: all but its cache is forgotten in between.

    They have one page, and one whose time tests move: to make one costs more than most tests do with it. Every page
    begins with the scripts.
    """

    def __init__(self, browser: Browser, *scripts: str) -> None:
        self._browser, self._scripts = browser, (_REPORT_POLICY, _COUNT_QUESTIONS, *scripts)
        self._pages: dict[bool, Page] = {}

    def page(self, *, is_clocked: bool = False) -> Page:
        if is_clocked not in self._pages:
            context = self._browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport=VIEWPORT)
            context.set_default_timeout(WAIT_MILLISECONDS)
            for script in self._scripts:
                context.add_init_script(script)
            self._pages[is_clocked] = context.new_page()
        return self._pages[is_clocked]

    def forgets(self, page: Page, base: str) -> bool:
        """Make it ready for another visitor of the site at `base`; whether that could be done."""
        context = page.context
        with suppress(Error):  # it was leaving for another one, and got there first
            page.evaluate(_END, EMPTY)
        for other in context.pages:
            if other != page:
                other.close()
        context.set_offline(False)
        context.unroute_all()
        page.unroute_all()
        page.set_viewport_size(VIEWPORT)
        page.emulate_media(media="null", color_scheme="null", forced_colors="null", reduced_motion="null")
        context.clear_cookies()
        context.clear_permissions()
        return page.url == base + EMPTY

    def close(self) -> None:
        """Forget the cache too, and all that a page can't get rid of."""
        for page in self._pages.values():
            page.context.close()
        self._pages.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the tests are skipped, but fail in CI."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        except Error as error:
            tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            tell(f"NO CHROMIUM HERE, THE FRONT IS NOT TESTED: {error}")
        expect.set_options(timeout=WAIT_MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(_PATIENT_MILLISECONDS)
    broken: list[str] = []
    context.on("weberror", lambda error: broken.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert broken == []


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def pages(built: Path) -> list[ReadPage]:
    return read_pages(built)


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("front")) as served:
        yield served


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Profile:
    return Profile(browser)


@pytest.fixture
def visit(profile: Profile, front: Site) -> Iterator[Visit]:
    """A new visitor, with a fake API. Fails when a page complained in the console or broke its policy."""
    front.api = FakeApi()
    with Visit(front.base, profile, front.api) as visit:
        yield visit
    assert visit.complaints == []


@pytest.fixture
def louis(visit: Visit) -> Visit:
    visit.api.where, visit.api.home = signed_in(), account()
    return visit


@pytest.fixture
def waiting(visit: Visit) -> Page:
    """Home, five minutes and a little before the session ends, on a clock that a test moves."""
    visit.set_clock(datetime.now(UTC))
    visit.api.where, visit.api.home = signed_in(minutes=5.2), account()
    return visit.open("/compte")
