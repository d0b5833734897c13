"""`docs/api.md` says what `docs/openapi.json` and the table of problems say."""

import json
import re
from typing import Any

import pytest

from activation.api import problems
from activation.api.problems import ROWS, Row
from infra.assets import ROOT

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
API: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
CALLS = {
    f"{method.upper()} {path}": operation
    for path, methods in API["paths"].items()
    for method, operation in methods.items()
}
SECTIONS = dict(re.findall(r"^### `([A-Z]+ /[^`]+)`\n(.*?)(?=^##|\Z)", GUIDE, re.MULTILINE | re.DOTALL))
STATUS_OF = {
    row.code: int(row.status) for row in (*ROWS.values(), *(v for v in vars(problems).values() if isinstance(v, Row)))
}


def _line(call: str, name: str) -> str:
    found = re.search(rf"^- {name}: (.+)$", SECTIONS[call], re.MULTILINE)
    return found[1] if found else ""


def _members(operation: dict[str, Any]) -> set[str] | None:
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(API["components"]["schemas"][reference.rpartition("/")[2]]["properties"])


def test_every_call_has_its_section() -> None:
    assert SECTIONS.keys() == CALLS.keys()


@pytest.mark.parametrize("call", CALLS)
def test_a_call_takes_answers_and_refuses_what_the_document_says(call: str) -> None:
    takes = re.match(r"`\{(.*)\}`$", _line(call, "Takes"))
    said = {member for member in takes[1].split(", ") if member} if takes else None
    assert said == _members(CALLS[call])
    answered = set(re.findall(r"\b(2\d\d)\b", _line(call, "Answers")))
    assert answered == {status for status in CALLS[call]["responses"] if status.startswith("2")}
    named = re.findall(r"\b(4\d\d) `([a-z-]+)`", _line(call, "Refuses"))
    assert [(code, int(status)) for status, code in named if STATUS_OF[code] != int(status)] == []
    assert {status for status, _ in named} <= CALLS[call]["responses"].keys()


def test_every_problem_is_explained() -> None:
    assert {code for code in STATUS_OF if f"`{code}`" not in GUIDE} == set()


def test_the_journey_s_diagram_makes_calls_that_exist() -> None:
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", GUIDE, re.DOTALL)
    made = set(re.findall(r"(?:GET|POST|PUT|DELETE) /api/[a-z/-]+", diagram))
    assert made <= CALLS.keys()
    assert {"POST /api/activation", "POST /api/activation/verification", "POST /api/activation/password"} <= made
