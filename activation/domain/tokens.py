"""Tokens that a browser keeps in cookies; the tables store only their SHA-256."""

import base64
import hashlib
import uuid
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]
"""A function that returns as many unpredictable bytes as it is asked for."""

TOKEN_BYTES = 32


def new_token(random: RandomBytes) -> str:
    """A token of 256 bits, safe in a cookie."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).rstrip(b"=").decode()


def new_id(random: RandomBytes) -> str:
    """A random UUID (RFC 9562, version 4). It is an identifier, not a secret."""
    return str(uuid.UUID(bytes=random(16), version=4))


def hash_token(token: str) -> str:
    """The SHA-256 of a token, in hexadecimal, as the tables store it."""
    return hashlib.sha256(token.encode()).hexdigest()


def name_of(token_hash: str) -> str:
    """A public id made from the hash of a token, 32 hexadecimal digits, that pages may show.

    Neither the token nor its stored hash can be computed from it.
    """
    return hashlib.sha256(f"name/1\0{token_hash}".encode()).hexdigest()[:32]
