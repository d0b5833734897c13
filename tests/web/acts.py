"""Plays the acts of a screen in a browser."""

from playwright.sync_api import Page

from local.gallery.acts import Act, Choose, Fill, LoseNetwork, Press, Unfold


def play(page: Page, act: Act) -> None:
    """Do what the visitor does."""
    match act:
        case Fill(field, text):
            page.locator(f"#{field}").fill(text)
        case Choose(field):
            page.locator(f"#{field}").check()
        case Press(button):
            page.get_by_role("button", name=button, exact=True).click()
        case Unfold():
            page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        case LoseNetwork():
            page.context.set_offline(True)
