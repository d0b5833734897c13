"""The roster import around in-memory ports."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from activation.adapters.roster_index import SqliteRosterIndex
from activation.adapters.workbooks import ChildProcessWorkbooks
from activation.domain.accounts import Account
from activation.domain.employment import RosterEntry, Structure
from activation.domain.findings import Nature
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.imports import declaration
from activation.imports.application import Ports as ApplyPorts
from activation.imports.file_check import CheckProgress
from activation.imports.scopes import LinkedScopes
from functions.import_roster import reporting, service
from tests.builders import MAIL
from tests.fakes.rosters import FakeRosterFiles, FakeRosters
from tests.in_memory import InMemoryService

HEADER = [column.value for column in Column]
Row = Mapping[str, str]


def line(identifier: str = "10000001", **more: str) -> dict[str, str]:
    """A row of a file: Louis Garcia's, with these cells changed."""
    cells = {
        "identifier": identifier,
        "last_name": "Garcia",
        "first_name": "Louis",
        "email": f"p{identifier}@exemple.fr",
        "structure_id": "S1",
        "structure_name": "Mairie de Mondomaine",
        "correspondent_name": "Claire Fontaine",
        "correspondent_email": "claire@mairie.example",
    }
    return {**dict.fromkeys(HEADER, ""), **cells, **more}


def as_csv(
    rows: Iterable[Row], *, delimiter: str = ";", encoding: str = "utf-8", header: Sequence[str] = HEADER
) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


class InMemoryRosterService(InMemoryService):
    """Everything that an import needs, and the steps that the state machine takes."""

    def __init__(self, *people: Account) -> None:
        super().__init__(*people)
        self.files = FakeRosterFiles()
        self.rosters = FakeRosters(self.accounts, self.structures, self.links)
        self.scopes = LinkedScopes(self.accounts, self.links)
        self.progress = list[CheckProgress]()
        self._sent = 0

    @property
    def declaration_ports(self) -> declaration.Ports:
        return declaration.Ports(
            self.store, self.rosters, self.flows, self.outbox, self.accounts, self.counters, self.scopes
        )

    def send(self, body: bytes, **said: str) -> Prepared:
        self._sent += 1
        key = self.files.send(f"incoming/S1/{self._sent}.csv", body, **said)
        ports = service.CheckPorts(self.files, ChildProcessWorkbooks(), self.rosters, self.accounts, SqliteRosterIndex)
        return service.check(ports, key, "v1", now=self.now, tell=self.progress.append)

    def check(self, *rows: Row, **said: str) -> Prepared:
        return self.send(as_csv(rows), **said)

    def take_in(self, *rows: Row, **said: str) -> Prepared:
        prepared = self.check(*rows, apply="yes", **said)
        self.work(prepared, prepared.action)
        return prepared

    def work(self, prepared: Prepared, does: Action) -> None:
        if does is not Action.NOTHING:
            for batch in self.batches(prepared):
                self.work_on(prepared, does, batch)

    def work_on(self, prepared: Prepared, does: Action, batch: str) -> dict[str, int]:
        return self.work_in(prepared.import_id, does, batch)

    def work_in(self, import_id: str, does: Action, batch: str) -> dict[str, int]:
        applied = ApplyPorts(self.store, self.rosters, self.flows, self.outbox, self.accounts, self.links)
        ports = self.files, applied, self.declaration_ports
        return service.work(*ports, does=does, import_id=import_id, batch=batch, context=self.context)

    def undo(self, prepared: Prepared) -> dict[str, str]:
        """Undo an import; returns who is left alone, and why."""
        found = service.find_undoable(self.files, prepared.import_id, now=self.now)
        self.work(found, Action.UNDO)
        self.report(prepared, Action.UNDO)
        rows = self.cells(ImportPaths(prepared.import_id).left_alone)
        return {row[0]: row[1] for row in rows[1:]}

    def report(self, prepared: Prepared, does: Action, *, has_failed: bool = False) -> dict[str, Any]:
        ports = reporting.Ports(self.files, self.mail)
        reported = reporting.report(ports, prepared.import_id, does, has_failed=has_failed)
        written: dict[str, Any] = json.loads(self.files.objects[ImportPaths(prepared.import_id).report("json")])
        assert written["state"] == reported.state
        return written

    def report_page(self, prepared: Prepared) -> str:
        self.report(prepared, prepared.action)
        return self.files.objects[ImportPaths(prepared.import_id).report("html")].decode()

    def batches(self, prepared: Prepared) -> list[str]:
        manifest = json.loads(self.files.objects[ImportPaths(prepared.import_id).manifest])
        return [item["batch"] for item in manifest]

    def findings(self, prepared: Prepared) -> list[list[str]]:
        """The lines of the report on rows, without its header."""
        return [found for found in self._lines_of(prepared) if found[1] != Nature.OF_FILE]

    def said_of_file(self, prepared: Prepared) -> list[str]:
        return [found[3] for found in self._lines_of(prepared) if found[:3] == ["", Nature.OF_FILE, ""]]

    def _lines_of(self, prepared: Prepared) -> list[list[str]]:
        return self.cells(ImportPaths(prepared.import_id).report("csv"))[1:]

    def cells(self, key: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.files.objects[key].decode("utf-8-sig")), delimiter=";"))

    def stored_rosters(self) -> dict[str, RosterEntry]:
        return {identifier: account.beneficiary.roster for identifier, account in self.accounts.rows.items()}


def counted(prepared: Prepared) -> dict[str, int]:
    """The counts that are not nought."""
    return {kind.value: prepared.counts[kind] for kind in ChangeKind if prepared.counts.get(kind)}


LOUIS = line(email=MAIL.value, mobile="06 12 34 56 78")
STRUCTURE = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", "claire@mairie.example")
