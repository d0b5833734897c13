"""Makes the help desk's answers. Contacts are masked: to check one, an agent asks the caller for it.

A structure's contact is shown whole: an agent must decide whether it is the correspondent's before inviting them.
"""

from collections.abc import Iterator

from activation.domain.accounts import Account
from activation.domain.contacts import Contact, mask
from activation.domain.desk import waiting_name
from activation.domain.events import Event
from activation.domain.history import words_of
from activation.domain.identifiers import Role
from activation.domain.invitations import split_name
from activation.domain.times import paris_time, rfc3339
from activation.domain.upload_keys import UploadPaths
from functions.support.arrivals import Arrivals
from functions.support.invitations import Invitations, Outcome, StructureFile, Without
from functions.support.schemas import (
    ArrivalBody,
    ArrivalsBody,
    ContactBody,
    CorrespondentBody,
    FileBody,
    FoundBody,
    FoundPersonBody,
    FoundStructureBody,
    InvitationsBody,
    LeftBody,
    LonelyStructureBody,
    NameCorrectionBody,
    RosterSaysBody,
    StatusBody,
    StructureFileBody,
    TimelineBody,
    WaitingInvitationBody,
    WithoutBody,
)
from functions.support.service import File, Found

MOST_LINES = 50
"""The most lines of the history that an agent sees."""


def found_body(found: Found) -> FoundBody:
    """The people found."""
    people = [
        FoundPersonBody(
            identifier=account.identifier,
            first_name=account.owner.first_name,
            last_name=account.owner.last_name,
            birth_name=account.owner.birth_name,
            structure_id=account.owner.structure_id,
        )
        for account in found.people
    ]
    structures = [FoundStructureBody(structure_id=one.structure_id, name=one.name) for one in found.structures]
    return FoundBody(
        people=people,
        has_more=found.has_more,
        structures=structures,
        has_more_structures=found.has_more_structures,
    )


def file_body(file: File, *, now: int) -> FileBody:
    """The person's file."""
    account, status, closing = file.account, file.status, file.account.closing
    return FileBody(
        identifier=account.identifier,
        first_name=account.owner.first_name,
        last_name=account.owner.last_name,
        birth_name=account.owner.birth_name,
        structure_id=account.owner.structure_id,
        structure=file.structure.name if file.structure else None,
        structures=list(account.correspondent.structures) if account.role is Role.CORRESPONDENT else None,
        state=account.status,
        status=StatusBody(standing=status.state, line=status.line, sentence=status.sentence),
        contacts=list(_contacts(account, now)),
        closing_asked_by=closing.agent if closing and closing.until > now else None,
        name_correction=_name_correction(account, now),
        timeline=[_line(event) for event in reversed(file.events[-MOST_LINES:])],
    )


def structure_body(file: StructureFile, outcome: Outcome | None = None) -> StructureFileBody:
    """The structure's file, with the outcome of an invitation."""
    structure, waiting = file.structure, file.waiting
    split = split_name(structure.correspondent_name)
    return StructureFileBody(
        structure_id=structure.structure_id,
        name=structure.name,
        roster=RosterSaysBody(
            name=structure.correspondent_name,
            email=structure.correspondent_email,
            phone=structure.correspondent_phone,
            last_name=split.last_name,
            first_name=split.first_name,
        ),
        correspondents=[_correspondent(account) for account in file.correspondents],
        waiting=waiting
        and WaitingInvitationBody(
            last_name=waiting.last_name,
            first_name=waiting.first_name,
            email=waiting.email,
            agent=waiting.agent,
            until=paris_time(waiting.until),
        ),
        outcome=outcome,
    )


def without_body(found: Without) -> WithoutBody:
    """The structures without a correspondent."""
    structures = [
        LonelyStructureBody(structure_id=one.structure_id, name=one.name, people=people)
        for one, people in found.structures
    ]
    return WithoutBody(structures=structures, after=found.after)


def invitations_body(done: Invitations) -> InvitationsBody:
    """The outcomes for the structures of an import."""
    left = [LeftBody(structure_id=one.structure_id, name=one.name, why=why) for one, why in done.left]
    return InvitationsBody(invited=done.invited, left=left, after=done.after)


def _correspondent(account: Account) -> CorrespondentBody:
    owner = account.correspondent
    return CorrespondentBody(
        identifier=account.identifier,
        first_name=owner.first_name,
        last_name=owner.last_name,
        state=account.status,
        masked=[mask(contact) for contact in owner.declared_contacts()],
        invited_until=owner.invited_until or None,
    )


def _name_correction(account: Account, now: int) -> NameCorrectionBody | None:
    asked = waiting_name(account, now=now)
    if asked is None:
        return None
    return NameCorrectionBody(last_name=asked.last_name, agent=asked.agent, until=paris_time(asked.until))


def _contacts(account: Account, now: int) -> Iterator[ContactBody]:
    """The proven contacts, then the others of the roster."""
    proven = list(account.proven.values())
    for contact in (*proven, *(given for given in account.owner.declared_contacts() if given not in proven)):
        yield ContactBody(
            channel=contact.channel,
            masked=mask(contact),
            is_proven=contact in proven,
            deliverability=account.deliverability.get(contact.value),
            held_until=_quarantined_until(account, contact, now),
        )


def _quarantined_until(account: Account, contact: Contact, now: int) -> str | None:
    until = [
        quarantined.until
        for quarantined in account.owner.quarantine
        if quarantined.contact == contact and quarantined.until > now
    ]
    return paris_time(until[0]) if until else None


def _line(event: Event) -> TimelineBody:
    return TimelineBody(
        at=rfc3339(event.at), when=paris_time(event.at), kind=event.kind, label=words_of(event), agent=event.agent
    )


def arrivals_body(arrivals: Arrivals) -> ArrivalsBody:
    """The people who arrive with a file."""
    upload = arrivals.upload
    return ArrivalsBody(
        upload=UploadPaths(upload.sender, upload.upload_id).import_id,
        sender=upload.sender,
        number=arrivals.number,
        people=[
            ArrivalBody(
                identifier=one.change.identifier,
                last_name=one.change.entry.last_name,
                first_name=one.change.entry.first_name,
                structure_id=one.change.entry.structure_id,
                on_file=one.on_file,
            )
            for one in arrivals.people
        ],
        is_done=arrivals.is_done,
    )
