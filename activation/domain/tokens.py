"""Tokens that a browser holds; the tables hold only their SHA-256."""

import base64
import hashlib
import uuid
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]
"""Gives that many unpredictable bytes."""

TOKEN_BYTES = 32


def new_token(random: RandomBytes) -> str:
    """A token of 256 bits, safe in a cookie."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).rstrip(b"=").decode()


def new_id(random: RandomBytes) -> str:
    """A random UUID (RFC 9562, version 4): a name, no secret."""
    return str(uuid.UUID(bytes=random(16), version=4))


def hash_token(token: str) -> str:
    """What a table holds of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def name_of(token_hash: str) -> str:
    """A name for what a token opens, no secret: the token can't be found from it, nor what the table holds."""
    return hashlib.sha256(f"name/1\0{token_hash}".encode()).hexdigest()[:32]
