"""The check of a roster, or of a correspondent's file: its faults, its changes, and the batches that make them."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

from activation.domain.employment import Structure
from activation.domain.findings import Changed
from activation.domain.ports import Accounts
from activation.domain.records import from_record
from activation.domain.roster.columns import ROSTER
from activation.domain.roster.comparison import ChangeKind, Guarded, RosterChange, guarded, is_unreachable
from activation.domain.roster.confirmations import Departures, MassChanges, Renamings
from activation.domain.roster.declared import changed_columns, weight_of
from activation.domain.roster.ending_links import EndingLinks, brings_other_mail, replaced_correspondents
from activation.domain.roster.imports import Action, ImportPaths, Prepared, UploadOption
from activation.domain.roster.ports import (
    READ_AT_ONCE,
    FileText,
    PutOff,
    RosterFiles,
    RosterIndex,
    StoredRosters,
    StoredStructure,
    UploadedFile,
    Workbooks,
)
from activation.domain.roster.remarks import Withheld, remarks_on, remarks_on_correspondent
from activation.domain.roster.rows import STRUCTURE_FIELDS, RosterRow
from activation.domain.roster.structures import (
    MOST_SPELLINGS,
    StructureVariant,
    changes_of,
    disagreements,
    known_otherwise,
    likely_spellings,
    most_frequent,
    standing_mail,
    written_twice,
)
from activation.domain.times import day_of_rights
from activation.domain.upload_keys import OF_ARRIVALS, UploadPaths
from activation.domain.uploads import MOST_CHANGES
from activation.imports.batches import BatchWriter, StructureChange, change_of, change_values
from activation.imports.file_check import CSV, YES, CheckProgress, Source, begin, check_file, refuse_when_most_are_bad
from activation.imports.findings import Findings
from activation.imports.reading import Judged, Survey, judge, survey
from activation.imports.senders import CorrespondentSender, Operator

ARRIVES = "entrée à confirmer par le CNAS"
"""Of whoever is closed, elsewhere or unknown, alike."""

MOST_LINES_FOR = {True: 10_000, False: 50_000}
"""Lines that the report of a correspondent's file has at most, and of an operator's."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that a check needs. `index` is empty at first."""

    files: RosterFiles
    workbooks: Workbooks
    rosters: StoredRosters
    accounts: Accounts
    index: RosterIndex


def prepare(ports: Ports, upload: UploadedFile, *, now: int, tell: Callable[[CheckProgress], object]) -> Prepared:
    """Check an operator's file, and write its report and its batches; nothing is applied here.

    The result says to apply only when the sender asked for it, and the file is not refused as a whole.
    """
    return _prepare(ports, upload, begin(upload, now=now), Operator(), tell)


def prepare_for(
    ports: Ports,
    upload: UploadedFile,
    sender: CorrespondentSender,
    paths: UploadPaths,
    *,
    now: int,
    tell: Callable[[CheckProgress], object],
) -> Prepared:
    """The same for a correspondent's file, whatever its object says of itself.

    What waits for their word is in the batches too: without it nothing is applied. Arrivals are in an import of
    their own, for an agent.
    """
    begun = Prepared(import_id=paths.import_id, file=upload.key.rpartition("/")[2], at=now, action=Action.NOTHING)
    return _prepare(ports, upload, begun, sender, tell)


def _prepare(
    ports: Ports, upload: UploadedFile, begun: Prepared, sender: Operator, tell: Callable[[CheckProgress], object]
) -> Prepared:
    def first(text: FileText, kept: UploadedFile) -> Survey:
        return survey(text, kept, ports.index, sender)

    def then(text: FileText, kept: UploadedFile, surveyed: Survey, begun: Prepared, findings: Findings) -> Prepared:
        check = _Check(ports, kept, surveyed, findings, sender=sender, import_id=begun.import_id)
        return check.run(text, begun, tell)

    return check_file(
        Source(ports.files, ports.workbooks, upload, ROSTER),
        begun,
        first,
        then,
        most_lines=MOST_LINES_FOR[sender.is_correspondent],
    )


