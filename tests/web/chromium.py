"""Which browser the tests and the scripts beside them drive, and how it is started."""

import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str | None:
    """The path of the browser, if this machine has one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
