"""A batch that is carried out again counts what it wrote the first time."""

from dataclasses import replace

import pytest

from activation.domain.employment import RosterJournal
from activation.domain.roster.comparison import ChangeKind, RosterChange, kind_written
from tests.builders import NOW, entry

JOURNAL = RosterJournal("import", NOW, 2, before=entry(first_name="Lou"))


@pytest.mark.parametrize(
    ("journal", "planned", "kind"),
    [
        (JOURNAL, ChangeKind.LEFT, ChangeKind.UPDATED),
        (replace(JOURNAL, closed_at=NOW), ChangeKind.CREATED, ChangeKind.CREATED),
        (replace(JOURNAL, before=None), ChangeKind.CREATED, ChangeKind.CREATED),
        (replace(JOURNAL, before=None), ChangeKind.UPDATED, ChangeKind.UPDATED),
    ],
)
def test_a_change_counts_as_it_was_written_also_where_a_closing_erased_what_stood_before(
    journal: RosterJournal, planned: ChangeKind, kind: ChangeKind
) -> None:
    assert kind_written(RosterChange("10000001", entry(), None, planned), journal) is kind
