"""The acts on a request: each returns the request after it, and the line for its timeline.

`states.TRANSITIONS` says who may do what; here stand the further guards. Of two acts at once only one is written: the
request's version is in the condition of the write.
"""

from dataclasses import replace
from typing import NamedTuple

from activation.domain.errors import (
    NextStep,
    SecondAgentNeededError,
    TooSoonError,
    WrongStepError,
)
from activation.domain.plain_text import plain_text
from activation.domain.requests.kinds import (
    Answers,
    AnswersRejectedError,
    EndsWith,
    FieldFault,
    Kind,
    clean_answers,
    require_sendable,
)
from activation.domain.requests.request import Asked, Before, Line, Request, StateJournal, days_after
from activation.domain.requests.states import (
    DECLARED,
    ENDED,
    Origin,
    Party,
    RequestAct,
    RequestState,
    is_allowed,
    target,
)
from activation.domain.times import day_of_rights, latest_day

MOST_OPEN = 20
"""The most requests that one person may have open at once, drafts included."""

LEAST_DAYS_TO_COMPLETE = 14
"""How many days ahead, at least, the day is by which the person is asked to answer."""

MOST_LINES_WITH_MESSAGES = 200
"""A timeline of so many lines takes no more messages: with 2,000 characters each, it stays far below Lambda's 6 MB."""


class Actor(NamedTuple):
    """The party that does an act; `agent` is the name of an agent."""

    party: Party
    agent: str | None = None


PERSON = Actor(Party.PERSON)
SERVICE = Actor(Party.SERVICE)


class Done(NamedTuple):
    """An act done: the request before it (None when it is new) and after it, and the line of its timeline."""

    before: Request | None
    after: Request
    line: Line
    opening: Line | None = None
    """The line before `line`, for a request that a file of states opens in a later state."""


def save(request: Request, kind: Kind, typed: Answers, *, now: int) -> Done:
    """Store the answers of a draft as typed so far. Raises WrongStepError, AnswersRejectedError."""
    answers = clean_answers(kind, typed, today=latest_day(now))
    return _act(request, kind, RequestAct.SAVE, PERSON, now, answers=answers, reminded=False)


def turn(request: Request, kind: Kind, about: str | None, *, now: int) -> Done:
    """Let a draft be about that request, which was sent before. Raises WrongStepError."""
    return _act(request, kind, RequestAct.SAVE, PERSON, now, about=about, reminded=False)


def send(request: Request, kind: Kind, *, structure_id: str, now: int) -> Done:
    """Send the request; from then on its answers are final. Raises WrongStepError, AnswersRejectedError."""
    _require(request, RequestAct.SEND, Party.PERSON)
    require_sendable(kind, request.answers)
    return _act(request, kind, RequestAct.SEND, PERSON, now, sent_at=now, structure_id=structure_id)


def withdraw(request: Request, kind: Kind, *, now: int) -> Done:
    """Take the request back; the answers of a draft are erased. Raises WrongStepError."""
    return _act(request, kind, RequestAct.WITHDRAW, PERSON, now, answers=_sent_answers(request))


def complete(request: Request, kind: Kind, typed: Answers, *, now: int) -> Done:
    """Complete the request; answers that are not typed again stay. Raises WrongStepError, AnswersRejectedError."""
    _require(request, RequestAct.COMPLETE, Party.PERSON)
    answers = clean_answers(kind, {**request.answers, **typed}, today=latest_day(now))
    require_sendable(kind, answers)
    return _act(request, kind, RequestAct.COMPLETE, PERSON, now, answers=answers, asked=None)


def message(request: Request, kind: Kind, words: str, actor: Actor, *, now: int) -> Done:
    """Write a message to the other side. Raises WrongStepError."""
    return _act(request, kind, RequestAct.MESSAGE, actor, now, said=words)


def take(request: Request, kind: Kind, actor: Actor, *, now: int) -> Done:
    """Begin to examine the request. Raises WrongStepError."""
    return _act(request, kind, RequestAct.TAKE, actor, now)


def ask(request: Request, kind: Kind, asked: Asked, actor: Actor, *, now: int) -> Done:
    """Ask the person to complete the request. Raises WrongStepError; TooSoonError for a day less than 14 days away."""
    if asked.before < days_after(day_of_rights(now), LEAST_DAYS_TO_COMPLETE):
        raise TooSoonError(days_after(day_of_rights(now), LEAST_DAYS_TO_COMPLETE))
    return _act(request, kind, RequestAct.ASK, actor, now, said=asked.words, asked=asked, reminded=False)


