"""The use cases around in-memory ports, and browsers that walk through them."""

from tests.unit.house.browser import Browser
from tests.unit.house.house import House
from tests.unit.house.outcomes import outcome
from tests.unit.house.passwords import OTHER_PASSWORD, password_record

__all__ = ["OTHER_PASSWORD", "Browser", "House", "outcome", "password_record"]
