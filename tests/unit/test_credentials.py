"""Passwords against accounts."""

from dataclasses import replace
from time import process_time

import pytest

from activation.domain.accounts import Account
from activation.domain.credentials import CredentialPorts, check_credentials, fits, pepper, pepper_message, protect
from activation.domain.errors import AccountLockedError, CredentialsRejectedError
from activation.domain.limits import Limits
from tests.builders import NOW, PASSWORD, active, invited
from tests.fakes.counters import FakeCounters
from tests.fakes.macs import FakeMacs
from tests.fakes.store import FakeStore
from tests.unit.in_memory import password_record

LOUIS = active(password=password_record("10000001"))
KNOWN = replace(LOUIS, devices={"home": NOW, "work": NOW})


def check(
    counters: FakeCounters,
    password: str,
    who: Account | None = LOUIS,
    *,
    device: str | None = None,
    peppers: FakeMacs | None = None,
    now: int = NOW,
) -> None:
    check_credentials(
        CredentialPorts(FakeStore(), counters, peppers or FakeMacs("pepper")),
        identifier="10000001",
        password=password,
        account=who,
        device=device,
        now=now,
    )


def failing(counters: FakeCounters, times: int, device: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(CredentialsRejectedError):
            check(counters, "wrong", KNOWN, device=device)


def peppered(key: str, password: str, identifier: str = "10000001") -> bytes:
    return pepper(FakeMacs(key), identifier=identifier, password=password)


@pytest.mark.usefixtures("as_in_production")
def test_what_is_kept_is_a_hash_and_the_name_of_the_key() -> None:
    peppers = FakeMacs("pepper")
    record = protect(peppers, pepper(peppers, identifier="10000001", password=PASSWORD))
    assert record.encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert record.key_id == "pepper"


def test_only_the_right_password_fits() -> None:
    assert fits(peppered("pepper", PASSWORD), LOUIS)
    assert not fits(peppered("pepper", PASSWORD + " "), LOUIS)


def test_a_hash_moved_to_another_persons_row_opens_nothing() -> None:
    moved = replace(LOUIS, identifier="10000002")
    assert not fits(peppered("pepper", PASSWORD, "10000002"), moved)


def test_without_the_pepper_key_the_hash_is_worth_nothing() -> None:
    assert not fits(peppered("another key", PASSWORD), LOUIS)


@pytest.mark.usefixtures("as_in_production")
@pytest.mark.parametrize("who", [None, invited()], ids=["unknown", "without a password"])
def test_for_nobody_the_same_work_is_done(who: Account | None) -> None:
    peppers, spent = FakeMacs("pepper"), []
    for somebody in (LOUIS, who):
        began = process_time()
        made = pepper(peppers, identifier="10000001", password=PASSWORD)
        assert fits(made, somebody) is (somebody is LOUIS)
        spent.append(process_time() - began)
    assert peppers.signed == [pepper_message("10000001", PASSWORD)] * 2
    assert spent[1] > spent[0] / 4, "without Argon2 it would be a hundredth"


def test_a_locked_password_is_not_even_looked_at() -> None:
    counters, peppers = FakeCounters(Limits(wrong_passwords=1)), FakeMacs("pepper")
    with pytest.raises(CredentialsRejectedError):
        check(counters, "wrong")
    with pytest.raises(AccountLockedError):
        check(counters, PASSWORD, peppers=peppers)
    assert peppers.signed == []


def test_each_known_browser_counts_apart() -> None:
    counters = FakeCounters(Limits(wrong_passwords=2))
    failing(counters, 2, "home")
    with pytest.raises(AccountLockedError):
        check(counters, PASSWORD, KNOWN, device="home")
    check(counters, PASSWORD, KNOWN, device="work")
    check(counters, PASSWORD, KNOWN)


def test_browsers_that_no_account_knows_count_together() -> None:
    counters = FakeCounters(Limits(wrong_passwords=2))
    failing(counters, 1, "one")
    failing(counters, 1, "other")
    with pytest.raises(AccountLockedError):
        check(counters, PASSWORD, KNOWN)
    with pytest.raises(AccountLockedError):
        check(counters, PASSWORD, None, device="home")
