"""The register of processing says what the code does."""

import re
from pathlib import Path

import pytest

from activation.domain.limits import DAY_SECONDS
from activation.domain.retention import RETENTION_PERIODS, DataCategory, RetentionPeriod

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "aucune durée": 0,
    "1 jour": 1,
    "7 jours": 7,
    "30 jours": 30,
    "35 jours": 35,
    "1 an": 365,
    "12 mois": 365,
    "l'année et une de plus": 730,
    "5 ans": 1_826,
}
"""What the register's words mean, in days."""


def test_the_register_shows_the_very_durations_that_the_code_applies_one_for_every_kind_of_data() -> None:
    section = (ROOT / "docs" / "privacy.md").read_text().partition("## Les durées")[2].partition("\n## ")[0]
    lines = re.findall(r"^\|.*\|$", section, re.MULTILINE)
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]
    assert shown == [(kept.data.value, kept.kept, kept.since) for kept in RETENTION_PERIODS]
    assert sorted(kept.data for kept in RETENTION_PERIODS) == sorted(DataCategory)


@pytest.mark.parametrize("retention", RETENTION_PERIODS, ids=lambda retention: retention.data.name)
def test_the_words_of_a_duration_mean_its_seconds(retention: RetentionPeriod) -> None:
    assert WORDS[retention.kept] * DAY_SECONDS == retention.seconds
