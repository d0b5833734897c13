"""On a phone of 390 by 664 pixels, and with its keyboard open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from local.gallery.fake_api import Body, account, in_flow, signed_in
from local.gallery.states import changing_mobile, signing_in, verifying, verifying_mobile
from tests.web.conftest import Visit
from tests.web.hands import box

_PHONE: ViewportSize = {"width": 390, "height": 664}
_ABOVE_THE_KEYBOARD = 364
"""What a keyboard of 300 pixels leaves of it."""


def _top_and_end(page: Page, selector: str) -> tuple[float, float]:
    found = box(page.locator(selector).first)
    return found["y"], found["y"] + found["height"]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/activation/code", verifying("activation")),
        ("/mot-de-passe-oublie/code", verifying("password_reset")),
        ("/connexion/code", signing_in),
        ("/preferences/canal/code", verifying_mobile),
        ("/compte/informations-personnelles/code", changing_mobile),
    ],
)
def test_the_field_of_a_code_and_its_button_are_seen_without_scrolling(
    visit: Visit, path: str, where: Callable[[], Body]
) -> None:
    visit.page.set_viewport_size(_PHONE)
    page = visit.open(path, where())
    assert _top_and_end(page, "#code")[0] > 0
    assert _top_and_end(page, "#verifier button")[1] <= _PHONE["height"]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/activation/mot-de-passe", in_flow("activation", "set_password")),
        ("/mot-de-passe-oublie/mot-de-passe", in_flow("password_reset", "set_password")),
        ("/compte/informations-personnelles/mot-de-passe", signed_in()),
    ],
)
def test_the_rules_of_a_password_are_seen_under_it_while_it_is_typed(visit: Visit, path: str, where: Body) -> None:
    visit.page.set_viewport_size(_PHONE)
    visit.api.where, visit.api.home = where, account()
    page = visit.open(path)
    top, end = _top_and_end(page, "#mot_de_passe")[0], _top_and_end(page, "#regles")[1]
    assert top < _top_and_end(page, "#regles")[0]
    assert end - top <= _ABOVE_THE_KEYBOARD
