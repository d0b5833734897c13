"""`make roster FILE=…`: send a file to the running product, as to the bucket on AWS, and show its import's report.

From the environment: `APPLY=1` takes it in, `SENDER` is where the summary goes, `UNDO=1` undoes the last import,
`UNDO=<import>` that one, `FIGURES=1` shows the structures' figures. However many they are, `CONFIRM=1` confirms
departures, `CONFIRM_NAMES=1` other names, `CONFIRM_CHANGES=1` moves and lost contacts, `CONFIRM_CORRESPONDENTS=1` other
correspondents. Yes is `1`, `yes` or `oui`, no `0` or nothing. Status 2 for a wrong order, 1 for a refused one.
"""

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from activation.domain.roster.imports import INCOMING, STATES, ImportPaths, State, UploadOption, is_of_states
from activation.domain.roster.words import count_of
from infra.stages import STAGES
from local.engine import forget_the_outside
from local.orders import Order, UsageError, read_order, read_port
from local.roster_bucket import NoReportError, RosterBucket, ticks
from local.running import NotRunningError, Running, find_running
from local.template import STAGE

_SHOWN_LINES = 20


class RosterCommandError(Exception):
    """The command can't be carried out as it was given."""


def last_import(reported: Iterable[tuple[str, str]]) -> str:
    """The import to undo, of the reported ones with their states, latest first. Raises RosterCommandError."""
    for import_id, state in reported:
        if state in (State.APPLIED, State.FAILED):
            return import_id
        if state == State.UNDONE:
            raise RosterCommandError(f"{import_id} est déjà annulé ; pour en annuler un autre : UNDO=<import>")
    raise RosterCommandError("aucun import à annuler")


class Rosters(RosterBucket):
    """The roster bucket and the import of a running product; files go under `folder`."""

    def __init__(self, running: Running, *, folder: str = INCOMING) -> None:
        super().__init__(running.engine.client("s3"), running.bucket, folder=folder)
        self._machine = running.machine
        self._machines = running.engine.client("stepfunctions")
        self._functions = running.engine.client("lambda")

    def undo(self, import_id: str) -> None:
        """Undo an import and wait for it. Raises RosterCommandError, or NoReportError."""
        started = self._machines.start_execution(stateMachineArn=self._machine, input=json.dumps({"undo": import_id}))
        for _ in ticks():
            status = self._machines.describe_execution(executionArn=started["executionArn"])["status"]
            if status == "SUCCEEDED":
                return
            if status != "RUNNING":
                raise RosterCommandError(f"{import_id} ne peut pas être annulé : inconnu, non importé, ou trop ancien")
        raise NoReportError(import_id)

    def figures(self) -> str:
        """The figures of every structure, counted now (CSV)."""
        answer = self._functions.invoke(
            FunctionName=f"{STAGES[STAGE].prefix}-import_roster", Payload=json.dumps({"action": "figures"})
        )
        return (self.read(json.load(answer["Payload"])["figures"]) or b"").decode("utf-8-sig")


def main() -> None:
    """Carry out the order in the environment."""
    run("roster")


def run(command: str, *, folder: str = INCOMING) -> None:
    """Carry out the order in the environment for that command, whose files go under `folder`."""
    try:
        port, order = read_port(os.environ), read_order(os.environ, command=command)
        running = find_running(port)
        forget_the_outside()
        rosters = Rosters(running, folder=folder)
        if order.figures:
            print(rosters.figures())
        elif order.undo or order.undoes_last:
            _undo(rosters, order.undo or last_import(of_sort(folder, rosters.reported())))
        else:
            _send(rosters, order)
    except UsageError as error:
        print(f"erreur : {error}", file=sys.stderr)
        sys.exit(2)
    except (NotRunningError, RosterCommandError) as error:
        sys.exit(f"erreur : {error}")
    except NoReportError as error:
        sys.exit(f"erreur : l'import {error} ne finit pas")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"erreur : le service refuse, ou ne répond pas ({type(error).__name__})")
    except OSError as error:
        sys.exit(f"erreur : ce fichier ne peut être lu ou écrit : {error.filename}")


def of_sort(folder: str, reported: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of the reported imports that are of the folder's sort."""
    return (each for each in reported if is_of_states(each[0]) is (folder == STATES))


def _send(rosters: Rosters, order: Order) -> None:
    file = order.file
    with file.open("rb") as body:
        import_id = rosters.send(file.name, body, order.said)
    report = rosters.report(import_id)
    _show(report)
    for kind in ("csv", "html"):
        place = file.with_name(f"{file.stem}.rapport.{kind}")
        place.write_bytes(rosters.read(ImportPaths(import_id).report(kind)) or b"")
        print(f"  {place}")
    if report["state"] == State.CHECKED and report["has_changes"] and UploadOption.APPLY not in order.said:
        print("  Pour importer : la même commande avec APPLY=1.")
    for line in shown(rosters.read(ImportPaths(import_id).report("csv")) or b""):
        print(f"    {line}")
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


def shown(report: bytes) -> Iterator[str]:
    """The first findings of a report (CSV), and how many others it has."""
    findings = list(csv.reader(io.StringIO(report.decode("utf-8-sig")), delimiter=";"))[1:]
    yield from map("  ".join, findings[:_SHOWN_LINES])
    if len(findings) > _SHOWN_LINES:
        yield f"… {count_of(len(findings) - _SHOWN_LINES, 'autre', 'autres')} dans le rapport"


if __name__ == "__main__":
    main()
