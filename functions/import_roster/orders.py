"""Orders of correspondents, to check, apply or undo a file, and of agents, to take its arrivals in: their steps."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from activation.domain.events import Event, EventKind
from activation.domain.findings import Finding, Nature
from activation.domain.outbox import MessageKind, structure_notice_for
from activation.domain.ports import Accounts, Links, Outbox, Store
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.domain.roster.ports import GivenContacts, RosterFiles, Scopes, Uploads
from activation.domain.roster.words import COUNTED, count_of
from activation.domain.tokens import RandomBytes
from activation.domain.upload_keys import Order, UploadPaths, order_of, upload_of
from activation.domain.upload_states import UploadState
from activation.domain.uploads import (
    ARRIVALS,
    Confirmation,
    ToConfirm,
    Upload,
    applied,
    checked,
    counted,
    failed,
    refused,
    undone,
)
from activation.imports import preparation
from activation.imports.declaration import LeftOut
from activation.imports.file_check import CheckProgress
from activation.imports.senders import CorrespondentSender
from functions.import_roster.reporting import keep_prepared, read_prepared

_UNDER_WAY = {
    Order.FILE: UploadState.CHECKING,
    Order.APPLICATION: UploadState.APPLYING,
    Order.UNDOING: UploadState.UNDOING,
    Order.ARRIVALS: UploadState.APPLIED,
}
"""The state of an upload while each order is carried out: in any other state the order is ignored."""

NOTICES_AT_ONCE = 100
"""The most notices in one transaction: DynamoDB writes so many rows."""

_LEFT_OUT = {
    LeftOut.OUTSIDE: ("personne n'est plus dans vos structures", "personnes ne sont plus dans vos structures"),
    LeftOut.TOO_OFTEN: (
        "personne a déjà changé de contact trop souvent aujourd'hui",
        "personnes ont déjà changé de contact trop souvent aujourd'hui",
    ),
}

_TOLD = {
    ChangeKind.UPDATED: COUNTED[ChangeKind.UPDATED],
    ChangeKind.LEFT: COUNTED[ChangeKind.LEFT],
    ARRIVALS: ("entrée à confirmer", "entrées à confirmer"),
}
"""The changes that a correspondent's file may make, in the order in which they are told. It creates nobody."""


class Ports(NamedTuple):
    """The ports that orders need; `check` is what a check of any file needs, with an index that is empty at first."""

    store: Store
    uploads: Uploads
    scopes: Scopes
    given: GivenContacts
    files: RosterFiles
    accounts: Accounts
    links: Links
    outbox: Outbox
    arrivals_need_agent: bool = True


class Begun(NamedTuple):
    """The work of the machine for an order; none when the order was carried out before, or is not the upload's."""

    import_id: str
    does: Action = Action.NOTHING
    rows: int = 0


def begin(
    ports: Ports, key: str, version: str | None, *, now: int, check: Callable[[], preparation.Ports]
) -> Begun | None:
    """Begin the order that an object's key gives: check a file, or say which batches to work on.

    None for a key that is no order.
    """
    found = order_of(key)
    if found is None:
        return None
    paths, order = found
    import_id = paths.arrivals_import_id if order is Order.ARRIVALS else paths.import_id
    upload = ports.uploads.get(paths.sender, paths.upload_id)
    if upload is None or upload.state_at(now) is not _UNDER_WAY[order]:
        return Begun(import_id)
    if order is Order.FILE:
        return _check(ports, check(), upload, version, now)
    if order is Order.ARRIVALS and upload.admitted_at is None:
        return Begun(import_id)
    prepared = read_prepared(ports.files, paths.import_id)
    does = Action.TAKE_BACK if order is Order.UNDOING else Action.APPLY
    if does is Action.APPLY:  # by which an operator may undo it, for a day from now
        keep_prepared(ports.files, replace(prepared, import_id=import_id, action=does, at=now))
    if order is Order.ARRIVALS:
        return Begun(import_id, does, upload.counts[ARRIVALS])
    joining = 0 if ports.arrivals_need_agent else prepared.arrivals
    if order is Order.APPLICATION and joining:
        _join_arrivals(ports.files, paths)
    rows = _changed(prepared) + joining
    _save(ports, upload, counted(upload, rows))
    return Begun(import_id, does, rows)


def _join_arrivals(files: RosterFiles, paths: UploadPaths) -> None:
    """Let the batches of arrivals be applied with the others: of the people in them only unknown ones are created."""
    own, arriving = ImportPaths(paths.import_id), ImportPaths(paths.arrivals_import_id)
    both = [item["batch"] for which in (own, arriving) for item in json.loads(files.read(which.manifest))]
    manifest = [{"batch": key} for key in dict.fromkeys(both)]
    files.write(own.manifest, json.dumps(manifest).encode(), kind="application/json")


def _check(ports: Ports, check: preparation.Ports, upload: Upload, version: str | None, now: int) -> Begun:
    paths, done = UploadPaths(upload.sender, upload.upload_id), 0
    sender = CorrespondentSender(upload.sender, ports.scopes.of(upload.sender), ports.scopes, ports.given)

    def tell(progress: CheckProgress) -> None:
        nonlocal upload, done
        if not done:
            upload = _save(ports, upload, counted(upload, progress.of))
        ports.uploads.go_on(upload, progress.rows - done)
        done = progress.rows

    sent = ports.files.upload(paths.file, version)
    prepared = preparation.prepare_for(check, sent, sender, paths, now=now, tell=tell)
    keep_prepared(ports.files, prepared)
    _save(ports, upload, _ended(upload, prepared, now))
    return Begun(paths.import_id, rows=prepared.rows)


