"""One browser for all tests, one context for each; nothing on a page may break its own security policy."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect, sync_playwright

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

    def __post_init__(self) -> None:
        self.page.on("request", self._note_question)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, self._note_answer)

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

    def pass_minutes(self, minutes: float) -> None:
        """Move both clocks. The browser's jumps, as a sleeping phone's does: a call that is out is not held up."""
        self.api.minutes_passed += minutes
        self.page.clock.fast_forward(int(minutes * _MINUTE))

    def _note_question(self, request: Request) -> None:
        if request.method == "GET" and request.url.startswith(f"{self.base}/api/"):
            self.questions.add(request)

    def _note_answer(self, request: Request) -> None:
        self.questions.discard(request)

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the console complains about; a refused call is no fault of the page."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


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


@pytest.fixture
def visit(browser: Browser, front: Site) -> Iterator[Visit]:
    """A new visitor, with a fake API. Fails when a page complained in the console or broke its policy."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT_MILLISECONDS)
    context.add_init_script(_REPORT_POLICY)
    front.api = FakeApi()
    page = context.new_page()
    visit = Visit(front.base, page, front.api)
    page.on("console", visit.note)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()
    assert visit.complaints == []


@pytest.fixture
def waiting(visit: Visit) -> Page:
    """Home, five minutes and a little before the session ends, on a clock that a test moves."""
    visit.page.clock.install(time=datetime.now(UTC))
    visit.api.where, visit.api.home = signed_in(minutes=5.2), account()
    return visit.open("/compte")
