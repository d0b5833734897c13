"""Whatever a roster comes as, its report and the tables are the same.

A disguise has two halves. `tables` changes rows of cells: header words and their order, titles, blank rows, cells left
out, spaces, invisible characters. `FILES` turns rows of cells into bytes: a further kind of file is one more of them.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.domain.roster.columns import FRENCH_NAMES, OTHER_NAMES, Column
from tests.in_memory.roster import InMemoryRosterService, Row, as_csv, counted, line
from tests.workbooks import as_xlsx

Rows = list[list[str]]
ToFile = Callable[[Rows], bytes]


@dataclass(frozen=True)
class Table:
    """Rows of cells, header among them. `numbers` has, for each person's place, the row that a spreadsheet shows."""

    rows: Rows
    numbers: list[int]


TITLES = [["Liste des agents, au 3 mars"], [""], ["Mairie de Mondomaine", "", "34 agents"], ["\u00a0", " "], []]
BLANKS = [[], [""], ["", "", ""], [" ", "\u00a0", "\u200b"], ["\ufeff"], ["\t"]]
MARKS = ["{}", "{}", "{} *", "{} (obligatoire)", " {} : ", "{}\n(si connu)", "3. {}", "\u200b{}\u00a0"]
AROUND = ["{}", "{}", " {}", "{}\u00a0", "\u202a{}\u202c", "\ufeff{}", "{}\u200b", "\u2007{}\u202f", "{}\u00ad", "\t{}"]
MOST_TITLES = 4


@st.composite
def headings(draw: st.DrawFn, column: Column) -> str:
    name = draw(st.sampled_from([column.value, *FRENCH_NAMES[column], *OTHER_NAMES[column]]))
    spelt = draw(st.sampled_from([name, name.upper(), name.title(), name.replace(" ", "\n", 1)]))
    return draw(st.sampled_from(MARKS)).format(spelt)


@st.composite
def tables(draw: st.DrawFn, people: Sequence[Row]) -> Table:
    """The people in any table that says the same of them."""
    columns = draw(st.permutations(list(Column)))
    shown = draw(st.lists(st.sampled_from(TITLES), max_size=MOST_TITLES))
    rows = [*shown, [draw(headings(column)) for column in columns] + [""] * draw(st.integers(0, 2))]
    numbers = []
    for person in people:
        rows += draw(st.lists(st.sampled_from(BLANKS), max_size=1))
        cells = [_around(draw, person[column]) for column in columns]
        while cells and not cells[-1] and draw(st.booleans()):
            cells.pop()
        rows.append(cells + [""] * draw(st.integers(0, 1)))
        numbers.append(len(rows))
    return Table(rows + draw(st.lists(st.sampled_from(BLANKS), max_size=2)), numbers)


def _around(draw: st.DrawFn, cell: str) -> str:
    return draw(st.sampled_from(AROUND)).format(cell) if cell else draw(st.sampled_from(["", "", " ", "\u200b"]))


def as_csv_file(rows: Rows, *, delimiter: str, end: str, quoting: int, encoding: str, says_delimiter: bool) -> bytes:
    """A CSV of these rows; an encoding that is no Unicode has none of its spaces and invisible characters."""
    text = io.StringIO()
    if says_delimiter:
        text.write(f"sep={delimiter}{end}")
    lines = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]  # an int
    lines.writerows([cell.replace("\n", end) for cell in row] for row in rows)
    if encoding.startswith("utf"):
        return text.getvalue().encode(encoding)
    plain = _UNSEEN.sub("", text.getvalue()).replace("\u00a0", " ")
    if encoding == "doubled":
        return plain.encode().decode("latin-1").encode()
    try:
        return plain.encode(encoding)
    except UnicodeEncodeError:
        return plain.encode()


_UNSEEN = re.compile("[\xad\u200b\u2007\u202a\u202c\u202f\ufeff]")
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "mac_roman", "doubled"]

csv_files: st.SearchStrategy[ToFile] = st.builds(
    lambda **how: partial(as_csv_file, **how),
    delimiter=st.sampled_from([";", ",", "\t"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(ENCODINGS),
    says_delimiter=st.booleans(),
)

FILES: list[st.SearchStrategy[ToFile]] = [csv_files, st.just(as_xlsx)]
"""The kinds of files that rows of cells come in."""

ERASED = "cellule absente à la fin de la ligne : ce qui était connu est effacé"

people = st.lists(
    st.builds(
        line,
        st.sampled_from([f"1000000{number}" for number in range(6)]),
        last_name=st.sampled_from(
            ["Garcia", "Béranger", "Lefèvre", "D’Almeida-Cœur", "LE GOFF", "Noël", "?", "B?ranger"]
        ),
        usage_name=st.sampled_from(["", "Ménétrier"]),
        first_name=st.sampled_from(["Louis", "Zoé", "Anaïs", "François", ""]),
        email=st.sampled_from(["", "a@exemple.fr", "b@exemple.fr", "claire@mairie.example", "no address"]),
        mobile=st.sampled_from(["", "0612345678", "06 23 45 67 89", "3939"]),
        structure_id=st.sampled_from(["S1", "S2", ""]),
        structure_name=st.sampled_from(["Mairie de l’Été", "C.C.A.S. ; annexe"]),
        end_date=st.sampled_from(["", "2027-01-31", "31/12/2026", "2026-12-01", "demain"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(people, people, st.one_of(FILES), st.data())
def test_any_disguise_of_a_roster_gives_the_same_report_and_the_same_tables(
    first: Sequence[Row], second: Sequence[Row], to_file: ToFile, data: st.DataObject
) -> None:
    plain, disguised = InMemoryRosterService(), InMemoryRosterService()
    for app in (plain, disguised):
        app.take_in(*first, confirm_departures="yes")
    table = data.draw(tables(second))
    expected = taken_in(plain, as_csv(second), list(range(2, len(second) + 2)))
    assert taken_in(disguised, to_file(table.rows), table.numbers) == expected
    assert disguised.stored_rosters() == plain.stored_rosters()
    assert disguised.structures.rows == plain.structures.rows


def taken_in(app: InMemoryRosterService, body: bytes, numbers: list[int]) -> tuple[object, ...]:
    """What comes of a file: everything that its report says, with people's places for row numbers."""
    prepared = app.send(body, apply="yes")
    app.work(prepared, prepared.action)
    places = {str(number): place for place, number in enumerate(numbers)}
    findings = [(places[row], *said) for row, *said in app.findings(prepared) if row and said[-1] != ERASED]
    return prepared.refusal, prepared.action, prepared.rows, counted(prepared), prepared.unconfirmed, findings