def accept(
    request: Request, kind: Kind, actor: Actor, *, words: str = "", document_id: str | None = None, now: int
) -> Done:
    """Accept it: that ends all but a payment. Raises WrongStepError; AnswersRejectedError for a claim without words."""
    _require(request, RequestAct.ACCEPT, actor.party)
    if kind.ends_with is EndsWith.ANSWER and not plain_text(words):
        raise AnswersRejectedError([FieldFault("words", "missing")])
    return _act(request, kind, RequestAct.ACCEPT, actor, now, said=words, words=words, document_id=document_id)


def refuse(request: Request, kind: Kind, words: str, actor: Actor, *, now: int) -> Done:
    """Refuse the request, with words for the person. Raises WrongStepError."""
    return _act(request, kind, RequestAct.REFUSE, actor, now, said=words, words=words, decided_by=actor.agent)


def drop(request: Request, kind: Kind, words: str, actor: Actor, *, now: int) -> Done:
    """Close the request without a decision, with words for the person. Raises WrongStepError."""
    return _act(request, kind, RequestAct.DROP, actor, now, said=words, words=words, decided_by=actor.agent)


def settle(request: Request, kind: Kind, actor: Actor, *, words: str = "", now: int) -> Done:
    """Write that the accepted benefit is paid. Raises WrongStepError."""
    return _act(request, kind, RequestAct.SETTLE, actor, now, said=words, words=words)


def reopen(request: Request, kind: Kind, words: str, actor: Actor, *, now: int) -> Done:
    """Examine again a request that another agent, or a file of states, refused or closed.

    Raises WrongStepError, also if neither closed it; SecondAgentNeededError for the agent who decided.
    """
    _require(request, RequestAct.REOPEN, actor.party)
    if request.decided_by is None:
        raise WrongStepError(NextStep.HOME)
    if request.decided_by == actor.agent:
        raise SecondAgentNeededError
    return _act(request, kind, RequestAct.REOPEN, actor, now, said=words, words="", decided_by=None)


def lapse(request: Request, kind: Kind, *, now: int) -> Done:
    """Close a request not finished in time; a draft loses its answers. Raises WrongStepError before its day."""
    if request.lapses_on is None or day_of_rights(now) < request.lapses_on:
        raise WrongStepError(NextStep.HOME)
    return _act(request, kind, RequestAct.LAPSE, SERVICE, now, answers=_sent_answers(request))


def _sent_answers(request: Request) -> Answers:
    """The answers that the CNAS received: none of a draft, whose person was told that it is erased."""
    return request.answers if request.was_sent else {}


def remind(request: Request) -> Request:
    """The request after its person was told that its end is near."""
    return replace(request, reminded=True, version=request.version + 1)


def orphan(request: Request, *, now: int) -> Request:
    """An open request whose person's account closes: the CNAS answers it by post; it awaits the person no more."""
    if request.state is not RequestState.TO_COMPLETE:
        return request
    return replace(request, state=RequestState.EXAMINED, asked=None, changed_at=now, version=request.version + 1)


def is_repeated(request: Request, act: RequestAct, party: Party) -> bool:
    """Whether that act of that party was the last one: a double click, or an answer that was lost."""
    return (request.last_act, request.last_by) == (act, party)


def opened(kind: Kind, *, request_id: str, number: str, identifier: str, about: str | None = None, now: int) -> Done:
    """A new draft of that kind."""
    draft = Request(request_id, number, identifier, kind.id, kind.version, now, now, version=1, about=about)
    return Done(None, draft, Line(request_id, 1, now, RequestAct.OPEN, Party.PERSON, draft.state))


def issued(
    kind: Kind, *, request_id: str, number: str, identifier: str, structure_id: str, document_id: str, now: int
) -> Done:
    """A new request of a kind that is decided at once, settled by its document."""
    request = Request(
        request_id,
        number,
        identifier,
        kind.id,
        kind.version,
        now,
        now,
        state=RequestState.SETTLED,
        version=1,
        sent_at=now,
        structure_id=structure_id,
        ended_at=now,
        document_id=document_id,
        last_act=RequestAct.ISSUE,
        last_by=Party.SERVICE,
    )
    return Done(None, request, Line(request_id, 1, now, RequestAct.ISSUE, Party.SERVICE, request.state))


