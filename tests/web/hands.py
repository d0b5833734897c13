"""What people do on a page, and where they look."""

from playwright.sync_api import FloatRect, Locator, Page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def send(page: Page, button: str, **fields: str) -> None:
    for field, text in fields.items():
        page.fill(f"#{field}", text)
    press(page, button)


def alert(page: Page) -> Locator:
    return page.get_by_role("alert")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def box(of: Locator) -> FloatRect:
    found = of.bounding_box()
    assert found
    return found
