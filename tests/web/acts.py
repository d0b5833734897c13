"""Plays the acts of a screen in a browser."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from local.gallery.acts import Act, Attach, Choose, Fill, LoseNetwork, Press, Unfold

_FILES = TemporaryDirectory()


def attach(page: Page, field: str, name: str, size: int) -> None:
    """Choose a file of so many bytes; it lies on the disk, which is quicker than to hand it to the browser."""
    file = Path(_FILES.name) / name
    file.write_bytes(b"\xff" * size)
    page.locator(f"#{field}").set_input_files(file)


def play(page: Page, act: Act) -> None:
    match act:
        case Fill(field, text):
            page.locator(f"#{field}").fill(text)
        case Choose(field):
            page.locator(f"#{field}").check()
        case Attach(field, name, size):
            attach(page, field, name, size)
        case Press(button):
            page.get_by_role("button", name=button, exact=True).click()
        case Unfold():
            page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        case LoseNetwork():
            page.context.set_offline(True)
