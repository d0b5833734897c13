"""Which browser the tests and the scripts beside them drive, and how it is started."""

import shutil

_WINDOWED = ("chromium", "chromium-browser", "google-chrome")
_NAMES = ("chromium-headless-shell", *_WINDOWED)
"""Debian's headless shell is the same engine without a browser's windows: a page takes half of the time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def windowed_chromium() -> str | None:
    """The path of a whole browser, with settings of its own, if this machine has one."""
    return next(filter(None, map(shutil.which, _WINDOWED)), None)
