"""Makes a correspondent's answers from the service's results."""

from typing import TYPE_CHECKING

from activation.domain.accounts import Account
from activation.domain.findings import Changed
from activation.domain.people_search import LACKS, written
from activation.domain.requests.kinds import Kind
from activation.domain.requests.request import Request
from activation.domain.requests.sentences import label_of
from activation.domain.roster.columns import label
from activation.domain.roster.declared import declared_row, version_of
from activation.domain.times import rfc3339
from activation.domain.upload_states import UploadState
from activation.domain.uploads import Upload
from functions.correspondent.schemas import (
    ChangeBody,
    ChangedPersonBody,
    CountsBody,
    DeclaredBody,
    DeclaredPersonBody,
    FindingBody,
    FollowedPersonBody,
    FollowedRequestBody,
    FollowUpBody,
    PeopleBody,
    ProgressBody,
    SentFileBody,
    SpaceBody,
    StructureBody,
    UploadBody,
)
from functions.correspondent.service import FoundPeople, Home, ShownUpload

if TYPE_CHECKING:
    from activation.imports.single_row import TakenRow
    from functions.correspondent.follow_up import FollowedPeople


def home_body(home: Home, *, now: int) -> SpaceBody:
    """The home; `now` in epoch seconds."""
    return SpaceBody(
        structures=[
            StructureBody(
                id=linked.structure_id,
                name=linked.structure.name,
                people=numbers.people,
                without_contact=numbers.missing,
                unreachable=numbers.bounced,
            )
            for linked, numbers in home.structures
        ],
        uploads=[
            SentFileBody(
                upload_id=upload.upload_id,
                sent_at=rfc3339(upload.sent_at),
                state=upload.state_at(now),
                counts=_counts(upload),
            )
            for upload in home.uploads
        ],
        after=str(home.after) if home.after else None,
    )


def people_body(found: FoundPeople) -> PeopleBody:
    """A page of people."""
    return PeopleBody(people=list(map(_person, found.people)), after=written(found.after) if found.after else None)


def follow_up_body(found: "FollowedPeople") -> FollowUpBody:
    """A page of the follow-up."""
    people = [
        FollowedPersonBody(
            last_name=one.account.beneficiary.roster.last_name,
            usage_name=one.account.beneficiary.roster.usage_name,
            first_name=one.account.beneficiary.roster.first_name,
            requests=[_followed(request, kind) for request, kind in one.requests],
        )
        for one in found.people
    ]
    return FollowUpBody(people=people, after=written(found.after) if found.after else None)


def change_body(taken: "TakenRow") -> ChangeBody:
    """The result of the change of a row."""
    remarks = [f"{label(remark.column)} : {remark.text}" for remark in taken.remarks]
    return ChangeBody(outcome=taken.outcome.value, remarks=remarks)


def upload_body(shown: ShownUpload, *, now: int) -> UploadBody:
    """The state of a file; `now` in epoch seconds."""
    upload = shown.upload
    words = list(dict.fromkeys(waiting.what for waiting in upload.confirm))
    return UploadBody(
        upload_id=upload.upload_id,
        state=upload.state_at(now),
        progress=ProgressBody(done=min(upload.progress.done, upload.progress.of), total=upload.progress.of),
        counts=_counts(upload),
        findings=[
            *_stayed(upload),
            *(
                FindingBody(row=finding.row, column=finding.column or None, reason=finding.words)
                for finding in upload.findings
            ),
        ],
        changes=[_changed(*change) for change in shown.changes] or None,
        confirm=words or None,
        expires_at=rfc3339(upload.expires_at),
        undo_until=rfc3339(upload.undo_until) if upload.undo_until else None,
    )


def _changed(change: Changed, person: Account) -> ChangedPersonBody:
    roster = person.beneficiary.roster
    return ChangedPersonBody(
        row=change.row,
        identifier=change.identifier,
        last_name=roster.last_name,
        usage_name=roster.usage_name,
        first_name=roster.first_name,
        leaves=change.leaves,
        columns=list(change.columns),
    )


def _followed(request: Request, kind: Kind) -> FollowedRequestBody:
    asked = request.asked
    return FollowedRequestBody(
        number=request.number,
        label=kind.label,
        state=request.state,
        state_label=label_of(request, kind),
        sent_at=rfc3339(request.sent_at) if request.sent_at else None,
        changed_at=rfc3339(request.changed_at),
        asked=asked.what if asked else None,
        deadline=asked.before if asked else None,
    )


def _stayed(upload: Upload) -> list[FindingBody]:
    """How many people stay as they are although the file is taken back; the reason is not told."""
    if not upload.stayed:
        return []
    from activation.domain.roster.words import count_of  # noqa: PLC0415  # see the top of service.py

    return [
        FindingBody(reason=count_of(upload.stayed, "fiche reste comme elle est.", "fiches restent comme elles sont."))
    ]


def _counts(upload: Upload) -> CountsBody | None:
    """How many people by kind of change; None before the check is over."""
    if upload.state in (UploadState.CHECKING, UploadState.REFUSED):
        return None
    return CountsBody(**{kind: upload.counts.get(kind, 0) for kind in CountsBody.model_fields})


def _person(account: Account) -> DeclaredPersonBody:
    owner = account.beneficiary
    return DeclaredPersonBody(
        identifier=account.identifier,
        version=version_of(owner.roster),
        row=DeclaredBody(**{column.value: value for column, value in declared_row(owner.roster).items()}),
        missing=LACKS.get(owner.standing),
    )
