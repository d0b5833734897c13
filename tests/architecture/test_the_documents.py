"""What documents name exists: every file, and every word of the glossary where it is said to be at home."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(ROOT.glob("docs/*.md"))

FILE = re.compile(r"(?<![\w./*-])((?:[\w-]+/)+[\w-]+\.(?:py|html|css|js|json|csv|md))(?![\w/])")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
ROW = re.compile(r"^\| ([^|]+) \| [^|]+ \| `([\w./]+\.py)`((?: `[\w.]+`)*) \|$", re.MULTILINE)
WITH_HOMES = ("docs/glossary.md", "CONTRIBUTING.md")
HOMES = [
    (document, word, file, name)
    for document in WITH_HOMES
    for word, file, names in ROW.findall((ROOT / document).read_text(encoding="utf-8"))
    for name in re.findall(r"[\w.]+", names) or [""]
]

MADE = {"reports/figures/JOUR.csv"}
"""Files that only a run makes."""


def defined_in(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """The names that a module or a class defines, each with its own body."""
    found: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found[node.name] = node.body
        elif isinstance(node, ast.AnnAssign):
            found[ast.unparse(node.target)] = []
        elif isinstance(node, ast.Assign):
            found |= {ast.unparse(target): [] for target in node.targets}
    return found


def is_defined(file: Path, name: str) -> bool:
    """Whether the module defines `Class`, `Class.member`, a function or a constant of that name."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    for part in filter(None, name.split(".")):
        names = defined_in(body)
        if part not in names:
            return False
        body = names[part]
    return True


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_that_a_document_names_exists_and_every_link_leads_somewhere(document: Path) -> None:
    named = set(FILE.findall(document.read_text(encoding="utf-8"))) - MADE
    assert {name for name in named if not any((base / name).exists() for base in (ROOT, document.parent))} == set()
    linked = set(LINK.findall(document.read_text(encoding="utf-8")))
    assert {name for name in linked if not (document.parent / name).exists()} == set()


@pytest.mark.parametrize(("document", "word", "file", "name"), HOMES)
def test_a_word_and_a_rule_are_at_home_where_it_is_said(document: str, word: str, file: str, name: str) -> None:
    assert is_defined(ROOT / file, name), (document, word)


def test_every_test_that_a_document_names_exists() -> None:
    named = {name for document in DOCUMENTS for name in re.findall(r"`(test_\w+)`", document.read_text("utf-8"))}
    files = [file.read_text(encoding="utf-8") for file in ROOT.glob("tests/**/test_*.py")]
    modules = {file.stem for file in ROOT.glob("tests/**/test_*.py")}
    defined = {name for text in files for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert len(named) > 300
    assert named - defined - modules == set()


def test_every_row_with_a_home_is_read() -> None:
    for document, row in ((WITH_HOMES[0], r"^\| (?!word|---).+"), (WITH_HOMES[1], r"^\| .+\| `[\w./]+\.py`.*\|$")):
        rows = re.findall(row, (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
        assert len(rows) == len({(word, file) for where, word, file, _ in HOMES if where == document})


def test_the_glossary_is_linked_from_where_people_begin() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "(docs/glossary.md)" in (ROOT / name).read_text(encoding="utf-8")
