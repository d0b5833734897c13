"""How passwords are stored and checked: peppered with a key that never leaves KMS, then hashed with Argon2id.

Argon2 is imported by the first call that needs it: most calls start without it (docs/adr/0027).
"""

import hashlib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from activation.domain.accounts import Account, PasswordRecord
from activation.domain.errors import CredentialsRejectedError
from activation.domain.passwords import normalise_password
from activation.domain.ports import Counters, Macs, Store

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LAST_TRY = 1


class CredentialPorts(NamedTuple):
    """The ports that checking a password uses."""

    store: Store
    counters: Counters
    peppers: Macs


def pepper(peppers: Macs, *, identifier: str, password: str) -> bytes:
    """The MAC that is hashed in place of a password. It covers the identifier: for another account it is worthless."""
    return peppers.mac(pepper_message(identifier, password))


def protect(peppers: Macs, peppered: bytes) -> PasswordRecord:
    """The password record to store: the hash of the peppered password, and the id of the key in `peppers`."""
    return PasswordRecord(hash_password(peppered), peppers.key_id)


def fits(peppered: bytes, account: Account | None) -> bool:
    """Whether the password is that of the account. Without account or stored password: the same work, then False."""
    if account is None or account.password is None:
        hash_password(peppered)
        return False
    return verify_password_hash(account.password.encoded, peppered)


def password_scope(identifier: str, device: str | None = None) -> str:
    """The scope in which wrong passwords are counted: one for each known browser, one for all unknown browsers."""
    return f"{identifier}#{device}" if device else identifier


def check_credentials(
    ports: CredentialPorts, *, identifier: str, password: str, account: Account | None, device: str | None, now: int
) -> None:
    """Count a failure, then check the password; if it is right, the failure is taken back.

    A known browser has a count of its own, so that wrong passwords typed elsewhere never lock it out. Raises
    AccountLockedError, or CredentialsRejectedError, which says when only one try is left. An identifier without
    account is answered in the same way.
    """
    known = device if account and account.knows(device, now=now) else None
    scope = password_scope(identifier, known)
    left = ports.counters.count_wrong_password(scope, now=now)
    if not fits(pepper(ports.peppers, identifier=identifier, password=password), account):
        raise CredentialsRejectedError(left if left == LAST_TRY else None)
    ports.store.commit(ports.counters.return_wrong_password(scope))


@cache
def hasher() -> "PasswordHasher":
    """Argon2id with 19 MiB, as OWASP recommends; every hash contains its own parameters."""
    from argon2 import PasswordHasher  # noqa: PLC0415  # see the docstring of the module

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def pepper_message(identifier: str, password: str) -> bytes:
    """The message whose MAC is hashed in place of a password; the identifier binds the hash to one account.

    The password is normalised here, so that no caller can forget to.
    """
    # JSON can write half of a surrogate pair; plain UTF-8 would fail on it.
    digest = hashlib.sha384(normalise_password(password).encode("utf-8", "surrogatepass")).digest()
    return b"\0".join((b"password/1", identifier.encode(), digest))


def hash_password(peppered: bytes) -> str:
    """Hash the MAC of `pepper_message` with Argon2id. It takes as long as verifying a hash."""
    return hasher().hash(peppered)


def verify_password_hash(encoded: str, peppered: bytes) -> bool:
    """Whether the hash was made of that MAC.

    Raises argon2's VerificationError or InvalidHashError when the stored hash is damaged: never for a wrong
    password.
    """
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  # see the docstring of the module

    try:
        return hasher().verify(encoded, peppered)
    except VerifyMismatchError:
        return False


def needs_rehash(encoded: str) -> bool:
    """Whether the hash was made with other parameters than those of `hasher`. Raises argon2's InvalidHashError."""
    return hasher().check_needs_rehash(encoded)
