"""One browser for all tests, one context for each; nothing on a page may break its own security policy."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from local.gallery.fake_api import FakeApi
from tests.web.chromium import FLAGS, chromium
from tests.web.site import Site, site

_WAIT_MILLISECONDS = 10_000
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

    def open(self, path: str) -> Page:
        """Go to a page and wait until it shows what the API told it."""
        self.page.goto(self.base + path)
        self.page.locator("main:not(:has(#contenu-charge[hidden]))").wait_for()
        return self.page

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
        expect.set_options(timeout=_WAIT_MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The front, served."""
    with site(tmp_path_factory.mktemp("front")) as served:
        yield served


@pytest.fixture
def visit(browser: Browser, front: Site) -> Iterator[Visit]:
    """A new visitor, with a fake API. Fails when a page complained in the console or broke its policy."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(_WAIT_MILLISECONDS)
    context.add_init_script(_REPORT_POLICY)
    front.api = FakeApi()
    page = context.new_page()
    visit = Visit(front.base, page, front.api)
    page.on("console", visit.note)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()
    assert visit.complaints == []
