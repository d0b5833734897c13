"""`make screenshots`: every screen in every state at two widths, as the gallery shows it."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from infra.assets import BUILDS, ROOT
from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.web.chromium import FLAGS, chromium
from tests.web.site import site

FOLDER = BUILDS / "screenshots"
HEIGHTS = {1280: 900, 390: 844}
IN_README = {
    "s1": (1280, "step-1.png"),
    "s3-en-cours-de-saisie": (1280, "step-3.png"),
    "s7": (390, "home-on-a-phone.png"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for width in HEIGHTS:
            (FOLDER / str(width)).mkdir(parents=True, exist_ok=True)
            for screen in ALL:
                _take(browser, served.base, screen, width)
        browser.close()
    for slug, (width, name) in IN_README.items():
        shutil.copyfile(_file(slug, width), ROOT / "docs" / name)
    print(f"{len(HEIGHTS) * len(ALL)} screenshots in {FOLDER.relative_to(ROOT)}")  # noqa: T201  # a script


def _take(browser: Browser, base: str, screen: Screen, width: int) -> None:
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": width, "height": HEIGHTS[width]}
    )
    page = context.new_page()
    page.goto(f"{base}/gallery/{screen.slug}")
    page.locator("main:not(:has(#contenu-charge[hidden])), dialog[open]").first.wait_for()
    page.locator("main, dialog").get_by_text(screen.shows).filter(visible=True).first.wait_for()
    page.screenshot(path=_file(screen.slug, width), full_page=True)
    context.close()


def _file(slug: str, width: int) -> Path:
    return FOLDER / str(width) / f"{slug}.png"


if __name__ == "__main__":
    main()
