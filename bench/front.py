"""`python -m bench.front`: bytes and requests of each page, and the time until a phone can type into it.

The front is served compressed, as CloudFront does, but over HTTP/1.1; the gallery stands in for the API.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench import report
from bench.results import Results
from local.gallery.gallery import COOKIE
from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.web.chromium import FLAGS, chromium
from tests.web.site import site

PHONE = {"latency": 150, "downloadThroughput": 1_600_000 // 8, "uploadThroughput": 750_000 // 8, "offline": False}
"""What Lighthouse calls slow 4G: 150 ms there and back, 1.6 Mbit/s down."""
SLOWER_CPU = 4
_ROUNDS = 3
_READY = "main:not(:has(#contenu-charge[hidden]))"
_NOTE_READY = f"""
    const note = () => {{
        const isReady = document.readyState !== 'loading' && document.querySelector({_READY!r});
        if (!isReady) return requestAnimationFrame(note);
        window.readyAt = performance.now();
    }};
    note();
"""
SHOWN = (
    *("S0", "S1", "S2", "S3", "S4", "S5", "S5b", "S6", "S7", "S8", "S9"),
    *("S10 trop de codes", "S11 session expirée", "S12 email", "S13"),
)
ACTIVATION = ("S1", "S2", "S3", "S4", "S5", "S6", "S7")
"""The pages of an activation, one after the other in one browser."""
_GALLERYS_OWN = "/gallery/"


@dataclass
class Load:
    """What one showing of a page cost: bytes over the wire and requests that reached the server; the calls of the API.

    `milliseconds`: until the page takes what is typed.
    """

    transferred: int = 0
    requests: int = 0
    calls: list[str] = field(default_factory=list)
    milliseconds: float = 0


def measure() -> list[Results]:
    """Each page by itself in a new browser, then those of an activation in one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        site(Path(folder), compressed=True) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        rounds = [[_alone(browser, served.base, screen) for screen in _screens()] for _ in range(_ROUNDS)]
        journey = _one_after_the_other(browser, served.base, ACTIVATION)
        browser.close()
    return [_first_views(rounds), _activation(journey)]


def _screens() -> list[Screen]:
    return [next(screen for screen in ALL if screen.name == name) for name in SHOWN]


def _alone(browser: Browser, base: str, screen: Screen) -> Load:
    context = _phone(browser)
    load = _show(context, context.new_page(), base, screen)
    context.close()
    return load


def _one_after_the_other(browser: Browser, base: str, names: Iterable[str]) -> list[tuple[Screen, Load]]:
    context = _phone(browser)
    page = context.new_page()
    shown = [screen for name in names for screen in ALL if screen.name == name]
    loads = [(screen, _show(context, page, base, screen)) for screen in shown]
    context.close()
    return loads


def _phone(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    context.add_init_script(_NOTE_READY)
    return context


def _show(context: BrowserContext, page: Page, base: str, screen: Screen) -> Load:
    """Open a page in the state that the gallery's cookie names."""
    context.add_cookies([{"name": COOKIE, "value": screen.slug, "url": base}])
    session = context.new_cdp_session(page)
    load = _watched(session)
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    page.goto(base + screen.path)
    page.locator(_READY).wait_for()
    page.wait_for_load_state("load")
    load.milliseconds = float(page.evaluate("window.readyAt"))
    session.detach()
    return load


def _watched(session: CDPSession) -> Load:
    load, urls, kept = Load(), dict[str, str](), set[str]()

    def note_request(event: Any) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def note_answer(event: Any) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            kept.add(event["requestId"])

    def note_end(event: Any) -> None:
        url = urls.get(event["requestId"], _GALLERYS_OWN)
        if event["requestId"] in kept or _GALLERYS_OWN in url or url.startswith("data:"):
            return
        load.requests += 1
        load.transferred += int(event["encodedDataLength"])
        if "/api/" in url:
            load.calls.append(url.partition("/api/")[2])

    session.on("Network.requestWillBeSent", note_request)
    session.on("Network.responseReceived", note_answer)
    session.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    session.on("Network.loadingFinished", note_end)
    session.send("Network.enable")
    return load


def _first_views(rounds: list[list[Load]]) -> Results:
    rows = tuple(
        (
            screen.name,
            screen.path,
            round(median(load.transferred for load in loads) / 1_000, 1),
            loads[0].requests,
            len(loads[0].calls),
            round(median(load.milliseconds for load in loads)),
        )
        for screen, *loads in zip(_screens(), *rounds, strict=True)
    )
    return Results(
        "front",
        "Each page in a browser that has never been here, on a slow phone",
        ("screen", "address", "kB", "requests", "of which API", "ms to first input"),
        rows,
        note=f"Compressed, headers included. 150 ms there and back, 1.6 Mbit/s, a CPU {SLOWER_CPU} times slower; "
        f"median of {_ROUNDS}.",
        bars=("ms to first input",),
    )


def _activation(measured: list[tuple[Screen, Load]]) -> Results:
    rows = [
        (screen.name, round(load.transferred / 1_000, 1), load.requests, len(load.calls), round(load.milliseconds))
        for screen, load in measured
    ]
    total = tuple(round(sum(float(row[place]) for row in rows), 1) for place in (1, 2, 3, 4))
    return Results(
        "front-activation",
        "The pages of an activation, one after the other in one browser",
        ("screen", "kB", "requests", "of which API", "ms to first input"),
        (*rows, ("all", *total)),
        note="The calls that a button makes are not among them; `bench.cost` counts those too.",
    )


if __name__ == "__main__":
    report.show(measure())
