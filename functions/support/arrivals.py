"""The arrivals of correspondents' files: shown to an agent, and taken in when the agent orders it."""

import json
from contextlib import suppress
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from activation.domain.accounts import Status
from activation.domain.errors import ImportNotFoundError, NoArrivalsError, WrongStepError
from activation.domain.events import EventKind
from activation.domain.ports import Accounts, Store
from activation.domain.roster.comparison import RosterChange, StoredPerson
from activation.domain.roster.imports import ImportPaths
from activation.domain.roster.ports import READ_AT_ONCE, RosterFiles, StoredRosters, Uploads
from activation.domain.upload_keys import UploadPaths, upload_of
from activation.domain.upload_states import UploadState
from activation.domain.uploads import ARRIVALS, Upload, admitted
from activation.domain.verification import RequestContext, retry_when_stale
from activation.imports.batches import read_batch
from functions.support.service import Call

MOST_SHOWN = READ_AT_ONCE
"""The most people whom a look shows."""

_ORDER = "text/plain"


class OnFile(StrEnum):
    """The stored state of a person who arrives. Only agents see it."""

    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    """The person is in another structure: they would move."""
    CLOSED = "closed"
    """The person's account is closed: they would be invited anew."""
    THERE = "there"
    """The person is in that structure by now: the file changes their entry."""


class Ports(NamedTuple):
    """The ports that arrivals need."""

    store: Store
    accounts: Accounts
    uploads: Uploads
    rosters: StoredRosters
    files: RosterFiles


class Arrival(NamedTuple):
    """A person whom a file would take in, and their stored state."""

    change: RosterChange
    on_file: OnFile


class Arrivals(NamedTuple):
    """The first people who arrive with an upload, and how many there are. `is_done`: an agent took them in before."""

    upload: Upload
    people: list[Arrival]
    number: int
    is_done: bool


def look(ports: Ports, call: Call, *, import_id: str, context: RequestContext) -> Arrivals:
    """The arrivals of that upload; its sender's history says that an agent saw them.

    Raises ImportNotFoundError, NoArrivalsError when nobody waits, or the file is not applied, or taken back.
    """
    upload = _with_arrivals(ports, import_id)
    ports.store.commit(ports.accounts.record_event(upload.sender, call.event(EventKind.DESK_LOOKED, context.now)))
    return arrivals_of(ports, import_id)


def admit(ports: Ports, call: Call, *, import_id: str, context: RequestContext) -> Arrivals:
    """Order that all arrivals of that upload are taken in: the import does so at once.

    They wait as before if the order cannot be put. Raises ImportNotFoundError, NoArrivalsError when there is nobody, or
    an agent did so before.
    """

    def attempt() -> tuple[Upload, Upload]:
        upload = _require(ports, import_id)
        try:
            after = admitted(upload, now=context.now)
        except WrongStepError:
            raise NoArrivalsError from None
        event = call.event(EventKind.DESK_ARRIVALS_ADMITTED, context.now)
        ports.store.commit(ports.uploads.save(upload, after), ports.accounts.record_event(upload.sender, event))
        return upload, after

    before, after = retry_when_stale(attempt)
    try:
        ports.files.write(UploadPaths(after.sender, after.upload_id).arrivals, b"", kind=_ORDER)
    except Exception:
        with suppress(Exception):  # the first error is told
            ports.store.commit(ports.uploads.save(after, before))
        raise
    return arrivals_of(ports, import_id)


def arrivals_of(ports: Ports, import_id: str) -> Arrivals:
    """The arrivals of that upload, as they stand now. Raises ImportNotFoundError, NoArrivalsError."""
    upload = _with_arrivals(ports, import_id)
    changes = _first(ports.files, UploadPaths(upload.sender, upload.upload_id).arrivals_import_id)
    stored = ports.rosters.stored_people([change.identifier for change in changes])
    people = [Arrival(change, _on_file(change, stored.get(change.identifier))) for change in changes]
    return Arrivals(upload, people, upload.counts[ARRIVALS], upload.admitted_at is not None)


def _with_arrivals(ports: Ports, import_id: str) -> Upload:
    upload = _require(ports, import_id)
    if not upload.counts.get(ARRIVALS) or not (upload.admitted_at or upload.state is UploadState.APPLIED):
        raise NoArrivalsError
    return upload


def _require(ports: Ports, import_id: str) -> Upload:
    paths = upload_of(import_id)
    upload = ports.uploads.get(paths.sender, paths.upload_id) if paths else None
    if upload is None:
        raise ImportNotFoundError
    return upload


def _first(files: RosterFiles, import_id: str) -> list[RosterChange]:
    batches = json.loads(files.read(ImportPaths(import_id).manifest))
    people = (change for each in batches for change in read_batch(files, each["batch"]).people)
    return list(islice(people, MOST_SHOWN))


def _on_file(change: RosterChange, stored: StoredPerson | None) -> OnFile:
    if stored is None:
        return OnFile.UNKNOWN
    if stored.status is Status.CLOSED:
        return OnFile.CLOSED
    return OnFile.THERE if stored.roster.structure_id == change.entry.structure_id else OnFile.ELSEWHERE
