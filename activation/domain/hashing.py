"""How passwords are kept: hashed with Argon2id, under a pepper that never leaves KMS.

Argon2 is imported by the first call that needs it: who looks at their account starts without it (docs/adr/0027).
"""

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from activation.domain.passwords import normalise_password

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@cache
def hasher() -> "PasswordHasher":
    """Argon2id with 19 MiB, OWASP's first choice; every hash names its own parameters."""
    from argon2 import PasswordHasher  # noqa: PLC0415  # see the top

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def pepper_message(identifier: str, password: str) -> bytes:
    """Name what the pepper key signs in place of a password; the identifier ties the hash to its owner's row.

    The password is normalised here too, so that no sign-in can forget it.
    """
    # JSON can write half of a surrogate pair; plain UTF-8 would fail on it.
    digest = hashlib.sha384(normalise_password(password).encode("utf-8", "surrogatepass")).digest()
    return b"\0".join((b"password/1", identifier.encode(), digest))


def hash_password(peppered: bytes) -> str:
    """Hash the MAC of `pepper_message` with Argon2id, to store; as slow as to verify one."""
    return hasher().hash(peppered)


def verify_password_hash(encoded: str, peppered: bytes) -> bool:
    """Whether the hash was made of that MAC.

    Raises argon2's VerificationError or InvalidHashError when what is stored is no sound hash: that is
    never a wrong password.
    """
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  # as above

    try:
        return hasher().verify(encoded, peppered)
    except VerifyMismatchError:
        return False


def needs_rehash(encoded: str) -> bool:
    """Whether the hash was made with other parameters than today's. Raises InvalidHashError as above."""
    return hasher().check_needs_rehash(encoded)
