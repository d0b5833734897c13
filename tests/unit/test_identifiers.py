"""Identifiers: two kinds, told apart by the letter alone."""

import pytest

from activation.domain.identifiers import Role, new_correspondent_identifier, read_identifier, role_of
from tests.fakes.random import FakeRandom

READ = {
    "10000001": ["10000001", " 1000 0001 "],
    "C40218866": [
        *("C40218866", "c40218866", "c 402 188 66", "C\u00a0402\u202f18866", "\uff23\uff14\uff10\uff1218866")
    ],
    "0" * 20: ["0" * 20],
}


@pytest.mark.parametrize(("read", "typed"), [(read, typed) for read, all_of in READ.items() for typed in all_of])
def test_an_identifier_is_read_into_one_form_whose_letter_tells_the_kind_of_account(read: str, typed: str) -> None:
    assert read_identifier(typed) == read
    assert role_of(read) is (Role.CORRESPONDENT if read[0] == "C" else Role.BENEFICIARY)


NO_IDENTIFIERS = [
    *("", " ", "C", "C4021886", "C402188661", "D40218866", "4C0218866", "CC40218866", "c40218866c"),
    "1" * 21,
    "C4021886²",
]


@pytest.mark.parametrize("typed", NO_IDENTIFIERS)
def test_what_nobody_can_have_is_no_identifier(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^not an identifier$"):
        read_identifier(typed)


def test_a_new_correspondent_gets_an_identifier_that_people_can_type() -> None:
    random = FakeRandom()
    made = {new_correspondent_identifier(random) for _ in range(50)}
    assert len(made) == 50
    assert all(read_identifier(identifier) == identifier for identifier in made)
    assert {role_of(identifier) for identifier in made} == {Role.CORRESPONDENT}
    assert new_correspondent_identifier(bytes) == "C00000000"
