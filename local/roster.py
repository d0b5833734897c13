"""`make roster FILE=…`: send a file to the running product, as to the bucket on AWS, and show what comes of it.

From the environment: `APPLY=1` takes it in, `CONFIRM=1` lets however many leave, `SENDER` is where the summary goes,
`UNDO=1` undoes the last import, `UNDO=<import>` that one; `FIGURES=1` shows the structures' figures. Yes is `1`, `yes`
or `oui`, no `0` or nothing. Status 2 for what was asked wrongly, 1 for what was refused.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from activation.domain.roster.imports import INCOMING, ImportPaths, State, UploadOption, import_id_of
from activation.domain.tokens import new_id
from infra.stages import STAGES
from local.engine import forget_the_outside
from local.orders import Order, UsageError, read_order
from local.running import NotRunningError, Running, find_running
from local.template import STAGE

_EVERY_SECONDS = 0.3
_MOST_SECONDS = 3_600
_SHOWN_LINES = 20
_DEFAULT_PORT = "8000"


class RosterCommandError(Exception):
    """The command can't be carried out as it was given."""


def last_import(reported: Iterable[tuple[str, str]]) -> str:
    """The import to undo, of those that were reported, latest first, each with its state. Raises RosterCommandError."""
    for import_id, state in reported:
        if state in (State.APPLIED, State.FAILED):
            return import_id
        if state == State.UNDONE:
            raise RosterCommandError(f"{import_id} est déjà annulé ; pour en annuler un autre : UNDO=<import>")
    raise RosterCommandError("aucun import à annuler")


class Rosters:
    """The roster bucket and the import of a running product."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._s3 = running.engine.client("s3")
        self._machines = running.engine.client("stepfunctions")

    def send(self, file: Path, said: Mapping[UploadOption, str]) -> str:
        """Upload the file, as its sender would; returns the import that this begins."""
        key = f"{INCOMING}{new_id(os.urandom)}/{file.name}"
        with file.open("rb") as body:
            self._s3.put_object(
                Bucket=self._running.bucket,
                Key=key,
                Body=body,
                Metadata={wish.value: value for wish, value in said.items()},
            )
        head = self._s3.head_object(Bucket=self._running.bucket, Key=key)
        return import_id_of(key, head["VersionId"], int(head["LastModified"].timestamp()))

    def undo(self, import_id: str) -> None:
        """Undo an import and wait for it. Raises RosterCommandError."""
        started = self._machines.start_execution(
            stateMachineArn=self._running.machine, input=json.dumps({"undo": import_id})
        )
        for _ in _ticks():
            status = self._machines.describe_execution(executionArn=started["executionArn"])["status"]
            if status == "SUCCEEDED":
                return
            if status != "RUNNING":
                raise RosterCommandError(f"{import_id} ne peut pas être annulé : inconnu, non importé, ou trop ancien")
        raise RosterCommandError("l'annulation ne finit pas")

    def report(self, import_id: str) -> dict[str, Any]:
        """The report, once it is there. Raises RosterCommandError."""
        for _ in _ticks():
            found = self.read(ImportPaths(import_id).report("json"))
            if found is not None:
                report: dict[str, Any] = json.loads(found)
                return report
        raise RosterCommandError("le rapport n'arrive pas")

    def read(self, key: str) -> bytes | None:
        """An object of the bucket, if it is there."""
        try:
            body: bytes = self._s3.get_object(Bucket=self._running.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return body

    def figures(self) -> str:
        """The figures of every structure, counted now (CSV)."""
        answer = self._running.engine.client("lambda").invoke(
            FunctionName=f"{STAGES[STAGE].prefix}-import_roster", Payload=json.dumps({"action": "figures"})
        )
        return (self.read(json.load(answer["Payload"])["figures"]) or b"").decode("utf-8-sig")

    def reported(self) -> Iterator[tuple[str, str]]:
        """Every import that has a report, the latest first, with its state."""
        listed = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._running.bucket, Prefix="reports/")
        keys = [found["Key"] for page in listed for found in page.get("Contents", ())]
        for key in sorted((key for key in keys if key.endswith("/report.json")), reverse=True):
            yield str(key.split("/")[1]), json.loads(self.read(key) or b"{}").get("state", "")


def main() -> None:
    """Do what the environment says."""
    try:
        order = read_order(os.environ)
        running = find_running(int(os.environ.get("PORT") or _DEFAULT_PORT))
        forget_the_outside()
        rosters = Rosters(running)
        if order.figures:
            print(rosters.figures())
        elif order.undo or order.undoes_last:
            _undo(rosters, order.undo or last_import(rosters.reported()))
        else:
            _send(rosters, order)
    except UsageError as error:
        print(f"erreur : {error}", file=sys.stderr)
        sys.exit(2)
    except (NotRunningError, RosterCommandError) as error:
        sys.exit(f"erreur : {error}")


def _send(rosters: Rosters, order: Order) -> None:
    file = order.file
    import_id = rosters.send(file, order.said)
    report = rosters.report(import_id)
    _show(report)
    for kind in ("csv", "html"):
        place = file.with_name(f"{file.stem}.rapport.{kind}")
        place.write_bytes(rosters.read(ImportPaths(import_id).report(kind)) or b"")
        print(f"  {place}")
    if report["state"] == State.CHECKED and report["has_changes"] and UploadOption.APPLY not in order.said:
        print("  Pour importer : la même commande avec APPLY=1.")
    _show_findings(rosters.read(ImportPaths(import_id).report("csv")) or b"")
    if report["state"] in (State.REFUSED, State.FAILED):
        sys.exit(1)


def _undo(rosters: Rosters, import_id: str) -> None:
    rosters.undo(import_id)
    _show(rosters.report(import_id))
    left = (rosters.read(ImportPaths(import_id).left_alone) or b"").decode("utf-8-sig")
    if len(left.splitlines()) > 1:
        print(left)


def _show(report: Mapping[str, Any]) -> None:
    print(f"\n{report['title']}\n")
    for line in report["lines"]:
        print(f"  {line}")


def _show_findings(report: bytes) -> None:
    lines = report.decode("utf-8-sig").splitlines()[1:]
    for line in lines[:_SHOWN_LINES]:
        print(f"    {line.replace(';', '  ')}")
    if len(lines) > _SHOWN_LINES:
        print(f"    … {len(lines) - _SHOWN_LINES} autres dans le rapport")


def _ticks() -> Iterator[None]:
    deadline = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(_EVERY_SECONDS)


if __name__ == "__main__":
    main()
