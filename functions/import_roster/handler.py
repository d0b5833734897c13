"""The import of a roster: the state machine calls this function for each step (docs/roster.md)."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import TypeAdapter, ValidationError

from activation import bootstrap
from activation.catalogue import catalogue
from activation.domain.roster.imports import INCOMING, STATES, Action, ImportPaths, is_of_states
from activation.domain.upload_keys import rights_of
from activation.imports import preparation
from activation.imports.application import Ports as ApplyPorts
from activation.imports.declaration import Ports as DeclarationPorts
from activation.imports.file_check import CheckProgress
from activation.imports.scopes import LinkedScopes
from activation.imports.state_application import ApplyPorts as StateApplyPorts
from activation.imports.state_preparation import CheckPorts
from activation.observability import logger, metrics
from functions.import_roster import figures, orders, reporting, service, states
from functions.import_roster.schemas import (
    AnyStep,
    BatchStep,
    FiguresStep,
    GiveUpStep,
    PrepareStep,
    ReportStep,
    UploadedObject,
)

TOLD_EVERY_ROWS = 10_000
REFUSED = "refused"
"""The answer of the step *prepare* as `does` for a refused undo or order: the state machine fails without a retry."""
_STEPS: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take one step of an import; returns what the next step needs. Raises ValueError for an unknown step."""
    try:
        step = _STEPS.validate_python(event)
    except ValidationError:  # its message would show what was sent
        raise ValueError("unknown action") from None
    act: Callable[[Any], dict[str, Any]] = _ACTS[type(step)]
    return act(step)


def _prepare(step: PrepareStep) -> dict[str, Any]:
    files, now = bootstrap.roster_files(), bootstrap.request_context().now
    if step.order.undo:
        try:
            prepared, does = service.find_undoable(files, step.order.undo, now=now), Action.UNDO
        except service.UndoRefusedError as refused:
            logger().info("undo_refused", import_id=step.order.undo, reason=str(refused))
            return {"import_id": step.order.undo, "does": REFUSED, "manifest": ""}
    elif step.order.detail is None:
        raise ValueError("nothing to prepare")
    elif step.order.detail.object.key.startswith(STATES):
        sent = step.order.detail.object
        prepared = states.check(_state_check_ports(), sent.key, sent.version, now=now, tell=_tell)
        does = prepared.action
    elif not step.order.detail.object.key.startswith(INCOMING):
        return _begin(step.order.detail.object, now)
    else:
        ports = service.CheckPorts(
            files, bootstrap.workbooks(), bootstrap.rosters(), bootstrap.accounts(), bootstrap.new_roster_index
        )
        sent = step.order.detail.object
        prepared = service.check(ports, sent.key, sent.version, now=now, tell=_tell)
        does = prepared.action
    logger().info("roster_prepared", import_id=prepared.import_id, rows=prepared.rows, does=does.value)
    manifest = ImportPaths(prepared.import_id).manifest
    return {"import_id": prepared.import_id, "does": does.value, "manifest": manifest}


def _begin(sent: UploadedObject, now: int) -> dict[str, Any]:
    """Begin an order of a correspondent, or of an agent for their file. Other keys are an operator's."""

    def check() -> preparation.Ports:
        return preparation.Ports(
            bootstrap.roster_files(),
            bootstrap.workbooks(),
            bootstrap.rosters(),
            bootstrap.accounts(),
            bootstrap.new_roster_index(),
        )

    begun = orders.begin(_order_ports(), sent.key, sent.version, now=now, check=check)
    if begun is None:
        logger().error("order_refused")
        return {"import_id": "", "does": REFUSED, "manifest": ""}
    logger().info("order_begun", import_id=begun.import_id, rows=begun.rows, does=begun.does.value)
    manifest = ImportPaths(begun.import_id).manifest
    return {"import_id": begun.import_id, "does": begun.does.value, "manifest": manifest}


def _order_ports() -> orders.Ports:
    scopes = LinkedScopes(bootstrap.accounts(), bootstrap.links())
    return orders.Ports(
        bootstrap.store(),
        bootstrap.uploads(),
        scopes,
        bootstrap.given_contacts(),
        bootstrap.roster_files(),
        bootstrap.accounts(),
        bootstrap.links(),
        bootstrap.outbox(),
        bootstrap.roster_settings().arrivals_need_agent,
    )


