"""The steps of the import of a file of states; its report and its undo work as a roster's."""

from collections import Counter
from collections.abc import Callable

from activation.domain.requests.states import RequestState
from activation.domain.roster.imports import Action, Prepared
from activation.domain.roster.ports import RosterFiles
from activation.domain.verification import RequestContext
from activation.imports import state_application as application
from activation.imports import state_preparation as preparation
from activation.imports.file_check import CheckProgress
from functions.import_roster.reporting import keep_prepared, keep_result

ANSWERED = (RequestState.SETTLED, RequestState.REFUSED)
"""The states that answer a request."""


def check(
    ports: preparation.CheckPorts, key: str, version: str | None, *, now: int, tell: Callable[[CheckProgress], object]
) -> Prepared:
    """Check an uploaded file, and store the result for the next steps; `now` in epoch seconds."""
    prepared = preparation.prepare(ports, ports.files.upload(key, version), now=now, tell=tell)
    keep_prepared(ports.files, prepared)
    return prepared


def work(
    files: RosterFiles,
    ports: application.ApplyPorts,
    *,
    does: Action,
    import_id: str,
    batch: str,
    context: RequestContext,
) -> Counter[str]:
    """Apply or undo one batch, and store its result; returns the counts, with `answered` requests when applied."""
    rows = application.read_batch(files, batch)
    if does is Action.UNDO:
        undone = application.undo_batch(ports, rows, import_id=import_id, now=context.now)
        left = {line: reason.value for line, reason in undone.items() if reason.leaves_alone}
        restored = len(undone) - len(left)
        keep_result(files, import_id, does, batch, {"restored": restored, "left_alone": left})
        return Counter(restored=restored, left_alone=len(left))
    applied = application.apply_batch(ports, rows, import_id=import_id, context=context)
    counts = {kind.value: number for kind, number in applied.counts.items()}
    keep_result(files, import_id, does, batch, {"counts": counts, "left_out": applied.left_out})
    answered = sum(applied.states[state] for state in ANSWERED)
    return Counter({**counts, "left_out": applied.left_out, "answered": answered})
