"""What correspondents declare, around in-memory ports: Claire Fontaine answers for S1 and S2, nobody for S9."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from activation.adapters.roster_index import SqliteRosterIndex
from activation.adapters.workbooks import ChildProcessWorkbooks
from activation.domain.accounts import Account
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.roster.columns import Column
from activation.domain.roster.declared import version_of
from activation.domain.roster.imports import Action, ImportPaths
from activation.domain.roster.rows import Fault
from activation.domain.upload_keys import UploadPaths
from activation.domain.uploads import Upload
from activation.imports import preparation, single_row, uploads
from activation.imports.single_row import TakenRow, TypedRow, take_in_row
from functions.import_roster import orders
from functions.support import arrivals
from functions.support.service import Call
from tests.builders import CLAIRE, active_correspondent
from tests.fakes.uploads import FakeGivenContacts, FakeUploads
from tests.in_memory.roster import InMemoryRosterService, as_csv

MAIRIE = Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", "accueil@mairie.example")
CCAS = Structure("S2", "CCAS de Mondomaine")
ELSEWHERE = Structure("S9", "Mairie d'Ailleurs")


class InMemoryDeclarations(InMemoryRosterService):
    """Everything that a correspondent's file, or row, needs."""

    def __init__(self, *people: Account, **limits: int) -> None:
        super().__init__(*people)
        self.limits = replace(self.limits, **limits)
        self.arrivals_need_agent = True
        self.uploads, self.given = FakeUploads(), FakeGivenContacts()
        for structure in (MAIRIE, CCAS, ELSEWHERE):
            self.structures.save(structure)
        self.accounts.add(active_correspondent())
        self.link(CLAIRE, "S1", "S2")

    @property
    def order_ports(self) -> orders.Ports:
        of_uploads = self.store, self.uploads, self.scopes, self.given, self.files
        return orders.Ports(*of_uploads, self.accounts, self.links, self.outbox, self.arrivals_need_agent)

    @property
    def upload_ports(self) -> uploads.Ports:
        return uploads.Ports(self.store, self.uploads, self.files)

    @property
    def arrival_ports(self) -> arrivals.Ports:
        return arrivals.Ports(self.store, self.accounts, self.uploads, self.rosters, self.files)

    def send_in(self, *rows: Mapping[str, str], sender: str = CLAIRE, columns: tuple[str, ...] = ()) -> Upload:
        return self.send_bytes(_file(rows, columns), sender=sender)

    def send_bytes(self, body: bytes, *, sender: str = CLAIRE) -> Upload:
        upload = uploads.send(self.upload_ports, sender, (), body, context=self.context)
        self.carry_out(UploadPaths(sender, upload.upload_id).file)
        return self.upload(upload)

    def apply(self, upload: Upload, *confirmed: str) -> Upload:
        uploads.apply(self.upload_ports, self.upload(upload), confirmed, context=self.context)
        self.carry_out(_paths(upload).application)
        return self.upload(upload)

    def take_back(self, upload: Upload) -> Upload:
        uploads.take_back(self.upload_ports, self.upload(upload), context=self.context)
        self.carry_out(_paths(upload).undoing)
        return self.upload(upload)

    def admit(self, upload: Upload) -> orders.Begun | None:
        call = Call("anne", "Appel")
        arrivals.admit(self.arrival_ports, call, import_id=_paths(upload).import_id, context=self.context)
        return self.carry_out(_paths(upload).arrivals)

    def carry_out(self, key: str) -> orders.Begun | None:
        """Let the machine do what an object orders, from its first step to its last."""
        act = self.begin(key)
        if act and act.does is not Action.NOTHING:
            for batch in json.loads(self.files.objects[ImportPaths(act.import_id).manifest]):
                counts = self.work_in(act.import_id, act.does, batch["batch"])
                orders.go_on(self.uploads, act.import_id, act.does, sum(counts.values()))
            orders.finish(self.order_ports, act.import_id, act.does, has_failed=False, random=self.random, now=self.now)
        return act

    def begin(self, key: str) -> orders.Begun | None:
        def check() -> preparation.Ports:
            index = SqliteRosterIndex()
            return preparation.Ports(self.files, ChildProcessWorkbooks(), self.rosters, self.accounts, index)

        return orders.begin(self.order_ports, key, "v1", now=self.now, check=check)

    def upload(self, upload: Upload) -> Upload:
        return self.uploads.rows[upload.sender, upload.upload_id]

    def report_of(self, upload: Upload) -> list[list[str]]:
        return self.cells(ImportPaths(_paths(upload).import_id).report("csv"))[1:]

    def link(self, identifier: str, *structures: str) -> None:
        """Let that correspondent answer for these structures, and no others."""
        self.change_account(identifier, structures=structures)
        for name, structure in self.structures.rows.items():
            others = [one for one in self._answering(name) if one != identifier]
            answering = (*others, identifier) if name in structures else tuple(others)
            self.links.rows[name] = LinkedStructure(structure, answering)

    def version(self, identifier: str = "10000001") -> str:
        return version_of(self.account(identifier).beneficiary.roster)

    def type(
        self,
        identifier: str = "10000001",
        *,
        version: str | None = None,
        confirmed: tuple[str, ...] = (),
        sender: str = CLAIRE,
        **cells: str,
    ) -> TakenRow | list[Fault]:
        columns = {Column(name): text for name, text in cells.items()}
        row = TypedRow(identifier, version or self.version(identifier), columns, confirmed)
        return take_in_row(single_row.Ports(self.declaration_ports, self.given), sender, row, context=self.context)

    def _answering(self, structure_id: str) -> tuple[str, ...]:
        row = self.links.rows.get(structure_id)
        return row.correspondents if row else ()


def _paths(upload: Upload) -> UploadPaths:
    return UploadPaths(upload.sender, upload.upload_id)


def _file(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    if not columns:
        return as_csv(rows)
    lines = [";".join(row.get(column, "") for column in columns) for row in rows]
    return "\n".join([";".join(columns), *lines]).encode()
