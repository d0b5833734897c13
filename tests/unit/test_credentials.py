"""Passwords against accounts."""

from dataclasses import replace
from time import process_time

import pytest

from activation.domain.credentials import check_credentials, fits, protect
from activation.domain.errors import AccountLockedError, CredentialsRejectedError
from activation.domain.limits import Limits
from activation.domain.passwords import pepper_message
from activation.domain.people import Person
from tests.builders import NOW, PASSWORD, active, person
from tests.fakes import FakeCounters, FakeMacs
from tests.unit.house import password_record

LOUIS = active(password=password_record("10000001"))


def check(counters: FakeCounters, password: str, who: Person | None = LOUIS, *, now: int = NOW) -> None:
    check_credentials(counters, FakeMacs("pepper"), identifier="10000001", password=password, person=who, now=now)


def test_what_is_kept_is_a_hash_and_the_name_of_the_key() -> None:
    record = protect(FakeMacs("pepper"), identifier="10000001", password=PASSWORD)
    assert record.encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert record.key_id == "pepper"


def test_only_the_right_password_fits() -> None:
    assert fits(FakeMacs("pepper"), identifier="10000001", password=PASSWORD, person=LOUIS)
    assert not fits(FakeMacs("pepper"), identifier="10000001", password=PASSWORD + " ", person=LOUIS)


def test_a_hash_moved_to_another_persons_row_opens_nothing() -> None:
    moved = replace(LOUIS, identifier="10000002")
    assert not fits(FakeMacs("pepper"), identifier="10000002", password=PASSWORD, person=moved)


def test_without_the_pepper_key_the_hash_is_worth_nothing() -> None:
    assert not fits(FakeMacs("another key"), identifier="10000001", password=PASSWORD, person=LOUIS)


@pytest.mark.parametrize("who", [None, person()], ids=["unknown", "without a password"])
def test_for_nobody_the_same_work_is_done(who: Person | None) -> None:
    peppers, spent = FakeMacs("pepper"), []
    for somebody in (LOUIS, who):
        began = process_time()
        assert fits(peppers, identifier="10000001", password=PASSWORD, person=somebody) is (somebody is LOUIS)
        spent.append(process_time() - began)
    assert peppers.signed == [pepper_message("10000001", PASSWORD)] * 2
    assert spent[1] > spent[0] / 4, "without Argon2 it would be a hundredth"


@pytest.mark.parametrize("who", [LOUIS, None], ids=["known", "unknown"])
def test_ten_wrong_passwords_lock_for_a_quarter_of_an_hour(who: Person | None) -> None:
    counters, said = FakeCounters(Limits()), []
    for second in range(10):
        with pytest.raises(CredentialsRejectedError) as rejected:
            check(counters, "wrong", who, now=NOW + second)
        said.append(rejected.value.attempts_left)
    assert said == [None] * 8 + [1, None]
    for now in (NOW + 10, NOW + 9 + 899):
        with pytest.raises(AccountLockedError) as locked:
            check(counters, PASSWORD, who, now=now)
        assert locked.value.retry_at == NOW + 9 + 900


def test_after_the_lock_the_count_starts_again() -> None:
    counters = FakeCounters(Limits(wrong_passwords=1))
    with pytest.raises(CredentialsRejectedError):
        check(counters, "wrong")
    check(counters, PASSWORD, now=NOW + 900)


def test_the_count_starts_again_after_a_quarter_of_an_hour_without_failure() -> None:
    counters = FakeCounters(Limits(wrong_passwords=2))
    for now in (NOW, NOW + 900, NOW + 1_800):
        with pytest.raises(CredentialsRejectedError) as rejected:
            check(counters, "wrong", now=now)
        assert rejected.value.attempts_left == 1


def test_a_locked_password_is_not_even_looked_at() -> None:
    counters, peppers = FakeCounters(Limits(wrong_passwords=1)), FakeMacs("pepper")
    with pytest.raises(CredentialsRejectedError):
        check(counters, "wrong")
    with pytest.raises(AccountLockedError):
        check_credentials(counters, peppers, identifier="10000001", password=PASSWORD, person=LOUIS, now=NOW)
    assert peppers.signed == []
