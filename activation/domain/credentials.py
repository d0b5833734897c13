"""Passwords against accounts: peppered by a key that never leaves KMS, hashed with Argon2id, failures counted first."""

from activation.domain.errors import CredentialsRejectedError
from activation.domain.passwords import hash_password, pepper_message, verify_password_hash
from activation.domain.people import PasswordRecord, Person
from activation.domain.ports import Counters, Macs

LAST_TRY = 1


def protect(peppers: Macs, *, identifier: str, password: str) -> PasswordRecord:
    """What is kept of a password. The MAC binds it to the identifier: in another person's row it opens nothing."""
    return PasswordRecord(hash_password(peppers.mac(pepper_message(identifier, password))), peppers.key_id)


def fits(peppers: Macs, *, identifier: str, password: str, person: Person | None) -> bool:
    """Whether the password is the person's. For nobody it does the same work and is False."""
    peppered = peppers.mac(pepper_message(identifier, password))
    if person is None or person.password is None:
        hash_password(peppered)
        return False
    return verify_password_hash(person.password.encoded, peppered)


def check_credentials(
    counters: Counters, peppers: Macs, *, identifier: str, password: str, person: Person | None, now: int
) -> None:
    """Count a failure, then look at the password; whoever succeeds gives the failure back.

    Raises AccountLockedError, or CredentialsRejectedError, which says when one try is left; alike for nobody.
    """
    left = counters.count_wrong_password(identifier, now=now)
    if not fits(peppers, identifier=identifier, password=password, person=person):
        raise CredentialsRejectedError(left if left == LAST_TRY else None)
