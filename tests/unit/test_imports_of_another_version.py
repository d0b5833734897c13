"""A new version takes over in the middle of an import, or before its undoing, and may be taken back."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.confirmations import Departures, Renamings
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.imports.batches import read_batch
from functions.import_roster.reporting import read_prepared
from tests.builders import entry, invited
from tests.in_memory.roster import LOUIS, InMemoryRosterService, line

RENAMED = LOUIS | {"usage_name": "Petit", "structure_name": "Commune de Mondomaine"}


def rewrite(app: InMemoryRosterService, key: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write an object anew, with every record in it changed so; what holds records or counts is none."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(member) for member in value]
        if not isinstance(value, dict) or value.keys() <= set(ChangeKind):
            return value
        return change({name: changed(member) for name, member in value.items()})

    app.files.objects[key] = json.dumps(changed(json.loads(app.files.objects[key]))).encode()


def by_a_newer_version(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"of_tomorrow": "something that this version does not know"}


def without(field: str, record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != field}


def checked(app: InMemoryRosterService, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Prepared:
    prepared = app.check(RENAMED, apply="yes")
    for key in (*app.batches(prepared), ImportPaths(prepared.import_id).prepared):
        rewrite(app, key, change)
    return prepared


def test_what_a_newer_version_checked_is_applied_reported_and_undone() -> None:
    app = InMemoryRosterService(invited())
    app.take_in(LOUIS)
    prepared = checked(app, by_a_newer_version)
    app.work(prepared, Action.APPLY)
    assert app.account().beneficiary.roster == entry(usage_name="Petit")
    assert app.structures.rows["S1"].name == "Commune de Mondomaine"
    assert (app.report(prepared, Action.APPLY)["state"], app.undo(prepared)) == ("applied", {})
    assert app.account().beneficiary.roster == entry()


def test_what_an_older_version_checked_is_applied_and_read_too() -> None:
    app = InMemoryRosterService(invited())
    app.work(checked(app, partial(without, "shared")), Action.APPLY)
    assert app.account().beneficiary.roster == entry(usage_name="Petit")
    prepared = app.check(LOUIS | {"last_name": "Moyen"})
    later: dict[str, Any] = dict.fromkeys(
        ("unconfirmed_renamings", "unconfirmed_changes", "structures", "found", "changes"), ()
    )
    for field in later:
        rewrite(app, ImportPaths(prepared.import_id).prepared, partial(without, field))
    assert read_prepared(app.files, prepared.import_id) == replace(prepared, **later)


def test_a_batch_of_an_older_version_tells_of_no_mark_and_of_nothing_unsaid_or_replaced() -> None:
    app = InMemoryRosterService(invited(has_bounced=True))
    [key] = app.batches(app.check(RENAMED))
    batch = read_batch(app.files, key)
    bounced = [(change, change.stored) for change in batch.people if change.stored and change.stored.has_bounced]
    for field in ("has_bounced", "unsaid", "replaced"):
        rewrite(app, key, partial(without, field))
    former = [replace(change, stored=replace(stored, has_bounced=False)) for change, stored in bounced]
    assert read_batch(app.files, key) == replace(batch, people=former)


def test_what_a_newer_version_left_unconfirmed_is_reported() -> None:
    app = InMemoryRosterService()
    rows = [line(f"1000000{number}") for number in range(10)]
    app.take_in(*rows)
    leaving = [row | {"end_date": "2026-01-31"} for row in rows[:4]]
    prepared = app.check(*leaving, *(row | {"last_name": "Petit"} for row in rows[4:]))
    rewrite(app, ImportPaths(prepared.import_id).prepared, by_a_newer_version)
    assert read_prepared(app.files, prepared.import_id) == prepared
    assert prepared.unconfirmed == (Departures("S1", 4, 10),)
    assert prepared.unconfirmed_renamings == (Renamings("S1", 6, 0, 10),)
