"""Every sentence that the customer wrote stands on its screen, or is named here with what is said instead, and why."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from local.gallery.screens import ALL
from tests.web.conftest import Visit
from tests.web.test_every_screen import show

SENTENCES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "customer_words.toml").read_text(encoding="utf-8")
)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_of_the_customer_is_on_its_screen_or_named_with_its_reason(visit: Visit, name: str) -> None:
    (screen,) = (screen for screen in ALL if screen.name == name)
    read = _plain(show(visit, screen).locator("body").inner_text())
    assert [words for words in SENTENCES[name]["words"] if _plain(words) not in read] == []
    for sentence in SENTENCES[name].get("otherwise", ()):
        assert _plain(sentence["said"]) in read
        assert _plain(sentence["words"]) not in read or sentence["words"] in sentence["said"]
        assert sentence["why"]


def test_who_is_already_here_is_offered_to_activate_first_then_to_sign_in(visit: Visit) -> None:
    links = visit.open("/").locator("main a")
    assert [(link.inner_text(), link.get_attribute("href")) for link in links.all()] == [
        ("Activer mon compte", "/activation"),
        ("Me connecter", "/connexion"),
    ]
