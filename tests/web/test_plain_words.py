"""An activation is easy to read: its pages in their own words, or in the easy version beside the customer's."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from activation.texts import current_texts
from infra.assets import ROOT
from local.gallery.fake_api import CONSENT, account, signed_in
from local.gallery.states import consenting
from tests.web.conftest import Visit
from tests.web.readability import LONGEST_SENTENCE, Reading, readings, sentences_of, syllables, told
from tests.web.test_the_customers_words import SENTENCES

EASY_TO_READ = 80
"""From here on Kandel and Moles call a text very easy."""


@pytest.fixture(scope="module")
def read(built: Path) -> dict[str, tuple[Reading, Reading]]:
    return readings(built)


def test_every_step_is_easy_to_read(read: dict[str, tuple[Reading, Reading]]) -> None:
    assert {name: easy.score for name, (_, easy) in read.items() if easy.score < EASY_TO_READ} == {}


def test_no_sentence_that_is_easy_to_read_is_long(read: dict[str, tuple[Reading, Reading]]) -> None:
    assert {name: easy.longest for name, (_, easy) in read.items() if easy.longest > LONGEST_SENTENCE} == {}


def test_no_long_sentence_is_ours(read: dict[str, tuple[Reading, Reading]]) -> None:
    said = [words for screen in SENTENCES.values() for words in screen["words"]]
    otherwise = [each["said"] for screen in SENTENCES.values() for each in screen.get("otherwise", ())]
    customers = " ".join(" ".join([*said, *otherwise, current_texts().consent.text]).split())
    long = [s for own, _ in read.values() for s in own.sentences if Reading([s]).longest > LONGEST_SENTENCE]
    assert [sentence for sentence in long if sentence not in customers] == []


def test_the_figures_of_the_documentation_are_those_of_the_pages(read: dict[str, tuple[Reading, Reading]]) -> None:
    assert told(read) in (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")


def test_syllables_are_counted_by_the_groups_of_vowels() -> None:
    counted = {"code": 1, "mails.": 1, "étape": 2, "l'adresse": 2, "téléphones": 3, "me": 1, "que": 1}
    counted |= {"SMS": 3, "CNAS": 1, "097373": 6, "12": 2, "@": 1}
    assert {word: syllables(word) for word in counted} == counted


def test_a_sentence_ends_at_its_mark_or_with_its_paragraph() -> None:
    said = "Un code ? Lisez-le. Cliquez sur « Continuer ». Puis ceci"
    assert sentences_of(said) == ["Un code ?", "Lisez-le.", "Cliquez sur « Continuer ».", "Puis ceci"]


@pytest.mark.parametrize("path", ["/preferences/consentement", "/compte/informations-personnelles"])
def test_the_easy_version_of_the_consent_stands_beside_its_own_version_only(visit: Visit, path: str) -> None:
    easy = visit.page.locator("details.easy")
    visit.api.where = consenting() if path.startswith("/preferences") else signed_in()
    visit.api.home = account()
    visit.open(path)
    expect(easy).to_be_visible()
    other = {**CONSENT, "text_version": "99"}
    visit.api.home = account(consent_text=other)
    if path.startswith("/preferences"):
        visit.api.where = signed_in("give_consent", consent=other)
    visit.open(path)
    expect(visit.page.locator("#texte")).not_to_be_empty()
    expect(easy).to_be_hidden()
