"""Closing an account: access ends at once, contacts and password go at once, the rest within its time."""

from dataclasses import replace

from activation.domain.contacts import Contact
from activation.domain.people import Person, Status, end_sessions


def is_over(person: Person, today: str) -> bool:
    """Whether the person's last day is past and their account still open."""
    return person.status is not Status.CLOSED and not person.is_current(today)


def close(person: Person, *, now: int) -> Person:
    """The person with the account closed: no session, contact, password or known browser is left."""
    return replace(
        end_sessions(person),
        status=Status.CLOSED,
        closed_at=now,
        undated_closing=now,
        roster=replace(person.roster, email="", mobile="", shared=False),
        proven={},
        former=(),
        password=None,
        channel=None,
        deliverability={},
        journal=person.journal and replace(person.journal, before=None),
        quarantine=(),
        closing=None,
    )


def keep_across_reopening(fresh: Person, closed: Person) -> Person:
    """The person invited anew with what outlives a closing: no old session is good, no proof stays undated."""
    return replace(fresh, session_epoch=closed.session_epoch, undated_closing=closed.undated_closing)


def told_of_closing(person: Person) -> tuple[Contact, ...]:
    """Where a person is told that their account is closed: every proven contact. Who never had one is not told."""
    return tuple(person.proven.values())