class _Check:
    """One run over a file's rows."""

    def __init__(
        self,
        ports: Ports,
        upload: UploadedFile,
        surveyed: Survey,
        findings: Findings,
        *,
        sender: Operator,
        import_id: str,
    ) -> None:
        self._ports, self._upload, self._surveyed, self._findings = ports, upload, surveyed, findings
        self._sender = sender
        self._batches = BatchWriter(ports.files, ImportPaths(import_id))
        self._arrivals = BatchWriter(ports.files, ImportPaths(import_id + OF_ARRIVALS))
        self._counts: Counter[ChangeKind] = Counter()
        self._arriving = 0
        self._structures = set[str]()
        self._changes = list[Changed]()
        self._unreachable = 0
        self._rows = 0

    def run(self, text: FileText, begun: Prepared, tell: Callable[[CheckProgress], object]) -> Prepared:
        """Judge every row. Raises RosterRefusedError when all, or at least 20 and more than half, are refused."""
        index, rosters = self._ports.index, self._ports.rosters
        today = day_of_rights(begun.at)
        for judged in judge(text, rosters, self._upload, self._surveyed, index, sender=self._sender, today=today):
            self._take(judged)
            self._rows += judged.rows
            tell(CheckProgress(self._rows, self._surveyed.rows))
        waiting = [many for put_off in self._ports.index.put_off_by_structure() for many in self._settle(put_off)]
        links = EndingLinks(0, 0) if self._sender.is_correspondent else self._take_structures()
        waits = links.need_confirmation and not self._has_said(UploadOption.CONFIRM_CORRESPONDENTS)
        refuse_when_most_are_bad(self._findings, self._rows)
        changes = sorted(self._changes, key=weight_of)
        self._findings.add_changes(changes)
        batches = self._batches.finish()
        if self._arriving:
            self._finish_arrivals(begun.import_id + OF_ARRIVALS)
        wants = self._upload.said.get(UploadOption.APPLY) == YES
        return replace(
            begun,
            action=Action.APPLY if wants and batches else Action.NOTHING,
            rows=self._rows,
            batches=batches,
            counts=dict(self._counts),
            unconfirmed=tuple(many for many in waiting if isinstance(many, Departures)),
            unconfirmed_renamings=tuple(many for many in waiting if isinstance(many, Renamings)),
            unconfirmed_changes=tuple(many for many in waiting if isinstance(many, MassChanges)),
            unconfirmed_links=links if waits else None,
            ended_links=0 if waits else links.structures,
            unreachable=self._unreachable,
            arrivals=self._arriving,
            structures=tuple(sorted(self._structures)),
            changes=tuple(changes[:MOST_CHANGES]),
        )

    def _finish_arrivals(self, import_id: str) -> None:
        """Write the last batch of arrivals, and for whoever undoes them a report: what was found is in the file's."""
        self._arrivals.finish()
        self._ports.files.write(ImportPaths(import_id).report("csv"), Findings(most_lines=0).finish(), kind=CSV)

    def _take(self, judged: Judged) -> None:
        index = self._ports.index
        index.count_people(
            Counter(change.counted_structure for _, change in judged.changes if not self._arrives(change))
        )
        changed = [(row, change) for row, change in judged.changes if change.kind is not ChangeKind.UNCHANGED]
        self._counts[ChangeKind.UNCHANGED] += len(judged.changes) - len(changed)
        remarks = [
            remark
            for row, change in judged.changes
            if change.kind is not ChangeKind.UNCHANGED or change.stored is None
            for remark in remarks_on(row, change, judged.shared, read_by_others=judged.read_by_others[row.number])
        ]
        self._findings.add([*judged.faults, *judged.remarks, *remarks])
        put_off = set()
        for row, change in changed:
            self._structures |= {change.counted_structure, change.entry.structure_id}
            if self._arrives(change):
                self._findings.add([Withheld(row.number, ARRIVES)])
                self._arrivals.add(change)
                self._arriving += 1
            elif why := guarded(change):
                values = {"change": change_values(change), "structure": asdict(row.structure)}
                index.put_off(change.counted_structure, row.number, json.dumps(values).encode(), why)
                put_off.add(row.number)
            else:
                self._apply(row.number, change)
        index.keep_structures(_variants([row for row, _ in judged.changes if row.number not in put_off]))

    def _settle(self, put_off: PutOff) -> list[Departures | Renamings | MassChanges]:
        """Put what is put off of a structure into batches, or leave it out; returns what needs a confirmation.

        What is left out says nothing of its structure either: a code that was filled down makes no structures.
        """
        unconfirmed = [
            (many, what)
            for many, option, what in _guards(put_off, of_active=not self._sender.is_correspondent)
            if many.need_confirmation and not self._has_said(option)
        ]
        for row, stored in self._ports.index.put_off_of(put_off.structure_id):
            values = json.loads(stored)
            change = change_of(values["change"])
            why = guarded(change)
            reason = next((many.words for many, what in unconfirmed if what in why), None)
            if reason:
                self._findings.add([Withheld(row, reason)])
            if not reason or self._sender.is_correspondent:
                self._ports.index.keep_structures(
                    [StructureVariant(from_record(Structure, values["structure"]), 1, row)]
                )
                self._apply(row, change)
        return [many for many, _ in unconfirmed]

    def _arrives(self, change: RosterChange) -> bool:
        """Whether it is of nobody whom the sender answers for: for an agent, and of no weight among their people."""
        return self._sender.is_correspondent and change.stored is None

    def _apply(self, row: int, change: RosterChange) -> None:
        self._batches.add(change)
        if self._sender.is_correspondent and change.stored:
            columns = changed_columns(change.stored.roster, change.entry)
            self._changes.append(Changed(row, change.identifier, columns, change.kind is ChangeKind.LEFT))
        self._counts[change.kind] += 1
        self._unreachable += is_unreachable(change)

    def _has_said(self, option: UploadOption) -> bool:
        return self._upload.said.get(option) == YES

    def _take_structures(self) -> EndingLinks:
        """Put changed structures into batches; returns the links that the file ends, or would."""
        absent = self._surveyed.header.absent
        unsaid = tuple(name for column, name in STRUCTURE_FIELDS.items() if column in absent)
        previous: StructureVariant | None = None
        mails: dict[str, str] = {}
        linked, ending = 0, list[tuple[StructureChange, int]]()
        for some in _some(self._ports.index.structures()):
            codes = {variants[0].structure.structure_id for variants in some}
            asked = codes.union(*map(likely_spellings, codes))
            found = self._ports.rosters.stored_structures(sorted(asked))
            for variants in some:
                first = variants[0]
                stored = found.get(first.structure.structure_id)
                before = stored.structure if stored else None
                structure = most_frequent(variants, before)
                says_so = next((each for each in variants if each.structure == structure), first)
                self._findings.add(
                    [
                        *disagreements(variants, structure, before),
                        *changes_of(before, structure, says_so.first),
                        *(remarks_on_correspondent(structure, says_so.first) if structure != before else ()),
                        *written_twice(previous, first),
                        *(known_otherwise(first, found) if before is None else ()),
                    ]
                )
                previous = first
                mails[structure.structure_id] = standing_mail(structure, before)
                linked += bool(stored and stored.correspondents)
                change = StructureChange(structure, before, unsaid, self._replaced(stored, structure))
                if change.replaced:
                    ending.append((change, says_so.first))
                elif structure != before:
                    self._batches.add_structure(change)
        self._batches.keep_mails(mails)
        return self._end_links(EndingLinks(len(ending), linked), ending)

    def _replaced(self, stored: StoredStructure | None, structure: Structure) -> tuple[str, ...]:
        if stored is None or not (stored.correspondents and brings_other_mail(stored.structure, structure)):
            return ()
        answering = filter(None, map(self._ports.accounts.get, stored.correspondents))
        return replaced_correspondents(stored.structure, answering)

    def _end_links(self, links: EndingLinks, ending: Sequence[tuple[StructureChange, int]]) -> EndingLinks:
        """Put the structures whose correspondent is replaced into batches, or leave them out, all or none."""
        waits = links.need_confirmation and not self._has_said(UploadOption.CONFIRM_CORRESPONDENTS)
        for change, row in ending:
            if waits:
                self._findings.add([Withheld(row, links.words)])
            else:
                self._batches.add_structure(change)
        return links


