"""What is declared about accessibility is what was evaluated, and every proof that is named exists."""

import json
import re
from collections import Counter

from infra.assets import ROOT
from web.build import PAGES, WEB

TABLE = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.strip() for cell in row)
    for row in re.findall(r"^\| (\d+\.\d+) \|(.+)\|(.+)\|(.+)\|$", TABLE, re.MULTILINE)
]
CRITERIA_OF_EACH_THEME = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
TOTAL = 106


def test_every_criterion_of_the_reference_has_its_row() -> None:
    expected = [f"{theme}.{n}" for theme, count in enumerate(CRITERIA_OF_EACH_THEME, 1) for n in range(1, count + 1)]
    assert [number for number, *_ in ROWS] == expected
    assert len(ROWS) == TOTAL


def test_every_row_has_a_state_and_a_proof() -> None:
    assert [row for row in ROWS if row[2] not in ("C", "NC", "NA") or not row[3]] == []


def test_the_page_tells_the_result_of_the_table() -> None:
    page = (PAGES / "accessibilite.html").read_text(encoding="utf-8")
    states = Counter(row[2] for row in ROWS)
    assert f"{states['NA']} ne concernent pas ce site, et les {states['C']} autres" in page
    assert f"{states['C']} critères conformes, aucun non conforme, {states['NA']} non applicables" in TABLE


def test_without_an_audit_the_site_declares_that_it_does_not_conform() -> None:
    operator = json.loads((WEB / "operator.json").read_text(encoding="utf-8"))
    assert operator["accessibility_state"] == "non conforme"
