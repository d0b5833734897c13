"""What presses in every engine presses what people would."""

from dataclasses import dataclass, field

from tests.web.engines import Tab


@dataclass
class SlowPage:
    """A page of two labels with the same words, which shows itself after the first look at one."""

    looks: int = 0
    pressed: list[str] = field(default_factory=list)

    def find_elements(self, *_: str) -> list["Label"]:
        """The labels, in the page's order."""
        return [Label(self, "radio button"), Label(self, "field")]


@dataclass
class Label:
    """One of them, and what it is for."""

    page: SlowPage
    of: str

    def is_displayed(self) -> bool:
        """Whether the page has shown itself."""
        self.page.looks += 1
        return self.page.looks > 1

    def click(self) -> None:
        """Press it."""
        self.page.pressed.append(self.of)


def test_what_stands_first_is_pressed_also_of_a_page_that_shows_itself_meanwhile() -> None:
    page = SlowPage()
    Tab(page).press("Téléphone mobile")  # type: ignore[arg-type]  # it does what the walks ask of a browser
    assert page.pressed == ["radio button"]
