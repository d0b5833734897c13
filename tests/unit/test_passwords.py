"""Passwords: which are accepted, and how they are kept."""

import subprocess
import sys
import unicodedata
from collections.abc import Sequence

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from hypothesis import example, given
from hypothesis import strategies as st
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from activation.domain.credentials import hash_password, needs_rehash, pepper_message, verify_password_hash
from activation.domain.errors import DomainError
from activation.domain.passwords import (
    PasswordFault,
    PasswordRejectedError,
    _scored_part,
    check_password,
    normalise_password,
)

GOOD = "Girafe-Brumeuse-1987-quai"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Half surrogate pairs too: JSON can write them."""
ODD_CHARACTERS = "Zk7!vQ2m🚲é9W" * 25


def check(
    password: str,
    confirmation: str | None = None,
    identifier: str = "10000001",
    names: Sequence[str] = ("Garcia", "Louis"),
) -> str:
    return check_password(
        password, password if confirmation is None else confirmation, identifier=identifier, names=names
    )


def faults(
    password: str,
    confirmation: str | None = None,
    identifier: str = "10000001",
    names: Sequence[str] = ("Garcia", "Louis"),
) -> tuple[PasswordFault, ...]:
    with pytest.raises(PasswordRejectedError) as refusal:
        check(password, confirmation, identifier, names)
    return refusal.value.faults


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "kV7#qZ2!mX9&",
        "Loutre58Cuivre92Balcon",
        "Bougie marine et lanterne",
        "Жираф-Туманный-причал-77",
        "Καμηλοπάρδαλη 2031 ομίχλη",
        "Girafe🦒violette🚲montagne",
        ODD_CHARACTERS[:256],
        "Éléphant-Brumeux-été-1987",
        "Tournesol-Violet-42",
        "ǅungla Zelena 58 reka",
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    assert check(password) == normalise_password(password)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", ("too-short", "too-few-kinds")),
        ("Ab1", ("too-short",)),
        ("kV7#qZ2!mX9", ("too-short",)),
        ("Aé7🚲🦒🌿🎈🧵🪁🥨🛶", ("too-short",)),
        (ODD_CHARACTERS[:257], ("too-long",)),
        ("girafebrumeusequai", ("too-few-kinds",)),
        ("83920174650293", ("too-few-kinds",)),
        ("girafebrumeuse1987", ("too-few-kinds",)),
        ("GIRAFE BRUMEUSE QUAI", ("too-few-kinds",)),
        ("жираф туманный причал", ("too-few-kinds",)),
        ("girafe@brumeuse#quai", ("too-few-kinds",)),
        ("Password1234", ("too-common",)),
        ("P@ssw0rd1234", ("too-common",)),
        ("Azerty123456", ("too-common",)),
        ("Qwertyuiop12!", ("too-common",)),
        ("Soleil123456", ("too-common",)),
        ("Motdepasse2024", ("too-common",)),
        ("Aa1!Aa1!Aa1!", ("too-common",)),
        ("Abc123Abc123", ("too-common",)),
        ("azertyuiop12", ("too-few-kinds", "too-common")),
    ],
)
def test_a_weak_password_is_refused_with_every_reason(password: str, expected: tuple[str, ...]) -> None:
    assert faults(password) == expected


@pytest.mark.parametrize(
    ("password", "names"),
    [
        ("Garcia-10000001", ["Garcia"]),
        ("GARCÍA_10000001!", ["Garcia"]),
        ("Cnas:Garcia:Louis:42", ["Garcia", "Louis"]),
        ("10000001-CNAS-10000001", ["Garcia"]),
        ("Almeida*Coeur*1987", ["D’Almeida-Cœur"]),
        ("D'Álmeida-Cœur-1987", ["D’Almeida-Cœur"]),
        ("SaintMartin/Rose/75", ["Petit", "St Martin", "Rose"]),
    ],
)
def test_a_password_made_of_its_owner_is_common(password: str, names: list[str]) -> None:
    assert faults(password, names=names) == (PasswordFault.TOO_COMMON,)


def test_eight_characters_beside_the_owner_are_enough() -> None:
    assert faults("Garcia-kV7#qZ") == (PasswordFault.TOO_COMMON,)
    assert check("Garcia-kV7#qZ2")


def test_short_words_of_a_name_are_not_taken_out() -> None:
    assert check("Lele-Malele-58!x", names=["Le Goff", "N'"])


def test_what_folding_drops_is_not_taken_for_the_owner() -> None:
    assert check("नि-ति-रि-Kv7-पु")


def test_half_a_surrogate_pair_is_a_character_like_another() -> None:
    assert check("Girafe\ud83dBrumeuse1987") == "Girafe\ud83dBrumeuse1987"


def test_a_long_password_is_judged_by_its_first_72_characters() -> None:
    assert faults("Aa1!" * 18 + "kV7#qZ2!mX9&") == (PasswordFault.TOO_COMMON,)


@pytest.mark.parametrize("confirmation", ["Girafe-Brumeuse-1988-quai", GOOD.lower(), f"{GOOD} ", ""])
def test_a_confirmation_that_differs_is_refused(confirmation: str) -> None:
    assert faults(GOOD, confirmation) == (PasswordFault.MISMATCH,)


def test_a_confirmation_composed_another_way_is_the_same_password() -> None:
    composed = "Forêt-d’été-à-Môle-1987"
    assert check(unicodedata.normalize("NFD", composed), composed) == composed


def test_a_refusal_is_a_domain_error_and_shows_no_password() -> None:
    with pytest.raises(DomainError) as refusal:
        check("Password1234", "Password1235")
    assert "assword123" not in repr(refusal.value)


@pytest.mark.parametrize("identifier", ["10000001", "29999999"])
def test_the_pepper_key_signs_the_identifier_and_a_digest(identifier: str) -> None:
    message = pepper_message(identifier, GOOD)
    assert message.startswith(b"password/1\0" + identifier.encode() + b"\0")
    assert GOOD.encode() not in message


@given(ANY_TEXT)
def test_every_password_is_peppered_at_one_length_however_it_is_composed(password: str) -> None:
    message = pepper_message("10000001", password)
    assert len(message) == len(b"password/1\0" + b"10000001\0") + 48
    assert message == pepper_message("10000001", normalise_password(password))


@pytest.mark.usefixtures("as_in_production")
def test_a_hash_is_argon2id_with_19_mib_and_knows_its_own_mac_only() -> None:
    encoded = hash_password(b"m" * 32)
    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password_hash(encoded, b"m" * 32)
    assert not verify_password_hash(encoded, b"n" * 32)


def test_a_stored_hash_that_is_none_is_no_wrong_password() -> None:
    with pytest.raises(InvalidHashError):
        verify_password_hash("", b"m" * 32)


@pytest.mark.usefixtures("as_in_production")
def test_a_hash_made_with_other_parameters_is_to_be_made_again() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(b"m" * 32))
    assert not needs_rehash(hash_password(b"m" * 32))


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    heavy = "{'zxcvbn', 'phonenumbers', 'email_validator', 'jinja2'}"
    modules = "activation.domain.passwords, activation.domain.contacts, activation.messages"
    script = (
        f"import sys, {modules}; sys.exit(repr({heavy} & sys.modules.keys()) if {heavy} & sys.modules.keys() else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # our own interpreter and script


LOOKALIKES = "".join(sorted({sign for signs in L33T_TABLE.values() for sign in signs}))
MOST_WORK = 200_000
"""Substrings looked up, over all readings of the signs that can be letters: a quarter of a second on one core."""


@given(
    st.one_of(st.text(LOOKALIKES, min_size=12, max_size=256), st.text(LOOKALIKES[:7] + "ab", max_size=256), ANY_TEXT)
)
@example(LOOKALIKES * 12)
@example("4@1|+7" * 40)
def test_no_password_takes_long_to_judge(password: str) -> None:
    part = _scored_part(password)
    readings = len(enumerate_l33t_subs(relevant_l33t_subtable(part, L33T_TABLE)))
    assert readings * len(part) ** 2 <= MOST_WORK
    assert password.startswith(part)


@pytest.mark.parametrize("password", [GOOD, "Le chat dort, le 19/07/1985 encore"])
def test_a_usual_password_is_judged_whole(password: str) -> None:
    assert _scored_part(password) == password
