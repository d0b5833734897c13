"""The check of any file, of people or of states: kept, read twice, judged, and reported on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, Protocol, TypeVar

from activation.domain.contacts import ContactRejectedError, parse_email
from activation.domain.roster.columns import FileHeader, RosterRefusedError, Vocabulary
from activation.domain.roster.files import Encoding
from activation.domain.roster.imports import Action, ImportPaths, Prepared, UploadOption, import_id_of
from activation.domain.roster.ports import FileText, RosterFiles, UploadedFile, Workbooks
from activation.domain.roster.summary import about_file
from activation.imports.findings import Findings

FEWEST_REFUSED = 20
"""With at least so many rows refused, and more than half of all rows, the whole file is refused."""

_SWAPPED = " : des colonnes sont peut-être interverties"

CSV = "text/csv; charset=utf-8"

YES = "yes"


class CheckProgress(NamedTuple):
    """How many rows are checked, and `of` how many."""

    rows: int
    of: int


class Surveyed(Protocol):
    """What the first reading of a file tells of it, whatever else it tells."""

    @property
    def header(self) -> FileHeader[Any]:
        """Its header."""

    @property
    def encoding(self) -> Encoding:
        """How it was read."""


AnySurvey = TypeVar("AnySurvey", bound=Surveyed)


class Source(NamedTuple):
    """A file that was sent, where from, and which sort it is to be."""

    files: RosterFiles
    workbooks: Workbooks
    upload: UploadedFile
    vocabulary: Vocabulary[Any]


def check_file(
    source: Source,
    begun: Prepared,
    first: Callable[[FileText, UploadedFile], AnySurvey],
    then: Callable[[FileText, UploadedFile, AnySurvey, Prepared, Findings], Prepared],
    *,
    most_lines: int,
) -> Prepared:
    """Read a file a `first` time and `then` judge it, and write its report; either may raise RosterRefusedError."""
    paths, files = ImportPaths(begun.import_id), source.files
    findings = Findings(most_lines=most_lines)
    try:
        kept = files.keep(source.upload, paths.source)
        with source.workbooks.opened(files, kept, source.vocabulary) as opened:
            begun = replace(begun, sheet=opened.sheet)
            surveyed = first(opened.text, kept)
            begun = replace(begun, ignored=surveyed.header.ignored, encoding=surveyed.encoding.guessed)
            prepared = then(opened.text, kept, surveyed, begun, findings)
    except RosterRefusedError as error:
        prepared = replace(begun, refusal=str(error))
    findings.add_of_file(about_file(prepared))
    files.write(paths.report("csv"), findings.finish(), kind=CSV)
    return replace(prepared, refused=findings.refused, remarks=findings.remarks, found=findings.first)


def refuse_when_most_are_bad(findings: Findings, rows: int) -> None:
    """Raise RosterRefusedError when all rows, or at least 20 and more than half, are refused."""
    refused, then = findings.refused, "Rien n'est importé ; corrigez le fichier d'après le rapport."
    if refused >= FEWEST_REFUSED and refused * 2 > rows:
        usual = [reason for reason, times in findings.only_reasons.items() if times * 2 > refused]
        why = f", le plus souvent pour ce motif : « {usual[0]} »" if usual else _SWAPPED
        raise RosterRefusedError(f"Plus de la moitié des lignes sont refusées{why}. {then}")
    if refused == rows:
        raise RosterRefusedError(f"Aucune ligne n'est bonne. {then}")


def begin(upload: UploadedFile, *, now: int) -> Prepared:
    """The import of an operator's file, of which nothing is known yet."""
    return Prepared(
        import_id=import_id_of(upload.key, upload.version, upload.sent_at),
        file=upload.key.rpartition("/")[2],
        at=now,
        action=Action.NOTHING,
        sender=_sender(upload),
    )


def _sender(upload: UploadedFile) -> str:
    """The mail address for the summary; empty when the upload names none, or no valid one."""
    try:
        return parse_email(upload.said.get(UploadOption.SENDER, "")).value
    except ContactRejectedError:
        return ""
