"""Passwords: which are accepted, how they are kept, and which are right."""

import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import astuple, replace
from time import process_time

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from hypothesis import example, given
from hypothesis import strategies as st
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from activation.domain import credentials, passwords
from activation.domain.accounts import Account
from activation.domain.credentials import fits, needs_rehash, pepper, pepper_message, protect, verify_password_hash
from activation.domain.errors import AccountLockedError, CredentialsRejectedError, DomainError
from activation.domain.limits import Limits
from activation.domain.passwords import PasswordFault, PasswordRejectedError, check_password, normalise_password
from tests.builders import NOW, PASSWORD, active, invited
from tests.fakes.counters import FakeCounters
from tests.fakes.macs import FakeMacs
from tests.fakes.store import FakeStore
from tests.in_memory import password_record
from tests.unit.refusals import refused

GOOD = "Girafe-Brumeuse-1987-quai"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Half surrogate pairs too: JSON can write them."""
ODD_CHARACTERS = "Zk7!vQ2m🚲é9W" * 25


def check(password: str, confirmation: str | None = None, names: Sequence[str] = ("Garcia", "Louis")) -> str:
    typed_again = password if confirmation is None else confirmation
    return check_password(password, typed_again, identifier="10000001", names=names)


def faults(
    password: str, confirmation: str | None = None, names: Sequence[str] = ("Garcia", "Louis")
) -> tuple[PasswordFault, ...]:
    return refused(PasswordRejectedError, check, password, confirmation, names).faults


GOOD_ONES = [
    GOOD,
    *("kV7#qZ2!mX9&", "Loutre58Cuivre92Balcon", "Bougie marine et lanterne", "Жираф-Туманный-причал-77"),
    *("Καμηλοπάρδαλη 2031 ομίχλη", "Girafe🦒violette🚲montagne", ODD_CHARACTERS[:256], "Éléphant-Brumeux-été-1987"),
    *("Tournesol-Violet-42", "ǅungla Zelena 58 reka", "Garcia-kV7#qZ2", "नि-ति-रि-Kv7-पु", "Girafe\ud83dBrumeuse1987"),
]


@pytest.mark.parametrize("password", GOOD_ONES, ids=lambda password: ascii(password)[:60])
def test_a_good_password_is_accepted(password: str) -> None:
    assert check(password) == normalise_password(password)
    assert check("Lele-Malele-58!x", names=["Le Goff", "N'"])  # short words of a name are not taken out


WEAK = {
    ("too-short", "too-few-kinds"): [""],
    ("too-short",): ["Ab1", "kV7#qZ2!mX9", "Aé7🚲🦒🌿🎈🧵🪁🥨🛶"],
    ("too-long",): [ODD_CHARACTERS[:257]],
    ("too-few-kinds",): [
        *("girafebrumeusequai", "83920174650293", "girafebrumeuse1987", "GIRAFE BRUMEUSE QUAI"),
        *("жираф туманный причал", "girafe@brumeuse#quai"),
    ],
    ("too-common",): [
        *("Password1234", "P@ssw0rd1234", "Azerty123456", "Qwertyuiop12!", "Soleil123456", "Motdepasse2024"),
        *("Aa1!Aa1!Aa1!", "Abc123Abc123", "Aa1!" * 18 + "kV7#qZ2!mX9&"),
    ],
    ("too-few-kinds", "too-common"): ["azertyuiop12"],
}
EACH_WEAK = [(password, expected) for expected, passwords in WEAK.items() for password in passwords]


@pytest.mark.parametrize(("password", "expected"), EACH_WEAK)
def test_a_weak_password_is_refused_with_every_reason(password: str, expected: tuple[str, ...]) -> None:
    assert faults(password) == expected


OWNERS = [
    ("Garcia-10000001", ["Garcia"]),
    ("Garcia-kV7#qZ", ["Garcia", "Louis"]),
    ("GARCÍA_10000001!", ["Garcia"]),
    ("Cnas:Garcia:Louis:42", ["Garcia", "Louis"]),
    ("10000001-CNAS-10000001", ["Garcia"]),
    ("Almeida*Coeur*1987", ["D’Almeida-Cœur"]),
    ("D'Álmeida-Cœur-1987", ["D’Almeida-Cœur"]),
    ("SaintMartin/Rose/75", ["Petit", "St Martin", "Rose"]),
]


@pytest.mark.parametrize(("password", "names"), OWNERS)
def test_a_password_made_of_its_owner_is_common(password: str, names: list[str]) -> None:
    assert faults(password, names=names) == (PasswordFault.TOO_COMMON,)


@pytest.mark.parametrize("confirmation", ["Girafe-Brumeuse-1988-quai", GOOD.lower(), f"{GOOD} ", ""])
def test_a_confirmation_that_differs_is_refused(confirmation: str) -> None:
    assert faults(GOOD, confirmation) == (PasswordFault.MISMATCH,)


def test_a_confirmation_composed_another_way_is_the_same_password() -> None:
    composed = "Forêt-d’été-à-Môle-1987"
    assert check(unicodedata.normalize("NFD", composed), composed) == composed


def test_a_refusal_is_a_domain_error_and_shows_no_password() -> None:
    assert "assword123" not in repr(refused(DomainError, check, "Password1234", "Password1235"))


@pytest.mark.parametrize("identifier", ["10000001", "29999999"])
def test_the_pepper_key_signs_the_identifier_and_a_digest(identifier: str) -> None:
    message = pepper_message(identifier, GOOD)
    assert message.startswith(b"password/1\0" + identifier.encode() + b"\0")
    assert GOOD.encode() not in message


@given(ANY_TEXT)
@example("\ud83d")
def test_every_password_is_peppered_at_one_length_however_it_is_composed(password: str) -> None:
    message = pepper_message("10000001", password)
    assert len(message) == len(b"password/1\0" + b"10000001\0") + 48
    assert message == pepper_message("10000001", normalise_password(password))


@pytest.mark.usefixtures("as_in_production")
def test_what_is_kept_is_the_name_of_the_key_and_a_hash_of_argon2id_with_19_mib_that_knows_its_own_mac_only() -> None:
    encoded, key_id = astuple(protect(FakeMacs("pepper"), b"m" * 32))
    assert (key_id, encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")) == ("pepper", True)
    assert verify_password_hash(encoded, b"m" * 32)
    assert not verify_password_hash(encoded, b"n" * 32)
    refused(InvalidHashError, verify_password_hash, "", b"m" * 32)
    assert not needs_rehash(encoded)
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(b"m" * 32))


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    modules = "activation.domain.passwords, activation.domain.contacts, activation.messages"
    loaded = "{'zxcvbn', 'phonenumbers', 'email_validator', 'jinja2'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", f"import sys, {modules}; sys.exit({loaded} or 0)"], check=True)


LOOKALIKES = "".join(sorted({sign for signs in L33T_TABLE.values() for sign in signs}))
MOST_WORK = 200_000
"""Substrings looked up, over all readings of the signs that can be letters: a quarter of a second on one core."""


@given(
    st.one_of(st.text(LOOKALIKES, min_size=12, max_size=256), st.text(LOOKALIKES[:7] + "ab", max_size=256), ANY_TEXT)
)
@example(LOOKALIKES * 12)
@example("4@1|+7" * 40)
def test_no_password_takes_long_to_judge(password: str) -> None:
    part = passwords._scored_part(password)
    readings = len(enumerate_l33t_subs(relevant_l33t_subtable(part, L33T_TABLE)))
    assert readings * len(part) ** 2 <= MOST_WORK
    assert password.startswith(part)
    usual = "Le chat dort, le 19/07/1985 encore"
    assert [passwords._scored_part(GOOD), passwords._scored_part(usual)] == [GOOD, usual]


LOUIS = active(password=password_record("10000001"))
KNOWN = replace(LOUIS, devices={"home": NOW, "work": NOW})
MACS = FakeMacs("pepper")


def try_password(
    counters: FakeCounters, password: str, who: Account | None = LOUIS, device: str | None = None, key: FakeMacs = MACS
) -> None:
    ports = credentials.CredentialPorts(FakeStore(), counters, key)
    credentials.check_credentials(ports, identifier="10000001", password=password, account=who, device=device, now=NOW)


def failing(counters: FakeCounters, times: int, device: str | None = None) -> None:
    for _ in range(times):
        refused(CredentialsRejectedError, try_password, counters, "wrong", KNOWN, device=device)


def peppered(key: str, password: str, identifier: str = "10000001") -> bytes:
    return pepper(FakeMacs(key), identifier=identifier, password=password)


def test_only_the_right_password_fits_under_its_own_key() -> None:
    assert fits(peppered("pepper", PASSWORD), LOUIS)
    assert not fits(peppered("pepper", PASSWORD + " "), LOUIS)
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
    refused(CredentialsRejectedError, try_password, counters, "wrong")
    refused(AccountLockedError, try_password, counters, PASSWORD, key=peppers)
    assert peppers.signed == []


def test_each_known_browser_counts_apart_and_those_that_no_account_knows_together() -> None:
    counters = FakeCounters(Limits(wrong_passwords=2))
    failing(counters, 2, "home")
    refused(AccountLockedError, try_password, counters, PASSWORD, KNOWN, device="home")
    try_password(counters, PASSWORD, KNOWN, device="work")
    try_password(counters, PASSWORD, KNOWN)
    failing(counters, 1, "one")
    failing(counters, 1, "other")
    for who, device in ((KNOWN, None), (None, "home")):
        refused(AccountLockedError, try_password, counters, PASSWORD, who, device=device)
