"""Tokens that a browser holds."""

import hashlib
import re
import uuid

from hypothesis import given
from hypothesis import strategies as st

from activation.domain.tokens import hash_token, name_of, new_id, new_token

BYTES_32 = st.binary(min_size=32, max_size=32)


@given(BYTES_32)
def test_a_token_is_safe_in_a_cookie(chosen: bytes) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token(lambda size: chosen[:size]))


@given(BYTES_32, BYTES_32)
def test_a_token_holds_all_256_bits(one: bytes, other: bytes) -> None:
    assert (new_token(lambda _: one) == new_token(lambda _: other)) is (one == other)


def test_a_token_takes_32_unpredictable_bytes_and_an_id_16_as_a_uuid() -> None:
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes(size)

    new_token(random)
    assert (uuid.UUID(new_id(random)).version, asked) == (4, [32, 16])


def test_the_name_of_what_a_token_opens_tells_neither_the_token_nor_what_tables_hold() -> None:
    hashed = hash_token("token")
    assert hashed == hashlib.sha256(b"token").hexdigest()
    assert name_of(hashed) == hashlib.sha256(f"name/1\0{hashed}".encode()).hexdigest()[:32]
    assert name_of(hashed) not in hashed
