"""Contacts that a correspondent gave for one person at a time, remembered for 30 days.

A file shows by itself which contact it has for several people. Rows that are typed one by one do not: fifty of them
could name one mailbox. So the person for whom a contact was given is remembered, by a hash of the contact.
"""

import hashlib
from collections.abc import Collection, Mapping

from activation.domain.limits import DAY_SECONDS

REMEMBERED_SECONDS = 30 * DAY_SECONDS

SEVERAL = "*"
"""The word in place of an identifier for a contact that was given for several people."""


def given_key(sender: str, contact_key: str) -> str:
    """The key under which a sender's contact is remembered (SHA-256, hexadecimal)."""
    return hashlib.sha256(f"{sender}\0{contact_key}".encode()).hexdigest()


def given_to_others(sender: str, given: Mapping[str, str], contact_keys: Collection[str], identifier: str) -> set[str]:
    """Those contact keys that the sender gave for another person; `given` is as `GivenContacts.of` returns it."""
    return {key for key in contact_keys if given.get(given_key(sender, key), identifier) != identifier}
