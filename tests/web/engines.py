"""Firefox and WebKitGTK, started and driven as their own tools do it; and Chromium, asked in the same words.

Without one of them the tests that start it are skipped, but fail in CI.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, ElementHandle, Page
from playwright.sync_api import Error as PlaywrightError
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.web.marionette import Marionette, MarionetteError

Result = TypeVar("Result")

_PATIENCE_SECONDS, _EVERY_SECONDS, _TRIES = 60, 0.05, 3
"""Twice as long as a page waits for an answer before it says that none came."""
_TO_PRESS = '//*[self::a or self::button or self::label][normalize-space(translate(., "\u00a0\u202f", "  "))="{}"]'
_WIDTH, _HEIGHT = 1280, 2400
"""WebKitGTK's driver presses nothing that it would have to scroll to: every page is seen whole."""
_NO_PREFERENCES: Mapping[str, int] = {}
_PROBLEM = "#erreurs:not([hidden])"
_TEXT_OF = "return [...document.querySelectorAll(arguments[0])].map((part) => part.innerText).join(' ')"


@dataclass(frozen=True)
class Tab:
    """One tab of a browser. Each act waits until it can be done, a minute at most."""

    driver: "Marionette | webdriver.WebKitGTK | Chromium"

    def open(self, url: str) -> None:
        self.driver.get(url)

    def fill(self, field: str, text: str) -> None:
        _patiently(lambda: self._shown("css selector", f"#{field}").send_keys(text))

    def press(self, words: str) -> None:
        _patiently(lambda: self._shown("xpath", _TO_PRESS.format(words)).click())

    def see(self, selector: str, words: str) -> None:
        _patiently(lambda: self._look(selector, words))

    def go_on(self, button: str, selector: str, words: str) -> None:
        """Press, and wait until what the selector finds shows these words.

        Where the page tells of a problem it is pressed again, twice at most: on a busy machine a call may fail, and
        people try again.
        """
        for _ in range(_TRIES - 1):
            self.press(button)
            if not _patiently(lambda: self._is_refused(selector, words)):
                return
        self.press(button)
        self.see(selector, words)

    def _is_refused(self, selector: str, words: str) -> bool:
        """Whether the page tells of a problem; raises LookupError while it shows neither one nor the words."""
        if self.driver.execute_script(_TEXT_OF, _PROBLEM):
            return True
        self._look(selector, words)
        return False

    def _look(self, selector: str, words: str) -> None:
        text = str(self.driver.execute_script(_TEXT_OF, selector))
        if words not in " ".join(text.split()):
            page = self.driver.execute_script(_TEXT_OF, "main")
            raise LookupError(f"{selector} shows {text!r}, not {words!r}, on {page!r}")

    def _shown(self, by: str, value: str) -> Any:
        found: list[Any] = self.driver.find_elements(by, value)
        # What stands first is looked at last: of a page that shows itself meanwhile it would be passed over.
        shown = [element for element in reversed(found) if element.is_displayed()]
        if shown:
            return shown[-1]
        page = self.driver.execute_script(_TEXT_OF, "main")
        raise LookupError(f"nothing that people see is found by {value} on {page!r}")


@dataclass(frozen=True)
class Chromium:
    """A page of Playwright's, asked as the other engines are."""

    page: Page

    def get(self, url: str) -> None:
        self.page.goto(url)

    def find_elements(self, by: str, value: str) -> list["Handle"]:
        """Every element that a CSS selector or an XPath finds; `by` says which."""
        return [Handle(found) for found in self.page.query_selector_all(f"{by.partition(' ')[0]}={value}")]

    def execute_script(self, script: str, *arguments: object) -> Any:
        return self.page.evaluate(f"all => (function () {{ {script} }}).apply(null, all)", arguments)


@dataclass(frozen=True)
class Handle:
    """An element of that page."""

    found: ElementHandle

    def click(self) -> None:
        self.found.click()

    def send_keys(self, text: str) -> None:
        """Type into it, or choose the file of that path."""
        choose = self.found.set_input_files if self.found.get_attribute("type") == "file" else self.found.type
        choose(text)

    def is_displayed(self) -> bool:
        return self.found.is_visible()


@contextmanager
def chromium(browser: Browser) -> Iterator[Tab]:
    """A Chromium that nobody knows; fails when a page complained."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    yield Tab(Chromium(page))
    context.close()
    assert not complaints, complaints


def _is_complaint(message: ConsoleMessage) -> bool:
    """Whether the browser says that something is wrong, other than a call that the API refused."""
    is_refused = message.text.startswith("Failed to load resource") and "/api/" in message.location["url"]
    return message.type == "error" and not is_refused


@contextmanager
def firefox(profile: Path, preferences: Mapping[str, int] = _NO_PREFERENCES) -> Iterator[Tab]:
    """Firefox ESR without a window, with these preferences beside its own."""
    program = _program("firefox-esr", "firefox-esr")
    own = {"marionette.port": "0", "intl.accept_languages": '"fr"'}
    told = own | {name: str(value) for name, value in preferences.items()}
    (profile / "user.js").write_text("".join(f'user_pref("{name}", {value});\n' for name, value in told.items()))
    process = subprocess.Popen(
        [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile), "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        session = _patiently(lambda: Marionette(int((profile / "MarionetteActivePort").read_text())))
        yield Tab(session)
        session.close()
    finally:
        process.terminate()
        process.wait()


@contextmanager
def webkit() -> Iterator[Tab]:
    control, screen = _program("WebKitWebDriver", "webkit2gtk-driver"), _program("Xvfb", "xvfb")
    options = Options()
    options.binary_location = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
    options.add_argument("--automation")
    with _display(screen) as display:
        service = Service(control, env={**os.environ, "DISPLAY": display})
        driver = webdriver.WebKitGTK(options=options, service=service)
        driver.set_window_size(_WIDTH, _HEIGHT)
        try:
            yield Tab(driver)
        finally:
            driver.quit()


@contextmanager
def _display(program: str) -> Iterator[str]:
    told, tells = os.pipe()
    process = subprocess.Popen(
        [program, "-displayfd", str(tells), "-screen", "0", f"{_WIDTH}x{_HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=[tells],
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    try:
        with os.fdopen(told) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell(f"NO {name} HERE, THE FRONT IS NOT TESTED IN IT: apt-get install {package}")
    return found


def _patiently(act: Callable[[], Result]) -> Result:
    """Do it once it can be done: a page that is still on its way has nothing to act on."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return act()
        except (MarionetteError, WebDriverException, PlaywrightError, LookupError, OSError, ValueError):
            if time.monotonic() > deadline:
                raise
            time.sleep(_EVERY_SECONDS)
