"""The import of files of states around in-memory ports."""

from functools import partial

from activation.adapters.roster_index import SqliteRosterIndex
from activation.adapters.workbooks import ChildProcessWorkbooks
from activation.catalogue import catalogue
from activation.domain.requests.request import Request
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.domain.roster.state_columns import StateColumn
from activation.imports.state_application import ApplyPorts
from activation.imports.state_preparation import CheckPorts
from functions.import_roster import states
from tests.in_memory.roster import InMemoryRosterService, Row, as_csv

STATE_HEADER = [column.value for column in StateColumn]


def said(state: str = "examined", state_on: str = "2026-11-20", **more: str) -> dict[str, str]:
    """A row of a file of states: Louis Garcia's request for his child's start of term, sent by post."""
    cells = {"identifier": "10000001", "kind": "rentree-11-18", "sent_on": "2026-11-02"}
    return {**dict.fromkeys(STATE_HEADER, ""), **cells, "state": state, "state_on": state_on, **more}


def by_number(number: str, state: str, state_on: str = "2026-11-24", **more: str) -> dict[str, str]:
    return {**dict.fromkeys(STATE_HEADER, ""), "number": number, "state": state, "state_on": state_on, **more}


as_states = partial(as_csv, header=STATE_HEADER)


class InMemoryStates(InMemoryRosterService):
    """Everything that an import of states needs, and the steps that the state machine takes."""

    def send_states(self, body: bytes, **options: str) -> Prepared:
        self._sent += 1
        key = self.files.send(f"states/{self._sent}.csv", body, **options)
        ports = CheckPorts(
            self.files, ChildProcessWorkbooks(), self.rosters, self.requests, catalogue(), SqliteRosterIndex()
        )
        return states.check(ports, key, "v1", now=self.now, tell=self.progress.append)

    def check_states(self, *rows: Row) -> Prepared:
        return self.send_states(as_states(rows))

    def take_in_states(self, *rows: Row) -> Prepared:
        prepared = self.send_states(as_states(rows), apply="yes")
        self.work(prepared, prepared.action)
        return prepared

    def work_on(self, prepared: Prepared, does: Action, batch: str) -> dict[str, int]:
        ports = self.files, ApplyPorts(self.store, self.requests, self.accounts, self.outbox, catalogue())
        return states.work(*ports, does=does, import_id=prepared.import_id, batch=batch, context=self.context)

    def refusals(self, *rows: Row) -> list[tuple[str, str, str]]:
        """The line, the column and the reason of each refusal of a file of these rows, with a good one after them."""
        prepared = self.check_states(*rows, said(sent_on="2026-10-01"))
        return [(row, column, reason) for row, nature, column, reason in self.findings(prepared) if nature == "refus"]

    def the_request(self) -> Request:
        (request,) = self.requests.rows.values()
        return request

    def remarks(self, prepared: Prepared) -> list[str]:
        return [reason for _, nature, _, reason in self.findings(prepared) if nature == "remarque"]

    def left_alone(self, prepared: Prepared) -> list[list[str]]:
        return self.cells(ImportPaths(prepared.import_id).left_alone)
