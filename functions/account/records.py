"""The history and the export of an account, in words that a person understands."""

from dataclasses import asdict

from activation.domain.contacts import Channel
from activation.domain.history import words_of
from activation.domain.ledger import ConsentEntry, TermsEntry
from activation.domain.people import Event, FormerContacts
from activation.domain.times import rfc3339
from functions.account.schemas import (
    ConsentLineBody,
    ExportBody,
    FormerContactsBody,
    HistoryBody,
    HistoryLineBody,
    KnownBrowserBody,
    RosterBody,
    TermsLineBody,
)
from functions.account.service import Records
from functions.account.views import correspondent_body, person_body


def history_body(records: Records) -> HistoryBody:
    """Everything that happened, latest first."""
    return HistoryBody(events=[_line(entry) for entry in reversed(records.history)])


def export_body(records: Records) -> ExportBody:
    """Everything that is held about the person."""
    person = records.person
    return ExportBody(
        person=person_body(person),
        status=person.status,
        signed_in_at=_time(person.signed_in_at),
        previously_signed_in_at=_time(person.previously_signed_in_at),
        former_contacts=[_former(change) for change in person.former],
        known_browsers=[KnownBrowserBody(last_entered_at=rfc3339(at)) for at in sorted(person.devices.values())],
        roster=RosterBody(**asdict(person.roster)),
        deliverability=dict(person.deliverability),
        correspondent=correspondent_body(records.structure, person),
        consents=[_consent(entry) for entry in records.history if isinstance(entry, ConsentEntry)],
        terms=[_terms(entry) for entry in records.history if isinstance(entry, TermsEntry)],
        events=[_line(entry) for entry in records.history if isinstance(entry, Event)],
    )


def _line(entry: Event | ConsentEntry | TermsEntry) -> HistoryLineBody:
    match entry:
        case ConsentEntry():
            words = "Vous avez consenti au suivi de vos demandes par votre correspondant"
            if not entry.consents:
                words = "Vous n'avez pas consenti au suivi de vos demandes par votre correspondant"
            return HistoryLineBody(at=rfc3339(entry.at), kind="consent", label=words)
        case TermsEntry():
            words = f"Conditions générales d'utilisation acceptées (version {entry.version})"
            return HistoryLineBody(at=rfc3339(entry.at), kind="terms", label=words)
        case Event():
            return HistoryLineBody(at=rfc3339(entry.at), kind=entry.kind, label=words_of(entry))


def _time(at: int | None) -> str | None:
    return rfc3339(at) if at is not None else None


def _former(change: FormerContacts) -> FormerContactsBody:
    email, mobile = change.contacts.get(Channel.EMAIL), change.contacts.get(Channel.SMS)
    return FormerContactsBody(
        changed_at=rfc3339(change.changed_at),
        email=email.value if email else None,
        mobile=mobile.value if mobile else None,
    )


def _consent(entry: ConsentEntry) -> ConsentLineBody:
    return ConsentLineBody(
        at=rfc3339(entry.at),
        purpose=entry.purpose,
        text_version=entry.text_version,
        consents=entry.consents,
        channel=entry.channel,
    )


def _terms(entry: TermsEntry) -> TermsLineBody:
    return TermsLineBody(at=rfc3339(entry.at), version=entry.version, channel=entry.channel)
