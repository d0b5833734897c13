"""The digits of security codes: derived from a MAC that only KMS can make, stored nowhere; read as people type them."""

import base64
import unicodedata

from activation.domain.code_limits import CODE_DIGITS, LONGER_CODE_DIGITS
from activation.domain.errors import CodeFormatError
from activation.domain.plain_text import plain_digits

_DROPPED_CHARACTERS = ".·\N{MINUS SIGN}"


def code_message(purpose: str, flow_id: str) -> bytes:
    """The message whose MAC makes the codes of a flow; it differs for every purpose and every flow."""
    return b"\0".join((b"code/1", purpose.encode(), flow_id.encode()))


def code_for(mac: bytes, *, number: int, digits: int) -> str:
    """Make the code with that code number: HOTP (RFC 4226) keyed by the MAC of `code_message`, in 6 or 8 digits.

    The last six digits of an 8-digit code are the 6-digit code of the same number. So a code number must never be
    used with both lengths.
    """
    from pyotp import HOTP  # noqa: PLC0415  # cleaning a code does not need it

    return HOTP(base64.b32encode(mac).decode(), digits=digits).at(number)


def clean_code(typed: str) -> str:
    """Give the 6 or 8 ASCII digits of a typed or pasted code, full-width ones included.

    Spaces, hyphens, dots and invisible characters are dropped. Raises CodeFormatError for anything else.
    """
    code = "".join(char for char in plain_digits(typed) if not _is_dropped(char))
    if not (code.isascii() and code.isdigit() and len(code) in (CODE_DIGITS, LONGER_CODE_DIGITS)):
        raise CodeFormatError
    return code


def _is_dropped(char: str) -> bool:
    """Whether the character is a sign that people put between digits, such as any hyphen."""
    return char in _DROPPED_CHARACTERS or unicodedata.category(char) == "Pd"
