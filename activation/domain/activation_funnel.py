"""The activation funnel of each structure: figures that name nobody."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from activation.domain.accounts import Status

FEWEST_PEOPLE = 5
"""A structure with fewer people gets no figures: they would show what single people did."""


class FunnelStage(NamedTuple):
    """How far one person of a structure has come; it does not name the person."""

    structure_id: str
    status: Status
    was_sent_a_code: bool = False
    got_a_code: bool = False


class Figures(NamedTuple):
    """How many people of a structure are invited (active ones included), were sent a code, got it, and are active."""

    structure_id: str
    invited: int
    code_sent: int
    delivered: int
    activated: int

    @property
    def share(self) -> int:
        """The percentage of invited people who are active, rounded down: 100 means everybody."""
        return self.activated * 100 // self.invited

    @property
    def are_shown(self) -> bool:
        """Whether there are enough people (`FEWEST_PEOPLE`) to show figures without revealing what one person did."""
        return self.invited >= FEWEST_PEOPLE


COLUMNS = ("structure", "invités", "code envoyé", "code remis", "activés", "part (%)")


def cells_of(figures: Figures) -> tuple[str, ...]:
    """The structure's line of the export; figures of too few people are left empty."""
    shown = (figures.code_sent, figures.delivered, figures.activated, figures.share) if figures.are_shown else ("",) * 4
    return figures.structure_id, str(figures.invited), *map(str, shown)


def count(people: Iterable[FunnelStage]) -> list[Figures]:
    """The figures of every structure, sorted by id.

    Closed accounts do not count. An active account counts as sent a code and as having got it.
    """
    counts: dict[str, Counter[str]] = {}
    for account in people:
        if account.status is Status.CLOSED:
            continue
        is_active = account.status is Status.ACTIVE
        of_structure = counts.setdefault(account.structure_id, Counter())
        of_structure["invited"] += 1
        of_structure["code_sent"] += is_active or account.was_sent_a_code or account.got_a_code
        of_structure["delivered"] += is_active or account.got_a_code
        of_structure["activated"] += is_active
    return [
        Figures(structure_id, one["invited"], one["code_sent"], one["delivered"], one["activated"])
        for structure_id, one in sorted(counts.items())
    ]
