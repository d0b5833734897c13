"""What only the operator knows: one file, no stage without it, and an example of it where nothing is deployed."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from web.build import EXAMPLE, OPERATOR, OperatorUnknownError, build, unknown_of

BRACKETED = re.compile(r"\[[^\]<>]*\s[^\]<>]*\]")
"""Words in brackets: what somebody has yet to write."""


def read(file: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return known


def leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        yield from leaves(value, f"{path}{name}.") if isinstance(value, dict) else [(path + name, value)]


def texts(out: Path) -> dict[str, str]:
    files = [*out.rglob("*.html"), *out.rglob("*.txt")]
    return {file.relative_to(out).as_posix(): file.read_text(encoding="utf-8") for file in files}


def test_a_front_for_the_public_is_not_built_while_the_operator_is_unknown(tmp_path: Path) -> None:
    assert "contact.mail" in unknown_of(read(OPERATOR))
    with pytest.raises(OperatorUnknownError, match=r"contact\.mail"):
        build(tmp_path, complete=True)
    assert list(tmp_path.iterdir()) == []


def test_a_filled_in_operator_is_shown_on_every_page_that_names_one(tmp_path: Path) -> None:
    filled, out = tmp_path / "operator.json", tmp_path / "out"
    text = OPERATOR.read_text(encoding="utf-8").replace("à renseigner par l'exploitant", "connu")
    filled.write_text(text, encoding="utf-8")
    build(out, operator_file=filled, complete=True)
    pages = texts(out).values()
    assert [page for page in pages if "à renseigner" in page or "exemple)" in page] == []
    assert len([page for page in pages if "connu]" in page]) >= 3


def test_no_page_of_the_demo_has_words_in_brackets(built: Path) -> None:
    pages = texts(built)
    assert {"contact.html", "mentions-legales.html", ".well-known/security.txt"} <= pages.keys()
    assert {name: found for name, page in pages.items() if (found := BRACKETED.findall(page))} == {}
    assert [name for name, page in pages.items() if "à renseigner" in page] == []


def test_what_the_operator_has_not_said_is_an_example_that_says_so(built: Path) -> None:
    examples = dict(leaves(read(EXAMPLE)))
    assert sorted(examples) == sorted(unknown_of(read(OPERATOR)))
    assert {name: said for name, said in examples.items() if "exemple" not in said.replace("example", "exemple")} == {}
    pages = " ".join(texts(built).values()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")
    assert [name for name, said in examples.items() if said not in pages] == []


def test_what_the_operator_has_said_is_no_example(tmp_path: Path) -> None:
    said, out = tmp_path / "operator.json", tmp_path / "out"
    known = read(OPERATOR)
    known["contact"] |= {"phone": "01 23 45 67 89", "mail": "securite@cnas.fr"}
    said.write_text(json.dumps(known), encoding="utf-8")
    build(out, operator_file=said)
    page = (out / "contact.html").read_text(encoding="utf-8")
    assert "01\u00a023\u00a045\u00a067\u00a089" in page
    assert "securite@cnas.fr" in page
    assert "(horaires d" in page
    assert "Contact: mailto:securite@cnas.fr\n" in (out / ".well-known" / "security.txt").read_text(encoding="utf-8")
