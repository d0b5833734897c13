"""Contacts that a correspondent declares: those that replace others, or join them, wait a day.

As when the help desk corrects a contact (docs/adr/0022): the former contacts get a notice, and their owner has that day
to say that something is wrong. The first contact of somebody who had none is good at once: nobody loses by it.
"""

from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Contact, contact_key, contacts_of
from activation.domain.employment import RosterEntry
from activation.domain.limits import DAY_SECONDS
from activation.domain.roster.comparison import StoredPerson

WAIT_SECONDS = DAY_SECONDS


def quarantine_after(
    stored: StoredPerson, entry: RosterEntry, *, import_id: str, now: int
) -> tuple[QuarantinedContact, ...]:
    """The contacts in quarantine once the entry is written: those that are in it, and those that the entry adds.

    Where contacts were removed and none is left, their channels stay in quarantine as long, without a value: nobody can
    remove a contact first and then give a first one. Each contact that the entry adds names the import.
    """
    before, declared = _contacts(stored.roster), _contacts(entry)
    waiting = tuple(one for one in stored.quarantine if now < one.until)
    added = [contact for contact in declared if not any(map(contact.is_same_as, before))]
    newly = added if before or waiting else []
    removed = [] if declared else [Contact(contact.channel, "") for contact in before]
    return (*waiting, *(QuarantinedContact(contact, now + WAIT_SECONDS, import_id) for contact in (*newly, *removed)))


def changes_contacts(before: RosterEntry, after: RosterEntry) -> bool:
    """Whether the two entries have different contacts."""
    return any(
        contact_key(former) != contact_key(now)
        for former, now in ((before.email, after.email), (before.mobile, after.mobile))
    )


def _contacts(entry: RosterEntry) -> list[Contact]:
    return contacts_of(entry.email, entry.mobile)
