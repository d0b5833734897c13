"""Plays the acts of a screen in a browser."""

from playwright.sync_api import Page

from local.gallery.acts import Act, Attach, Choose, Fill, LoseNetwork, Press, Unfold


def play(page: Page, act: Act) -> None:
    """Do what the visitor does."""
    match act:
        case Fill(field, text):
            page.locator(f"#{field}").fill(text)
        case Choose(field):
            page.locator(f"#{field}").check()
        case Attach(field, name, size):
            file = {"name": name, "mimeType": "application/octet-stream", "buffer": b"x" * size}
            page.locator(f"#{field}").set_input_files(file)
        case Press(button):
            page.get_by_role("button", name=button, exact=True).click()
        case Unfold():
            page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        case LoseNetwork():
            page.context.set_offline(True)
