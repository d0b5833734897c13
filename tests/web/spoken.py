"""What a screen reader finds on the main screens, in its order. `python -m tests.web.spoken` writes it down anew."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from local.gallery.acts import Unfold
from local.gallery.screens import ALL
from tests.web.chromium import FLAGS, chromium
from tests.web.site import site

FOLDER = Path(__file__).parent / "spoken"
_NAMES = (
    *("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S13"),
    *("S1, rien de saisi", "S7, fin de session proche"),
    *("Budget, résultat", "Taux d'endettement, résultat"),
    *("D0", "D1, tout déplié", "D2 à envoyer", "D2 à compléter", "D2 question", "D3", "D4, valable", "D5"),
    *("K0", "K1", "K2", "K3", "K3 envoi, contrôle en cours", "K3 envoi, à confirmer", "K4"),
)
_TIME = re.compile(r"(?:à demain |demain )?à\s+\d+\s+h\s+\d\d")
SPOKEN = tuple(screen for screen in ALL if screen.name in _NAMES)


def spoken(page: Page) -> str:
    """The accessibility tree of what the page has of its own, or of the dialog before it."""
    dialog = page.locator("dialog[open]")
    tree = (dialog if dialog.count() else page.locator("main")).aria_snapshot()
    return _TIME.sub("à … h …", tree) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for screen in SPOKEN:
            page = browser.new_page(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
            page.goto(f"{served.base}/gallery/{screen.slug}")
            page.locator("main, dialog").get_by_text(screen.shows).filter(visible=True).first.wait_for()
            if Unfold() in screen.acts:
                page.locator("main details:not([open])").first.wait_for(state="detached")
            (FOLDER / f"{screen.slug}.yml").write_text(spoken(page), encoding="utf-8")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
