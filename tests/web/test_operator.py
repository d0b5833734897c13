"""What only the operator knows: one file, and no public front without it."""

import json
from pathlib import Path

import pytest

from web.build import OPERATOR, OperatorUnknownError, build, unknown_of


def test_a_front_for_the_public_is_not_built_while_the_operator_is_unknown(tmp_path: Path) -> None:
    assert "contact.mail" in unknown_of(json.loads(OPERATOR.read_text(encoding="utf-8")))
    with pytest.raises(OperatorUnknownError, match=r"contact\.mail"):
        build(tmp_path, complete=True)
    assert list(tmp_path.iterdir()) == []


def test_a_filled_in_operator_is_shown_on_every_page_that_names_one(tmp_path: Path) -> None:
    filled, out = tmp_path / "operator.json", tmp_path / "out"
    text = OPERATOR.read_text(encoding="utf-8").replace("à renseigner par l'exploitant", "connu")
    filled.write_text(text, encoding="utf-8")
    build(out, operator_file=filled, complete=True)
    pages = [path.read_text(encoding="utf-8") for path in out.rglob("*.html")]
    assert [page for page in pages if "à renseigner" in page] == []
    assert len([page for page in pages if "connu]" in page]) >= 3
