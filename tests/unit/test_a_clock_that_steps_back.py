"""The clocks of two copies of a function differ by a second: nobody notices, and nothing lasts longer for it."""

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import NOW, invited
from tests.in_memory import Browser, InMemoryService

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "Perchoir-Cendre-4410-ruisseau"
STEPS = st.lists(st.integers(-1, 1), min_size=8, max_size=8)
"""How far each call's clock is from the true time, in seconds."""


@settings(max_examples=15, deadline=None)  # each hashes two passwords
@given(STEPS, st.integers(0, 3))
def test_a_person_activates_and_signs_in_whatever_second_each_call_believes_in(steps: list[int], taken: int) -> None:
    app = InMemoryService(invited())
    browser, true_time = Browser(app), NOW

    def tick(step: int) -> None:
        nonlocal true_time
        true_time += taken
        app.now = true_time + step

    def type_code() -> None:
        browser.verify(browser.code)

    def sign_in() -> None:
        browser.sign_in(password=PASSWORD)

    def type_sign_in_code() -> None:
        browser.verify_sign_in(browser.code)

    def set_password() -> None:
        browser.set_password(PASSWORD)

    acts: list[Callable[[], object]] = [browser.start, app.deliver, type_code, set_password]
    acts += [app.deliver, sign_in, app.deliver, type_sign_in_code]
    for step, act in zip(steps, acts, strict=True):
        tick(step)
        act()
    assert browser.session is not None
