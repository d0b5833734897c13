"""Passwords against accounts: peppered by a key that never leaves KMS, hashed with Argon2id, failures counted first."""

from dataclasses import dataclass

from activation.domain.errors import CredentialsRejectedError
from activation.domain.hashing import hash_password, pepper_message, verify_password_hash
from activation.domain.people import PasswordRecord, Person
from activation.domain.ports import Counters, Macs, Store

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


def fits(peppered: bytes, person: Person | None) -> bool:
    """Whether the password is the person's. For nobody it does the same work and is False."""
    if person is None or person.password is None:
        hash_password(peppered)
        return False
    return verify_password_hash(person.password.encoded, peppered)


def password_scope(identifier: str, device: str | None = None) -> str:
    """What wrong passwords count under: a known browser apart, all unknown ones together."""
    return f"{identifier}#{device}" if device else identifier


def check_credentials(
    ports: CredentialPorts, *, identifier: str, password: str, person: Person | None, device: str | None, now: int
) -> None:
    """Count a failure, then look at the password; whoever succeeds gets the failure back.

    A browser that the account knows counts apart, so that a lock made elsewhere never stops it. Raises
    AccountLockedError, or CredentialsRejectedError, which says when one try is left; alike for nobody.
    """
    known = device if person and person.knows(device, now=now) else None
    scope = password_scope(identifier, known)
    left = ports.counters.count_wrong_password(scope, now=now)
    if not fits(pepper(ports.peppers, identifier=identifier, password=password), person):
        raise CredentialsRejectedError(left if left == LAST_TRY else None)
    ports.store.commit(ports.counters.return_wrong_password(scope))
