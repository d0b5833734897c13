"""The activation funnel of each structure: figures that name nobody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from activation.domain.accounts import Status

FEWEST_PEOPLE = 5
"""Figures of fewer would tell what each of them did."""


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """How far somebody of a structure has come, without who they are."""

    structure_id: str
    status: Status
    was_sent_a_code: bool = False
    got_a_code: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people of a structure are invited (active ones included), and how far they came."""

    structure_id: str
    invited: int
    code_sent: int
    delivered: int
    activated: int

    @property
    def share(self) -> int:
        """Of a hundred invited, how many are active; rounded down, so that 100 means everybody."""
        return self.activated * 100 // self.invited

    @property
    def are_shown(self) -> bool:
        """Whether there are enough people for the figures to tell of nobody."""
        return self.invited >= FEWEST_PEOPLE


COLUMNS = ("structure", "invités", "code envoyé", "code remis", "activés", "part (%)")


def cells_of(figures: Figures) -> tuple[str, ...]:
    """The structure's line of the export; figures of too few people are left empty."""
    shown = (figures.code_sent, figures.delivered, figures.activated, figures.share) if figures.are_shown else ("",) * 4
    return figures.structure_id, str(figures.invited), *map(str, shown)


def count(people: Iterable[FunnelStage]) -> list[Figures]:
    """The figures of every structure, by its id. Whoever has left no longer counts; whoever is active got a code."""
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
