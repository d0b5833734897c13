"""On a phone of 390 by 664 pixels, and with its keyboard open."""

import pytest

from local.gallery.screens import ALL
from tests.web.conftest import Visit
from tests.web.hands import box

_HEIGHT, _ABOVE_THE_KEYBOARD = 664, 364
"""Of the phone's window, and what a keyboard of 300 pixels leaves of it."""


def _top_and_end(visit: Visit, name: str, *selectors: str) -> list[tuple[float, float]]:
    """Where the first of each begins and ends on that screen."""
    (screen,) = (screen for screen in ALL if screen.name == name)
    visit.page.set_viewport_size({"width": 390, "height": _HEIGHT})
    screen.prepare(visit.api)
    page = visit.open(screen.path)
    boxes = [box(page.locator(selector).first) for selector in selectors]
    return [(found["y"], found["y"] + found["height"]) for found in boxes]


@pytest.mark.parametrize("name", ["S2", "S5b", "S8", "S9 code", "S12 code"])
def test_the_field_of_a_code_and_its_button_are_seen_without_scrolling(visit: Visit, name: str) -> None:
    (top, _), (_, end) = _top_and_end(visit, name, "#code", "#verifier button")
    assert top > 0
    assert end <= _HEIGHT


@pytest.mark.parametrize("name", ["S3", "S9 mot de passe", "Nouveau mot de passe"])
def test_the_rules_of_a_password_are_seen_under_it_while_it_is_typed(visit: Visit, name: str) -> None:
    (top, _), (of_rules, end) = _top_and_end(visit, name, "#mot_de_passe", "#regles")
    assert top < of_rules
    assert end - top <= _ABOVE_THE_KEYBOARD