def _state_check_ports() -> CheckPorts:
    return CheckPorts(
        bootstrap.roster_files(),
        bootstrap.workbooks(),
        bootstrap.rosters(),
        bootstrap.requests(),
        catalogue(),
        bootstrap.new_roster_index(),
    )


def _work_on_states(step: BatchStep) -> dict[str, Any]:
    ports = StateApplyPorts(
        bootstrap.store(), bootstrap.requests(), bootstrap.accounts(), bootstrap.outbox(), catalogue()
    )
    counts = states.work(
        bootstrap.roster_files(),
        ports,
        does=step.does,
        import_id=step.import_id,
        batch=step.batch,
        context=bootstrap.request_context(),
    )
    told = {f"rows_{kind}": number for kind, number in counts.items()}
    logger().info("states_batch_done", import_id=step.import_id, extra=told)
    if counts["answered"]:
        metrics().add_metric("RequestsAnswered", MetricUnit.Count, counts["answered"])
        metrics().flush_metrics()
    return dict(counts)


def _work(step: BatchStep) -> dict[str, Any]:
    if is_of_states(step.import_id):
        return _work_on_states(step)
    counts = service.work(
        bootstrap.roster_files(),
        ApplyPorts(
            bootstrap.store(),
            bootstrap.rosters(),
            bootstrap.flows(),
            bootstrap.outbox(),
            bootstrap.accounts(),
            bootstrap.links(),
        ),
        DeclarationPorts(
            bootstrap.store(),
            bootstrap.rosters(),
            bootstrap.flows(),
            bootstrap.outbox(),
            bootstrap.accounts(),
            bootstrap.counters(),
            LinkedScopes(bootstrap.accounts(), bootstrap.links()),
        ),
        does=step.does,
        import_id=step.import_id,
        batch=step.batch,
        context=bootstrap.request_context(),
    )
    told = {f"rows_{kind}": number for kind, number in counts.items()}
    logger().info("roster_batch_done", import_id=step.import_id, extra=told)
    orders.go_on(bootstrap.uploads(), step.import_id, step.does, sum(counts.values()))
    return counts


def _report(step: ReportStep) -> dict[str, Any]:
    if rights_of(step.import_id) and step.does is not Action.UNDO:
        return _finish(step)
    ports = reporting.Ports(bootstrap.roster_files(), bootstrap.roster_mail_sender())
    reported = reporting.report(ports, step.import_id, step.does, has_failed=step.failed)
    if step.does is Action.UNDO and not step.failed and not is_of_states(step.import_id):
        orders.undo_of_operator(_order_ports(), step.import_id, now=bootstrap.request_context().now)
    logger().info("roster_reported", import_id=step.import_id, state=reported.state.value)
    if reported.is_mail_refused:
        logger().error("roster_summary_refused", import_id=step.import_id)
        metrics().add_metric("SummariesLost", MetricUnit.Count, 1)
        metrics().flush_metrics()
    return {"import_id": step.import_id, "state": reported.state.value}


def _finish(step: ReportStep) -> dict[str, Any]:
    context = bootstrap.request_context()
    upload = orders.finish(
        _order_ports(), step.import_id, step.does, has_failed=step.failed, random=context.random, now=context.now
    )
    state = upload.state.value if upload else ""
    logger().info("order_finished", import_id=step.import_id, state=state)
    return {"import_id": step.import_id, "state": state}


def _give_up(step: GiveUpStep) -> dict[str, Any]:
    """Write that an order was given up; nothing for an operator's file: the machine's failure is an alarm."""
    sent = step.order.detail
    given_up = sent is not None and orders.give_up(_order_ports(), sent.object.key, now=bootstrap.request_context().now)
    logger().error("order_given_up", is_upload=given_up)
    return {}


def _figures(_: FiguresStep) -> dict[str, Any]:
    now = bootstrap.request_context().now
    return {"figures": figures.write_figures(bootstrap.activation_funnel(), bootstrap.roster_files(), now=now)}


def _tell(progress: CheckProgress) -> None:
    if progress.rows % TOLD_EVERY_ROWS == 0:
        logger().info("roster_rows_read", rows=progress.rows, of=progress.of)


_ACTS: dict[type, Callable[[Any], dict[str, Any]]] = {
    PrepareStep: _prepare,
    BatchStep: _work,
    ReportStep: _report,
    GiveUpStep: _give_up,
    FiguresStep: _figures,
}
