"""Bytes and requests of an activation's pages, and the time until a phone can type into each.

The front is served compressed, as CloudFront does, but over HTTP/1.1; the gallery stands in for the API.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.report import Results
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
PAGES = ("S1", "S2", "S3", "S4", "S5", "S6", "S7")
"""Those of an activation."""
IN_TURN = ("in turn: kB", "requests in turn", "of the API")
"""The columns that `bench.cost` reads."""
_GALLERYS_OWN = "/gallery/"


@dataclass
class Load:
    """What one showing of a page cost: bytes over the wire, requests that reached the server, those of the API.

    `milliseconds`: until the page takes what is typed.
    """

    transferred: int = 0
    requests: int = 0
    calls: int = 0
    milliseconds: float = 0


def measure() -> list[Results]:
    """Each page by itself in a new browser, then all one after the other in one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        site(Path(folder), compressed=True) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        alone = [[_in_turn(browser, served.base, [screen])[0] for _ in range(_ROUNDS)] for screen in _screens()]
        in_turn = _in_turn(browser, served.base, _screens())
        browser.close()
    return [_table(alone, in_turn)]


def _screens() -> list[Screen]:
    return [next(screen for screen in ALL if screen.name == name) for name in PAGES]


def _in_turn(browser: Browser, base: str, screens: list[Screen]) -> list[Load]:
    """The pages one after the other in a browser that has never been here."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    context.add_init_script(_NOTE_READY)
    page = context.new_page()
    loads = [_show(context, page, base, screen) for screen in screens]
    context.close()
    return loads


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

    def note_answer(event: Any) -> None:
        urls[event["requestId"]] = event["response"]["url"]
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            kept.add(event["requestId"])

    def note_end(event: Any) -> None:
        url = urls.get(event["requestId"], _GALLERYS_OWN)
        if event["requestId"] in kept or _GALLERYS_OWN in url or url.startswith("data:"):
            return
        load.requests += 1
        load.transferred += int(event["encodedDataLength"])
        load.calls += "/api/" in url

    session.on("Network.responseReceived", note_answer)
    session.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    session.on("Network.loadingFinished", note_end)
    session.send("Network.enable")
    return load


def _table(alone: list[list[Load]], in_turn: list[Load]) -> Results:
    rows = [
        (
            screen.name,
            round(median(load.transferred for load in loads) / 1e3, 1),
            loads[0].requests,
            round(median(load.milliseconds for load in loads)),
            round(then.transferred / 1e3, 1),
            then.requests,
            then.calls,
        )
        for screen, loads, then in zip(_screens(), alone, in_turn, strict=True)
    ]
    sums = (round(sum(row[place] for row in rows), 1) for place in (4, 5, 6))  # type: ignore[misc]  # figures
    return Results(
        "front",
        "The pages of an activation on a slow phone",
        ("page", "alone: kB", "requests", "ms to first input", *IN_TURN),
        [*rows, ("all", "", "", "", *sums)],
        note=f"150 ms there and back, 1.6 Mbit/s, a CPU {SLOWER_CPU} times slower; medians of {_ROUNDS}.",
    )