def _guards(
    put_off: PutOff, *, of_active: bool
) -> list[tuple[Departures | Renamings | MassChanges, UploadOption, Guarded]]:
    """What of a structure's people may wait, for which word, and which changes do."""
    structure_id, numbers, people = put_off.structure_id, put_off.numbers, put_off.people
    renamings = Renamings(structure_id, numbers[Guarded.RENAMES], numbers[Guarded.HOLDS], people, of_active)
    return [
        (Departures(structure_id, numbers[Guarded.LEAVES], people), UploadOption.CONFIRM_DEPARTURES, Guarded.LEAVES),
        (renamings, UploadOption.CONFIRM_RENAMINGS, Guarded.RENAMES if renamings.are_many else Guarded.HOLDS),
        *(
            (MassChanges(structure_id, what, numbers[what], people), UploadOption.CONFIRM_CHANGES, what)
            for what in (Guarded.MOVES, Guarded.CONTACTS)
        ),
    ]


def _variants(rows: Sequence[RosterRow]) -> Iterator[StructureVariant]:
    """What these rows say of their structures."""
    first = {row.structure: row.number for row in reversed(rows)}
    times = Counter(row.structure for row in rows)
    return (StructureVariant(structure, times[structure], number) for structure, number in first.items())


def _some(structures: Iterator[Sequence[StructureVariant]]) -> Iterator[list[Sequence[StructureVariant]]]:
    """As many structures at a time as one read finds with the likely spellings of their codes."""
    while some := list(islice(structures, READ_AT_ONCE // (1 + MOST_SPELLINGS))):
        yield some
