"""One browser for all tests, whose visitors share its cache; nothing on a page may break its own security policy."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from local.gallery.fake_api import FakeApi, account, signed_in
from tests.web.chromium import FLAGS, chromium
from tests.web.pages_read import ReadPage, read_pages
from tests.web.site import Site, site
from web.build import build

WAIT_MILLISECONDS = 10_000
_POLL_MILLISECONDS = 5
_MINUTE = 60_000
_REPORT_POLICY = """
    document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
"""


@dataclass
class Visit:
    """One person's browser on the front, and the API that it calls."""

    base: str
    page: Page
    api: FakeApi
    complaints: list[str] = field(default_factory=list)
    questions: set[Request] = field(default_factory=set)
    """What the page has asked and not been answered yet."""
    has_clock: bool = False
    """Whether a test moves its time: no other visitor can come after it."""

    def __post_init__(self) -> None:
        self.page.on("request", self._note_question)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, self._note_answer)
        self.page.on("console", self._note_complaint)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        """Go to a page and wait until it shows what the API told it."""
        self.page.goto(self.base + path)
        self.page.locator("main:not(:has(#contenu-charge[hidden]))").wait_for()
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the loaded page knows all that it asked: what the API is told from now on is for what follows."""
        deadline = time.monotonic() + WAIT_MILLISECONDS / 1000
        while self.questions:
            assert time.monotonic() < deadline, self.questions
            self.page.wait_for_timeout(_POLL_MILLISECONDS)

    def set_clock(self, time: datetime) -> None:
        """Have the browser's time begin there, and pass as a test lets it."""
        self.has_clock = True
        self.page.clock.install(time=time)

    def pass_minutes(self, minutes: float) -> None:
        """Move both clocks. The browser's jumps, as a sleeping phone's does: a call that is out is not held up."""
        self.api.minutes_passed += minutes
        self.page.clock.fast_forward(int(minutes * _MINUTE))

    def _note_question(self, request: Request) -> None:
        if request.method == "GET" and request.url.startswith(f"{self.base}/api/"):
            self.questions.add(request)

    def _note_answer(self, request: Request) -> None:
        self.questions.discard(request)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:  # a refused call
            self.complaints.append(message.text)


class Profile:
    """The browser's memory, for one visitor after the other: all but its cache is forgotten in between.

    Every page begins with the scripts.
    """

    def __init__(self, browser: Browser, *scripts: str) -> None:
        self._browser, self._scripts = browser, (_REPORT_POLICY, *scripts)
        self._context: BrowserContext | None = None

    def context(self) -> BrowserContext:
        """As a new visitor finds it."""
        if self._context is None:
            self._context = self._browser.new_context(
                locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900}
            )
            self._context.set_default_timeout(WAIT_MILLISECONDS)
            for script in self._scripts:
                self._context.add_init_script(script)
        return self._context

    def forget(self, *, with_cache: bool) -> None:
        """Make room for another visitor, who has a page of their own."""
        context = self.context()
        if with_cache:
            context.close()
            self._context = None
            return
        for page in context.pages:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        context.unroute_all()
        context.set_offline(False)


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


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the front as it is built."""
    folder = tmp_path_factory.mktemp("pages")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def pages(built: Path) -> list[ReadPage]:
    """Every page as it is built."""
    return read_pages(built)


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The front, served."""
    with site(tmp_path_factory.mktemp("front")) as served:
        yield served


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Profile:
    """What the visitors share."""
    return Profile(browser)


@pytest.fixture
def visit(profile: Profile, front: Site) -> Iterator[Visit]:
    """A new visitor, with a fake API. Fails when a page complained in the console or broke its policy."""
    front.api = FakeApi()
    visit = Visit(front.base, profile.context().new_page(), front.api)
    yield visit
    profile.forget(with_cache=visit.has_clock)
    assert visit.complaints == []


@pytest.fixture
def waiting(visit: Visit) -> Page:
    """Home, five minutes and a little before the session ends, on a clock that a test moves."""
    visit.set_clock(datetime.now(UTC))
    visit.api.where, visit.api.home = signed_in(minutes=5.2), account()
    return visit.open("/compte")
