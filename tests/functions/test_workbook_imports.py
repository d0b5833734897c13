"""A workbook through the import's steps, over tables and a bucket."""

from typing import Any

from activation.domain.roster.workbooks import WorkbookFault, WorkbookRefusedError
from tests.functions.roster_steps import BUCKET, batches, prepare, report, work
from tests.functions.world import World
from tests.unit.in_memory_roster import HEADER, line
from tests.workbooks import as_xlsx, cells, xlsx_of

KEY = "incoming/personnes.xlsx"


def send(world: World, body: bytes) -> Any:
    """Upload a file that is to be applied, and have it checked."""
    world.deployment.s3.put_object(Bucket=BUCKET, Key=KEY, Body=body, Metadata={"apply": "yes"})
    return prepare(KEY)


def test_a_workbook_goes_from_the_bucket_to_the_tables(world: World) -> None:
    rows = [line("20000001", mobile="06 12 34 56 78"), line("00000002", email="no address"), line("00000003")]
    prepared = send(world, as_xlsx([HEADER, *([row[column] or None for column in HEADER] for row in rows)]))
    for batch in batches(world, prepared):
        work(prepared, batch)
    assert report(world, prepared)["state"] == "applied"
    stored = world.row("accounts", identifier="00000003", record="PROFILE")["roster"]["M"]
    assert stored["email"] == {"S": "p00000003@exemple.fr"}
    known = {row["identifier"]["S"] for row in world.rows("accounts")}
    assert {"20000001", "00000003"} <= known
    assert "00000002" not in known


def test_a_workbook_that_ends_its_reader_is_refused_and_not_tried_again(world: World) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    prepared = send(world, xlsx_of(cells('<c r="A1"><v>1</v></c>').replace("</sheetData>", far)))
    assert prepared["does"] == "nothing"  # an answer: a state machine tries again what raised an error
    said = report(world, prepared)
    assert said["state"] == "refused"
    assert str(WorkbookRefusedError(WorkbookFault.UNREADABLE)) in said["lines"]