def _ended(upload: Upload, prepared: Prepared, now: int) -> Upload:
    if prepared.refusal:
        return refused(upload, prepared.found, now=now)
    counts = {kind.value: prepared.counts.get(kind, 0) for kind in ChangeKind} | {ARRIVALS: prepared.arrivals}
    return checked(
        upload,
        structures=prepared.structures,
        counts=counts,
        findings=prepared.found,
        confirm=list(_to_confirm(prepared)),
        changes=prepared.changes,
        now=now,
    )


def _to_confirm(prepared: Prepared) -> Iterator[ToConfirm]:
    for word, waiting in (
        (Confirmation.DEPARTURES, prepared.unconfirmed),
        (Confirmation.RENAMINGS, prepared.unconfirmed_renamings),
        (Confirmation.CHANGES, prepared.unconfirmed_changes),
    ):
        for many in waiting:
            yield ToConfirm(word, f"Structure {many.structure_id} : {many.counted}")


def go_on(uploads: Uploads, import_id: str, does: Action, rows: int) -> None:
    """Count so many rows of a correspondent's import as done, in the step under way; no operator's import."""
    upload = _under_way(uploads, import_id, does)
    if upload:
        uploads.go_on(upload, rows)


def finish(
    ports: Ports, import_id: str, does: Action, *, has_failed: bool, random: RandomBytes, now: int
) -> Upload | None:
    """Write the outcome of an order; None if it is written already, or for arrivals, which end with their batches.

    A check writes its outcome itself. An application is notified to all correspondents of the file's structures.
    """
    upload = _under_way(ports.uploads, import_id, does)
    if upload is None:
        return None
    if has_failed:
        return _save(ports, upload, failed(upload, now=now))
    written = ports.files.keys(ImportPaths(import_id).results(does))
    results = [json.loads(ports.files.read(key)) for key in written]
    if does is Action.TAKE_BACK:
        stayed = sum(result["stayed"] for result in results)
        event = Event(EventKind.FILE_UNDONE, now, agent=upload.sender)
        return _save(ports, upload, undone(upload, stayed=stayed, now=now), event)
    counts = Counter[str]()
    for result in results:
        counts.update(result["counts"])
    left_out = [
        Finding(None, "", f"{count_of(counts[why], *words)} : rien n'a été modifié pour elles", Nature.OF_FILE)
        for why, words in _LEFT_OUT.items()
        if counts[why]
    ]
    unchanged = upload.counts[ChangeKind.UNCHANGED]
    arrivals = upload.counts[ARRIVALS] - counts[ChangeKind.CREATED]
    done = {kind.value: counts[kind] for kind in ChangeKind} | {ARRIVALS: arrivals}
    done[ChangeKind.UNCHANGED] += unchanged
    after = applied(upload, done, findings=left_out, now=now)
    words = _words_of(after)
    named = f"{words} (envoi {import_id})" if arrivals else words
    _tell(ports, after, words, random, now)
    return _save(ports, upload, after, Event(EventKind.FILE_APPLIED, now, agent=upload.sender, changed=named))


def _under_way(uploads: Uploads, import_id: str, does: Action) -> Upload | None:
    """The upload of that import, while the step `does` applies it or takes it back; else None."""
    paths = upload_of(import_id)
    order = {Action.APPLY: Order.APPLICATION, Action.TAKE_BACK: Order.UNDOING}.get(does)
    upload = uploads.get(paths.sender, paths.upload_id) if paths and order else None
    return upload if upload and order and upload.state is _UNDER_WAY[order] else None


def _words_of(upload: Upload) -> str:
    """The changes of a file, in French, without those that count zero."""
    told = [count_of(upload.counts[kind], *words) for kind, words in _TOLD.items() if upload.counts[kind]]
    return ", ".join(told) or "rien n'a changé"


def _tell(ports: Ports, upload: Upload, words: str, random: RandomBytes, now: int) -> None:
    """Notify all correspondents of the file's structures, each once; a step that broke off may notify some twice."""
    found = ports.links.structures(upload.structures)
    whose = {who: name for name in sorted(found, reverse=True) for who in found[name].correspondents}
    notices = [
        structure_notice_for(MessageKind.FILE_APPLIED, who, name, random, now=now, counts=words)
        for who, name in sorted(whose.items())
    ]
    for start in range(0, len(notices), NOTICES_AT_ONCE):
        ports.store.commit(*map(ports.outbox.put, notices[start : start + NOTICES_AT_ONCE]))


def undo_of_operator(ports: Ports, import_id: str, *, now: int) -> None:
    """Write that an operator undid a correspondent's applied file, so that the correspondent's pages say so."""
    paths = upload_of(import_id)
    upload = ports.uploads.get(paths.sender, paths.upload_id) if paths else None
    if upload and upload.state is UploadState.APPLIED:
        _save(ports, upload, undone(upload, stayed=0, now=now), Event(EventKind.FILE_UNDONE, now))


def give_up(ports: Ports, key: str, *, now: int) -> bool:
    """Write that an upload's step broke off before its batches; False for another's key, or if the step had ended."""
    found = order_of(key)
    upload = ports.uploads.get(found[0].sender, found[0].upload_id) if found else None
    if found is None or upload is None or found[1] is Order.ARRIVALS or upload.state is not _UNDER_WAY[found[1]]:
        return False
    _save(ports, upload, failed(upload, now=now))
    return True


def _changed(prepared: Prepared) -> int:
    return sum(number for kind, number in prepared.counts.items() if kind != ChangeKind.UNCHANGED)


def _save(ports: Ports, before: Upload, after: Upload, event: Event | None = None) -> Upload:
    events = [ports.accounts.record_event(after.sender, event)] if event else []
    ports.store.commit(ports.uploads.save(before, after), *events)
    return after