def declare(request: Request, state: RequestState, words: str, *, at: int, import_id: str) -> Done:
    """The request in the state that a file of states gives, at `at` (epoch seconds); `declared` says if it is allowed.

    What the file asks of the person is in `words` alone. A second row of one file keeps the `Before` of the first.
    """
    same = request.journal if request.journal and request.journal.import_id == import_id else None
    before = same.before if same else Before(**{name: getattr(request, name) for name in _RESTORED})
    version, moment = request.version + 1, max(at, request.changed_at)
    after = replace(
        request,
        state=state,
        version=version,
        changed_at=moment,
        words=words,
        asked=None,
        ended_at=at if state in ENDED else None,
        decided_by=import_id if state in (RequestState.REFUSED, RequestState.CLOSED) else None,
        last_act=DECLARED[state],
        last_by=Party.BACK_OFFICE,
        journal=StateJournal(import_id, version, before),
    )
    line = Line(request.request_id, version, moment, DECLARED[state], Party.BACK_OFFICE, state, words)
    return Done(request, after, line)


def take_back(request: Request, before: Before, *, now: int) -> Done:
    """Undo a file of states: the request stands as `before` again, with a line that says so."""
    restored = {name: getattr(before, name) for name in _RESTORED}
    after = replace(request, **restored, version=request.version + 1, journal=None)
    line = Line(request.request_id, after.version, now, RequestAct.CORRECT, Party.BACK_OFFICE, after.state)
    return Done(request, after, line)


def opened_elsewhere(
    kind: Kind, *, request_id: str, number: str, identifier: str, structure_id: str, sent_at: int, import_id: str
) -> Done:
    """A request, already sent, that the back office knows and that nobody opened here."""
    request = Request(
        request_id,
        number,
        identifier,
        kind.id,
        kind.version,
        sent_at,
        sent_at,
        state=RequestState.SENT,
        version=1,
        origin=Origin.BACK_OFFICE,
        sent_at=sent_at,
        structure_id=structure_id,
        last_by=Party.BACK_OFFICE,
        journal=StateJournal(import_id, 1),
    )
    return Done(None, request, Line(request_id, 1, sent_at, RequestAct.OPEN, Party.BACK_OFFICE, request.state))


def in_that_state(opened: Done, state: RequestState, words: str, *, at: int, import_id: str) -> Done:
    """The opening of a request in a later state than sent: one write with two lines."""
    if state is opened.after.state:
        return opened
    done = declare(opened.after, state, words, at=at, import_id=import_id)
    return Done(None, done.after, done.line, opened.line)


def may(request: Request, act: RequestAct, party: Party) -> bool:
    """Whether that party may do that act on the request as it stands.

    A request that the back office opened is changed by files of states alone; an agent may only reopen it. At
    `MOST_LINES_WITH_MESSAGES` lines no message is allowed any more: the whole timeline is shown in one answer.
    """
    if act is RequestAct.MESSAGE and request.version >= MOST_LINES_WITH_MESSAGES:
        return False
    is_theirs = request.origin is Origin.PERSON or (act, party) == (RequestAct.REOPEN, Party.AGENT)
    return is_theirs and is_allowed(act, request.state, party)


def _act(
    request: Request, kind: Kind, act: RequestAct, actor: Actor, now: int, *, said: str = "", **changes: object
) -> Done:
    """The request after the act, and its line. Raises WrongStepError when the table of states forbids it."""
    _require(request, act, actor.party)
    state = target(act, request.state, kind.ends_with)
    words = plain_text(said)
    after = replace(
        request,
        **{
            "state": state,
            "version": request.version + 1,
            "changed_at": now,
            "ended_at": now if state in ENDED else None,
            "last_act": act,
            "last_by": actor.party,
            **changes,
        },  # type: ignore[arg-type]  # the names are Request's own
    )
    return Done(
        request, after, Line(request.request_id, after.version, now, act, actor.party, state, words, actor.agent)
    )


def _require(request: Request, act: RequestAct, party: Party) -> None:
    if not may(request, act, party):
        raise WrongStepError(NextStep.HOME)


_RESTORED = tuple(Before.__dataclass_fields__)
