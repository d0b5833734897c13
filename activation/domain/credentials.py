"""How passwords are kept and checked: peppered by a key that never leaves KMS, hashed with Argon2id.

Argon2 is imported by the first call that needs it: most calls start without it (docs/adr/0027).
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from activation.domain.accounts import Account, PasswordRecord
from activation.domain.errors import CredentialsRejectedError
from activation.domain.passwords import normalise_password
from activation.domain.ports import Counters, Macs, Store

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LAST_TRY = 1


@dataclass(frozen=True, slots=True)
class CredentialPorts:
    """What checking a password needs."""

    store: Store
    counters: Counters
    peppers: Macs


def pepper(peppers: Macs, *, identifier: str, password: str) -> bytes:
    """The MAC that is hashed in place of a password. It binds it to the identifier: elsewhere it opens nothing."""
    return peppers.mac(pepper_message(identifier, password))


def protect(peppers: Macs, peppered: bytes) -> PasswordRecord:
    """What is kept of a password that was peppered with these."""
    return PasswordRecord(hash_password(peppered), peppers.key_id)


def fits(peppered: bytes, account: Account | None) -> bool:
    """Whether the password is the person's. For nobody it does the same work and is False."""
    if account is None or account.password is None:
        hash_password(peppered)
        return False
    return verify_password_hash(account.password.encoded, peppered)


def password_scope(identifier: str, device: str | None = None) -> str:
    """What wrong passwords count under: a known browser apart, all unknown ones together."""
    return f"{identifier}#{device}" if device else identifier


def check_credentials(
    ports: CredentialPorts, *, identifier: str, password: str, account: Account | None, device: str | None, now: int
) -> None:
    """Count a failure, then look at the password; whoever succeeds gets the failure back.

    A browser that the account knows counts apart, so that a lock made elsewhere never stops it. Raises
    AccountLockedError, or CredentialsRejectedError, which says when one try is left; alike for nobody.
    """
    known = device if account and account.knows(device, now=now) else None
    scope = password_scope(identifier, known)
    left = ports.counters.count_wrong_password(scope, now=now)
    if not fits(pepper(ports.peppers, identifier=identifier, password=password), account):
        raise CredentialsRejectedError(left if left == LAST_TRY else None)
    ports.store.commit(ports.counters.return_wrong_password(scope))


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
