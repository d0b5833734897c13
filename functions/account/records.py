"""The history and the export of an account, in words that its owner understands."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from activation.domain.accounts import FormerContacts, fresh_changes
from activation.domain.beneficiaries import Beneficiary
from activation.domain.contacts import Channel
from activation.domain.correspondents import Correspondent
from activation.domain.events import Event
from activation.domain.history import words_of
from activation.domain.ledger import ConsentEntry
from activation.domain.terms import TermsEntry
from activation.domain.times import rfc3339
from functions.account.schemas import (
    AskedBody,
    ConsentLineBody,
    ExportBody,
    ExportedDocumentBody,
    ExportedLineBody,
    ExportedRequestBody,
    ExportedUploadBody,
    FormerContactsBody,
    HistoryBody,
    HistoryLineBody,
    InvitationBody,
    KnownBrowserBody,
    RosterBody,
    TermsLineBody,
)
from functions.account.service import Records
from functions.account.views import correspondent_body, person_body

if TYPE_CHECKING:  # only an export needs these; every other call would import them for nothing
    from activation.domain.requests.documents import Document
    from activation.domain.requests.ports import Filed
    from activation.domain.requests.request import Line, Request
    from activation.domain.uploads import Upload


def history_body(records: Records) -> HistoryBody:
    """All entries of the history, latest first."""
    lines = [
        HistoryLineBody(at=rfc3339(entry.at), kind=_kind(entry), label=_words(entry, records.history[:number]))
        for number, entry in enumerate(records.history)
    ]
    return HistoryBody(events=lines[::-1])


def export_body(records: Records, filed: "Filed", uploads: "Sequence[Upload] | None", *, now: int) -> ExportBody:
    """The export of all stored data; `now` in epoch seconds. `uploads` are a correspondent's; else None."""
    account = records.account
    return ExportBody(
        person=person_body(account),
        status=account.status,
        code_sent_at=_time(account.code_sent_at),
        code_delivered_at=_time(account.code_delivered_at),
        signed_in_at=_time(account.signed_in_at),
        previously_signed_in_at=_time(account.previously_signed_in_at),
        former_contacts=[_former(change) for change in fresh_changes(account.former, now)],
        known_browsers=[KnownBrowserBody(last_entered_at=rfc3339(at)) for at in sorted(account.devices.values())],
        **_declared(account.owner),
        deliverability=dict(account.deliverability),
        correspondent=correspondent_body(records.structure, account),
        consents=[_consent(entry) for entry in records.history if isinstance(entry, ConsentEntry)],
        terms=[_terms(entry) for entry in records.history if isinstance(entry, TermsEntry)],
        events=[line for line in history_body(records).events if line.kind not in ("consent", "terms")],
        requests=[_request(request, filed.lines) for request in filed.requests],
        documents=[_document(document) for document in filed.documents],
        uploads=[_upload(upload, now) for upload in uploads] if uploads is not None else None,
    )


def _upload(upload: "Upload", now: int) -> ExportedUploadBody:
    return ExportedUploadBody(
        id=upload.upload_id,
        sent_at=rfc3339(upload.sent_at),
        state=upload.state_at(now),
        structures=list(upload.structures),
        counts=dict(upload.counts),
        applied_at=_time(upload.applied_at),
        confirmed_at=_time(upload.admitted_at),
    )


def _declared(owner: Beneficiary | Correspondent) -> dict[str, RosterBody | InvitationBody]:
    """The owner's data that others declared: the employer in a roster, or the CNAS in an invitation."""
    if isinstance(owner, Beneficiary):
        return {"roster": RosterBody(**asdict(owner.roster))}
    return {
        "invitation": InvitationBody(
            last_name=owner.last_name,
            other_name=owner.other_name,
            first_name=owner.first_name,
            email=owner.email,
            mobile=owner.mobile,
            structures=list(owner.structures),
        )
    }


def _kind(entry: Event | ConsentEntry | TermsEntry) -> str:
    match entry:
        case ConsentEntry():
            return "consent"
        case TermsEntry():
            return "terms"
        case Event():
            return entry.kind


def _words(entry: Event | ConsentEntry | TermsEntry, before: Sequence[Event | ConsentEntry | TermsEntry]) -> str:
    """The entry in French for the person; `before` has all earlier entries."""
    match entry:
        case ConsentEntry():
            return _consent_words(entry, [earlier for earlier in before if isinstance(earlier, ConsentEntry)])
        case TermsEntry():
            return f"Conditions générales d'utilisation acceptées (version {entry.version})"
        case Event():
            return words_of(entry)


def _consent_words(entry: ConsentEntry, before: list[ConsentEntry]) -> str:
    if entry.consents:
        return "Vous avez consenti au suivi de vos demandes par votre correspondant"
    if before and before[-1].consents:
        return "Vous avez retiré votre consentement au suivi de vos demandes par votre correspondant"
    return "Vous n'avez pas consenti au suivi de vos demandes par votre correspondant"


def _request(request: "Request", lines: "Sequence[Line]") -> ExportedRequestBody:
    return ExportedRequestBody(
        id=request.request_id,
        number=request.number,
        kind=request.kind,
        kind_version=request.kind_version,
        state=request.state,
        origin=request.origin,
        opened_at=rfc3339(request.opened_at),
        sent_at=_time(request.sent_at),
        changed_at=rfc3339(request.changed_at),
        ended_at=_time(request.ended_at),
        structure_id=request.structure_id or None,
        about=request.about,
        answers=dict(request.answers),
        asked=AskedBody(**asdict(request.asked)) if request.asked else None,
        words=request.words or None,
        document_id=request.document_id,
        timeline=[_request_line(line) for line in lines if line.request_id == request.request_id],
    )


def _request_line(line: "Line") -> ExportedLineBody:
    return ExportedLineBody(at=rfc3339(line.at), act=line.act, by=line.by, state=line.state, words=line.words or None)


def _document(document: "Document") -> ExportedDocumentBody:
    return ExportedDocumentBody(**{**asdict(document), "issued_at": rfc3339(document.issued_at)})


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
        structure_id=entry.structure_id,
    )


def _terms(entry: TermsEntry) -> TermsLineBody:
    return TermsLineBody(at=rfc3339(entry.at), version=entry.version, channel=entry.channel)
