"""The bodies of the agents' calls on requests."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from activation.api.bodies import Maybe, ResponseBody, Time
from activation.api.fields import Plain
from activation.domain.requests.kinds import MOST_TEXT_CHARACTERS
from activation.domain.requests.states import AskReason, Party, RequestAct, RequestState
from functions.support.schemas import PersonRequest

Number = Annotated[
    str,
    Plain,
    StringConstraints(pattern=r"^[0-9 ]{1,20}$"),
    Field(description="The request's number; spaces are dropped", examples=["482 037 615"]),
]
Words = Annotated[
    str,
    Plain,
    StringConstraints(min_length=3, max_length=MOST_TEXT_CHARACTERS),
    Field(description="The person reads it"),
]


def _of_this_century(text: str) -> str:
    """The day, if it exists. Raises ValueError for one that does not, or in another century."""
    if date.fromisoformat(text).year >= _NEXT_CENTURY:
        raise ValueError
    return text


_NEXT_CENTURY = 2100
Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    AfterValidator(_of_this_century),
]


class CaseRequest(PersonRequest):
    """A look at a request, or an act on it."""

    number: Number


class WordsRequest(CaseRequest):
    """An act with words for the person."""

    words: Words


class AcceptRequest(CaseRequest):
    """An acceptance; words only where the request ends with an answer."""

    words: Annotated[str, Plain, StringConstraints(max_length=MOST_TEXT_CHARACTERS)] = ""


class AskRequest(CaseRequest):
    """The completion to ask the person for: what, why, by which day."""

    field: Annotated[str, Plain, StringConstraints(min_length=2, max_length=200)]
    because: AskReason
    before: Day
    words: Annotated[str, Plain, StringConstraints(max_length=MOST_TEXT_CHARACTERS)] = ""


class QueuedBody(ResponseBody):
    """A request that waits. `news`: its person's act since an agent last acted."""

    number: str
    identifier: str
    kind: str
    label: str
    state: RequestState
    state_label: str
    sent_at: Time
    sent_on: str = Field(description="The day in mainland France", json_schema_extra={"format": "date"})
    news: Maybe[RequestAct] = None


class QueueBody(ResponseBody):
    """The requests that wait, the oldest first: those that no agent has, then those that an agent examines.

    `next` and `examined` are how many there are of each in all; of each kind 50 are shown.
    """

    requests: list[QueuedBody]
    next: int
    examined: int


class AnswerBody(ResponseBody):
    """A question and what the person answered."""

    id: str
    label: str
    value: Maybe[str] = None


class CaseLineBody(ResponseBody):
    """A line of the timeline, with the agent of its act."""

    at: Time
    when: str
    act: RequestAct
    by: Party
    label: str
    words: Maybe[str] = None
    agent: Maybe[str] = None


class CaseBody(QueuedBody):
    """A request with all that an agent sees of it. `acts`: the acts that an agent may do now."""

    first_name: str
    last_name: str
    sentence: str
    fields: list[AnswerBody]
    acts: list[str]
    timeline: list[CaseLineBody]
    version: int
    about: Maybe[str] = None
