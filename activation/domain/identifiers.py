"""Identifiers, and the kind of account that each names: the letter alone tells, whether or not there is an account."""

import re
from enum import StrEnum

from activation.domain.plain_text import plain_digits
from activation.domain.tokens import RandomBytes

MOST_DIGITS = 20
"""The longest identifier that a beneficiary has."""

CORRESPONDENT_LETTER = "C"
_CORRESPONDENT_DIGITS = 8
_CORRESPONDENT = re.compile(f"{CORRESPONDENT_LETTER}[0-9]{{{_CORRESPONDENT_DIGITS}}}")
_BENEFICIARY = re.compile(f"[0-9]{{1,{MOST_DIGITS}}}")


class Role(StrEnum):
    """The two kinds of account."""

    BENEFICIARY = "beneficiary"
    CORRESPONDENT = "correspondent"


def role_of(identifier: str) -> Role:
    """The kind of account that the identifier names."""
    return Role.CORRESPONDENT if identifier.startswith(CORRESPONDENT_LETTER) else Role.BENEFICIARY


def read_identifier(typed: str) -> str:
    """The identifier that somebody typed, in the one form that is hashed, counted and stored.

    A beneficiary's are digits, a correspondent's `C` and 8 digits; spaces between them are dropped and letters
    upper-cased: `c402 188 66` is `C40218866`. Raises ValueError for what is neither.
    """
    identifier = plain_digits(typed).upper()
    if not (_BENEFICIARY.fullmatch(identifier) or _CORRESPONDENT.fullmatch(identifier)):
        raise ValueError("not an identifier")
    return identifier


def new_correspondent_identifier(random: RandomBytes) -> str:
    """A random identifier for a correspondent. The write that uses it must check that nobody has it yet."""
    number = int.from_bytes(random(8)) % 10**_CORRESPONDENT_DIGITS
    return f"{CORRESPONDENT_LETTER}{number:0{_CORRESPONDENT_DIGITS}}"
