"""The report of an import: adds up the results of its batches, writes a page, and sends a mail to the file's sender."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from activation.domain.findings import Changed, Finding, Nature
from activation.domain.outbox import RefusedByProviderError
from activation.domain.ports import MailSender
from activation.domain.records import from_record
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.confirmations import Departures, MassChanges, Renamings
from activation.domain.roster.ending_links import EndingLinks
from activation.domain.roster.imports import Action, ImportPaths, Prepared, State, is_of_states
from activation.domain.roster.ports import RosterFiles
from activation.domain.roster.summary import Outcome
from activation.domain.roster.words import FINDING_COLUMNS, neutralize

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_SHOWN = 500
"""The most lines of findings on the page; the CSV has more."""

MOST_IN_A_MAIL = 10
"""The most refused rows that the mail names."""

_CSV = "text/csv; charset=utf-8"


class Ports(NamedTuple):
    """The ports that a report needs."""

    files: RosterFiles
    mail: MailSender


class Reported(NamedTuple):
    """How an import ended, and whether its sender's mail was refused: then nobody got the summary."""

    state: State
    is_mail_refused: bool = False


def keep_prepared(files: RosterFiles, prepared: Prepared) -> None:
    """Store the result of the check for the steps that follow."""
    _write_json(files, ImportPaths(prepared.import_id).prepared, asdict(prepared))


def read_prepared(files: RosterFiles, import_id: str) -> Prepared:
    """The result of that import's check. Raises FileNotFoundError when there is no such import."""
    values = json.loads(files.read(ImportPaths(import_id).prepared))
    return from_record(  # the kinds in `counts` stay strings, which are equal to them
        Prepared,
        values
        | {
            "action": Action(values["action"]),
            "unconfirmed": tuple(from_record(Departures, departures) for departures in values["unconfirmed"]),
            "unconfirmed_renamings": tuple(
                from_record(Renamings, renamings) for renamings in values.get("unconfirmed_renamings", ())
            ),
            "unconfirmed_changes": tuple(
                from_record(MassChanges, changes) for changes in values.get("unconfirmed_changes", ())
            ),
            "unconfirmed_links": from_record(EndingLinks, values["unconfirmed_links"])
            if values.get("unconfirmed_links")
            else None,
            "ignored": tuple(values["ignored"]),
            "structures": tuple(values.get("structures", ())),
            "found": tuple(from_record(Finding, finding) for finding in values.get("found", ())),
            "changes": tuple(
                from_record(Changed, change | {"columns": tuple(change["columns"])})
                for change in values.get("changes", ())
            ),
        },
    )


def keep_result(files: RosterFiles, import_id: str, action: Action, batch: str, result: dict[str, Any]) -> None:
    """Store the result of one batch, in place of that of an earlier try."""
    _write_json(files, ImportPaths(import_id).result(action, batch), result)


def report(ports: Ports, import_id: str, action: Action, *, has_failed: bool) -> Reported:
    """Write the report and mail the summary; a second report of the same import has the same content.

    An address that the mail provider refuses ends no import.
    """
    outcome = _outcome(ports.files, read_prepared(ports.files, import_id), action, has_failed=has_failed)
    paths, files = ImportPaths(import_id), ports.files
    prepared, shown = outcome.prepared, {"title": outcome.title, "lines": outcome.lines}
    told = {"state": outcome.state, **shown, "has_changes": prepared.batches > 0, "at": prepared.at}
    _write_json(files, paths.report("json"), told)
    findings = _findings(files, paths)
    page = _render("report.html", **shown, **findings)
    files.write(paths.report("html"), page.encode(), kind="text/html; charset=utf-8")
    if prepared.sender:
        lines = [*outcome.lines, *_where(outcome, paths)]
        rows = [] if outcome.state is State.UNDONE else _first_refused(findings["findings"])
        try:
            ports.mail.send(
                prepared.sender,
                subject=outcome.subject,
                text="\n\n".join([*lines, *filter(None, ["\n".join(rows)])]) + "\n",
                html=_render("summary.html", title=outcome.title, lines=lines, rows=rows),
                message_id=import_id,
            )
        except RefusedByProviderError:
            return Reported(outcome.state, is_mail_refused=True)
    return Reported(outcome.state)


def _where(outcome: Outcome, paths: ImportPaths) -> Iterator[str]:
    """Sentences with the keys of the full reports in the bucket."""
    yield f"Rapport, dans le compartiment : {paths.report('html')} et {paths.report('csv')}."
    if outcome.left_alone:
        yield f"Liste de qui est laissé tel quel : {paths.left_alone}."


def _first_refused(findings: Sequence[Sequence[str]]) -> list[str]:
    """The first refused rows in French, without any value from the file."""
    refused = ((row, column, reason) for row, kind, column, reason in findings if kind == Nature.REFUSED)
    return [
        f"Ligne {row}{column and f', {column}'} : {reason}" for row, column, reason in islice(refused, MOST_IN_A_MAIL)
    ]


def _outcome(files: RosterFiles, prepared: Prepared, action: Action, *, has_failed: bool) -> Outcome:
    results = [json.loads(files.read(key)) for key in files.keys(ImportPaths(prepared.import_id).results(action))]
    if action is Action.UNDO:
        left = {name: reason for result in results for name, reason in result["left_alone"].items()}
        _write_left_alone(files, prepared.import_id, left)
        state = State.FAILED if has_failed else State.UNDONE
        return Outcome(state, prepared, sum(result["restored"] for result in results), len(left))
    if action is Action.APPLY:
        done = Counter[ChangeKind]({ChangeKind.UNCHANGED: prepared.counts[ChangeKind.UNCHANGED]})
        for result in results:
            done.update({ChangeKind(kind): number for kind, number in result["counts"].items()})
        state, left_out = (
            State.FAILED if has_failed else State.APPLIED,
            sum(each.get("left_out", 0) for each in results),
        )
        return Outcome(state, replace(prepared, counts=dict(done)), left_out=left_out)
    return Outcome(State.REFUSED if prepared.refusal else State.CHECKED, prepared)


def _write_left_alone(files: RosterFiles, import_id: str, left: dict[str, str]) -> None:
    """List the people who are left alone, by identifier; for a file of states the requests, by line in the file."""
    text, paths = io.StringIO(), ImportPaths(import_id)
    lines = csv.writer(text, delimiter=";")
    lines.writerow(("ligne" if is_of_states(import_id) else "identifiant", "motif"))
    lines.writerows((neutralize(identifier), reason) for identifier, reason in sorted(left.items()))
    files.write(paths.left_alone, text.getvalue().encode("utf-8-sig"), kind=_CSV)


def _findings(files: RosterFiles, paths: ImportPaths) -> dict[str, Any]:
    lines = csv.reader(io.StringIO(files.read(paths.report("csv")).decode("utf-8-sig")), delimiter=";")
    of_rows = (cells for cells in lines if cells[1] != Nature.OF_FILE)  # the page says these above
    found = list(islice(of_rows, 1, MOST_SHOWN + 2))  # without the header; one more tells that there are more
    which = f" (les {MOST_SHOWN} premiers)" if len(found) > MOST_SHOWN else ""
    return {"caption": f"Refus et remarques{which}", "columns": FINDING_COLUMNS, "findings": found[:MOST_SHOWN]}


def _write_json(files: RosterFiles, key: str, values: object) -> None:
    files.write(key, json.dumps(values).encode(), kind="application/json")


def _render(page: str, **context: object) -> str:
    return _environment().get_template(page).render(context)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  # importing it takes 95 ms, and only reports need it

    return Environment(
        loader=PackageLoader("functions.import_roster", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
    )
