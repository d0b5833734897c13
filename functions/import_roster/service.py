"""The steps of an import, in the order in which the state machine takes them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from activation.domain.ports import Accounts
from activation.domain.roster.imports import UNDO_SECONDS, Action, ImportPaths, Prepared
from activation.domain.roster.ports import RosterFiles, RosterIndex, StoredRosters, Workbooks
from activation.domain.upload_keys import rights_of
from activation.domain.verification import RequestContext
from activation.imports import preparation
from activation.imports.application import Ports as ApplyPorts
from activation.imports.application import apply_batch
from activation.imports.batches import Batch, read_batch
from activation.imports.declaration import Declaration, LeftOut, declare, take_back
from activation.imports.declaration import Ports as DeclarationPorts
from activation.imports.file_check import CheckProgress
from activation.imports.undoing import undo_batch
from functions.import_roster.reporting import keep_prepared, keep_result, read_prepared


class UndoRefusedError(Exception):
    """The import can't be undone: it is unknown, was not to be applied, or is more than a day old."""


@dataclass(frozen=True, slots=True)
class CheckPorts:
    """The ports that a check needs."""

    files: RosterFiles
    workbooks: Workbooks
    rosters: StoredRosters
    accounts: Accounts
    new_index: Callable[[], RosterIndex]


def check(
    ports: CheckPorts, key: str, version: str | None, *, now: int, tell: Callable[[CheckProgress], object]
) -> Prepared:
    """Check an uploaded file, and store the result for the next steps; `now` in epoch seconds."""
    upload = ports.files.upload(key, version)
    parts = preparation.Ports(ports.files, ports.workbooks, ports.rosters, ports.accounts, ports.new_index())
    prepared = preparation.prepare(parts, upload, now=now, tell=tell)
    keep_prepared(ports.files, prepared)
    return prepared


def find_undoable(files: RosterFiles, import_id: str, *, now: int) -> Prepared:
    """The import, if it was to be applied and was prepared less than a day ago. Raises UndoRefusedError."""
    try:
        prepared = read_prepared(files, import_id)
    except FileNotFoundError:
        raise UndoRefusedError("unknown import") from None
    if prepared.action is not Action.APPLY or now >= prepared.at + UNDO_SECONDS:
        raise UndoRefusedError("not applied within a day")
    return prepared


def work(
    files: RosterFiles,
    ports: ApplyPorts,
    declaration: DeclarationPorts,
    *,
    does: Action,
    import_id: str,
    batch: str,
    context: RequestContext,
) -> dict[str, int]:
    """Apply or undo one batch, and store its result; returns the counts.

    A correspondent's import changes people in the correspondent's name, whoever began it; an operator may undo any.
    """
    changes, rights = read_batch(files, batch), rights_of(import_id)
    if rights and does is not Action.UNDO:
        if is_of_arrivals(batch, import_id):
            rights = replace(rights, creates=True)
        counts = _declare(declaration, changes, Declaration(rights, import_id, context), does)
        keep_result(files, import_id, does, batch, counts if does is Action.TAKE_BACK else {"counts": counts})
        return counts
    if does is Action.UNDO:
        undone = undo_batch(ports, changes, import_id=import_id, now=context.now)
        left = {identifier: reason.value for identifier, reason in undone.left_alone.items()}
        keep_result(files, import_id, does, batch, {"restored": undone.restored, "left_alone": left})
        return {"restored": undone.restored, "left_alone": len(left)}
    counts = {
        kind.value: number for kind, number in apply_batch(ports, changes, import_id=import_id, context=context).items()
    }
    keep_result(files, import_id, does, batch, {"counts": counts})
    return counts


def is_of_arrivals(batch: str, import_id: str) -> bool:
    """Whether a batch of an upload's arrivals is applied together with the upload, if they need no agent."""
    return not batch.startswith(ImportPaths(import_id).batches)


def _declare(ports: DeclarationPorts, batch: Batch, declaration: Declaration, does: Action) -> dict[str, int]:
    if does is Action.TAKE_BACK:
        outcomes = take_back(ports, batch.people, declaration)
        stayed = sum(outcome.leaves_alone for outcome in outcomes)
        return {"restored": len(outcomes) - stayed, "stayed": stayed}
    counts = declare(ports, batch.people, declaration)
    if declaration.rights.creates:  # people who are known, elsewhere or closed, still wait for an agent
        del counts[LeftOut.OUTSIDE]
    return {kind.value: number for kind, number in counts.items()}
