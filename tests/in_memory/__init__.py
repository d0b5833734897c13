"""The use cases around in-memory ports, and browsers that walk through them."""

from tests.in_memory.browser import Browser
from tests.in_memory.outcomes import outcome
from tests.in_memory.passwords import OTHER_PASSWORD, password_record
from tests.in_memory.service import InMemoryService

__all__ = ["OTHER_PASSWORD", "Browser", "InMemoryService", "outcome", "password_record"]
