"""`docs/adr` has one record for each decision, an index of them all, and no reference leads nowhere."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "adr"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
RECORDS = sorted(file for file in FOLDER.iterdir() if file.name != "README.md")
NUMBERS = [record.name[:4] for record in RECORDS]

FILE_NAME = re.compile(r"\d{4}(-[a-z0-9]+)+\.md")
ROW = re.compile(r"^\| (\d{4}) \| \[(.+)\]\((\S+)\) \| (.+?) \| .+ \|$", re.MULTILINE)
TITLE = re.compile(r"\A# (\d+)\. (.+)\n\n## Status\n(Accepted|Superseded by \d{4})\.\n")
LINK = re.compile(r"\]\((\d{4}[^)#]*)\)")


def heading_of(record: Path) -> tuple[str, str, str]:
    """The number (four digits), the title and the status that a record begins with."""
    begins = TITLE.match(record.read_text(encoding="utf-8"))
    assert begins, record.name
    return begins[1].zfill(4), begins[2], begins[3]


def test_records_are_numbered_without_holes() -> None:
    assert [record.name for record in RECORDS if not FILE_NAME.fullmatch(record.name)] == []
    assert [f"{number:04}" for number in range(1, len(RECORDS) + 1)] == NUMBERS


def test_the_index_lists_exactly_the_records_with_their_titles_and_status() -> None:
    headings = [(*heading_of(record), record.name) for record in RECORDS]
    assert [(number, title, status, file) for number, title, file, status in ROW.findall(INDEX)] == headings
    assert [number for number, _, _, _ in headings] == NUMBERS


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_has_its_four_parts_and_links_only_to_records_that_exist(record: Path) -> None:
    parts = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
    assert parts == ["Status", "Context", "Decision", "Consequences"]
    links = LINK.findall(record.read_text(encoding="utf-8"))
    assert [link for link in links if not (FOLDER / link).is_file()] == []


def test_every_reference_leads_to_a_record() -> None:
    named = {f"docs/adr/{name}" for record in RECORDS for name in (record.name[:4], record.stem, record.name)}
    grep = ["git", "grep", "-hoIE", r"docs/adr/[0-9]{4}[a-z0-9.-]*"]
    lines = subprocess.run(grep, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
    found = {reference.rstrip(".") for reference in lines}
    assert found
    assert found - named == set()
