"""A request as it is stored, the lines of its timeline, and the days that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from activation.domain.requests.states import OPEN, AskReason, Origin, Party, RequestAct, RequestState
from activation.domain.retention import SECONDS, DataCategory
from activation.domain.times import day_of_rights

DRAFT_SECONDS = SECONDS[DataCategory.DRAFTS]
"""How long a draft is kept after it was last saved (docs/privacy.md)."""

LAPSES_AFTER_DAYS = 14
"""A request is closed so many days after the day by which it was to be completed."""

REMINDED_DAYS = 7
"""The person is reminded so many days before the end."""


class Queue(StrEnum):
    """The queues in which requests wait for agents."""

    NEXT = "next"
    """No agent has it: it was sent, or its person completed it or wrote since an agent last acted."""
    EXAMINED = "examined"
    """An agent examines it."""


_NEWS = frozenset({RequestAct.SEND, RequestAct.COMPLETE, RequestAct.MESSAGE})
"""The acts of a person that an agent must see."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The completion that is asked for: what, why, by which day (`YYYY-MM-DD`), in the agent's words."""

    what: str
    reason: AskReason
    before: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The fields of a request that a file of states may change, as they were before."""

    state: RequestState
    changed_at: int
    words: str = field(default="", repr=False)
    asked: Asked | None = None
    decided_by: str | None = None
    ended_at: int | None = None
    last_act: RequestAct = RequestAct.OPEN
    last_by: Party = Party.PERSON
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class StateJournal:
    """The file of states that last changed a request, the `version` that it wrote, and `before`: None for a new one."""

    import_id: str
    version: int
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is stored; `version` grows by one with every act. Times are in epoch seconds.

    `answers` are by the field's id. `structure_id` is the employer's when it was sent. `about` is the id of the request
    that a claim is about. `words` are the last ones written for the person: of a refusal, a closing or an answer.
    `decided_by` is the agent, or the file of states, that refused or closed it. `last_act` and `last_by` serve to
    recognise a repeated act.
    """

    request_id: str
    number: str
    identifier: str
    kind: str
    kind_version: str
    opened_at: int
    changed_at: int
    state: RequestState = RequestState.DRAFT
    version: int = 0
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    origin: Origin = Origin.PERSON
    sent_at: int | None = None
    structure_id: str = ""
    about: str | None = None
    asked: Asked | None = None
    words: str = field(default="", repr=False)
    decided_by: str | None = None
    ended_at: int | None = None
    document_id: str | None = None
    last_act: RequestAct = RequestAct.OPEN
    last_by: Party = Party.PERSON
    reminded: bool = False
    journal: StateJournal | None = None

    @property
    def is_open(self) -> bool:
        """Whether the person, an agent or the back office still has to act."""
        return self.state in OPEN

    @property
    def was_sent(self) -> bool:
        """Whether it was ever sent: a draft was not, nor a draft that was erased."""
        return self.sent_at is not None

    @property
    def news(self) -> RequestAct | None:
        """The person's act since an agent last acted: sending, completing or writing; None without one."""
        return self.last_act if self.last_by is Party.PERSON and self.last_act in _NEWS else None

    @property
    def queue(self) -> Queue | None:
        """The agents' queue in which it stands; None when no agent is awaited.

        A message that nobody answered waits in any state: also while the request is to be completed or paid.
        """
        if self.origin is Origin.BACK_OFFICE:
            return None
        if self.state is RequestState.SENT or self.news:
            return Queue.NEXT
        return Queue.EXAMINED if self.state is RequestState.EXAMINED else None

    @property
    def lapses_on(self) -> str | None:
        """The day (`YYYY-MM-DD`) from which the cleanup closes it; None if it never does in this state."""
        if self.state is RequestState.DRAFT:
            return day_of_rights(self.changed_at + DRAFT_SECONDS)
        if self.state is RequestState.TO_COMPLETE and self.asked:
            return days_after(self.asked.before, LAPSES_AFTER_DAYS)
        return None

    @property
    def erased_on(self) -> str | None:
        """The day from which it is erased: 1 January after the year that follows its end (docs/privacy.md)."""
        return None if self.ended_at is None else erased_after(day_of_rights(self.ended_at))

    @property
    def due_on(self) -> str | None:
        """The next day on which the cleanup has something to do: to remind, to close, at last to erase."""
        if self.lapses_on is None:
            return self.erased_on
        if self.reminded:
            return self.lapses_on
        last = self.asked.before if self.asked else self.lapses_on
        return days_after(last, -REMINDED_DAYS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline; it is never changed. `number` is the version of the request after it."""

    request_id: str
    number: int
    at: int
    act: RequestAct
    by: Party
    state: RequestState
    words: str = field(default="", repr=False)
    agent: str | None = None


def erased_after(day: str) -> str:
    """The day from which a request that ended on that day is erased."""
    return f"{int(day[:4]) + 2}-01-01"


def days_after(day: str, days: int) -> str:
    """The day (`YYYY-MM-DD`) that many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
