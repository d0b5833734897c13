"""The passwords of the people of the in-memory service."""

from functools import cache

from activation.domain.accounts import PasswordRecord
from activation.domain.credentials import pepper, protect
from tests.builders import PASSWORD
from tests.fakes.macs import FakeMacs

OTHER_PASSWORD = "Perchoir-Cendre-4410-ruisseau"


@cache
def password_record(identifier: str, password: str = PASSWORD) -> PasswordRecord:
    """What the in-memory service keeps of that password."""
    peppers = FakeMacs("pepper")
    return protect(peppers, pepper(peppers, identifier=identifier, password=password))
