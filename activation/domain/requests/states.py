"""The states of a request and its acts, as one table: who may do what, from where, and where it leads."""

from enum import StrEnum
from typing import NamedTuple

from activation.domain.requests.kinds import EndsWith


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SENT = "sent"
    EXAMINED = "examined"
    TO_COMPLETE = "to_complete"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REFUSED = "refused"
    CLOSED = "closed"


ENDED = frozenset({RequestState.SETTLED, RequestState.REFUSED, RequestState.CLOSED})
"""The states in which nothing is awaited from anybody."""

OPEN = frozenset(RequestState) - ENDED


class Party(StrEnum):
    """Who acts."""

    PERSON = "person"
    AGENT = "agent"
    BACK_OFFICE = "back_office"
    """The back office's file of states."""
    SERVICE = "service"
    """The service itself: what is decided at once, and the cleanup."""


class Origin(StrEnum):
    """Who opened a request."""

    PERSON = "person"
    BACK_OFFICE = "back_office"


class RequestAct(StrEnum):
    """What is done to a request; each is one transaction, and one line of its timeline."""

    OPEN = "open"
    SAVE = "save"
    SEND = "send"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    TAKE = "take"
    ASK = "ask"
    COMPLETE = "complete"
    ACCEPT = "accept"
    REFUSE = "refuse"
    DROP = "drop"
    SETTLE = "settle"
    REOPEN = "reopen"
    LAPSE = "lapse"
    MESSAGE = "message"
    CORRECT = "correct"
    """What a file of states said is taken back."""


class AskReason(StrEnum):
    """Why something is asked for."""

    INCORRECT = "incorrect"
    INCOMPLETE = "incomplet"
    OUT_OF_DATE = "perime"


class Transition(NamedTuple):
    """An act: from which states, by whom, and to which state; `to` is None when it stays where it is."""

    sources: frozenset[RequestState]
    to: RequestState | None
    by: frozenset[Party]


_S = RequestState


def _by(*parties: Party) -> frozenset[Party]:
    return frozenset(parties)


TRANSITIONS = {
    RequestAct.SAVE: Transition(frozenset({_S.DRAFT}), _S.DRAFT, _by(Party.PERSON)),
    RequestAct.SEND: Transition(frozenset({_S.DRAFT}), _S.SENT, _by(Party.PERSON)),
    RequestAct.WITHDRAW: Transition(frozenset({_S.DRAFT, _S.SENT, _S.TO_COMPLETE}), _S.CLOSED, _by(Party.PERSON)),
    RequestAct.TAKE: Transition(frozenset({_S.SENT}), _S.EXAMINED, _by(Party.AGENT)),
    RequestAct.ASK: Transition(frozenset({_S.EXAMINED}), _S.TO_COMPLETE, _by(Party.AGENT)),
    RequestAct.COMPLETE: Transition(frozenset({_S.TO_COMPLETE}), _S.EXAMINED, _by(Party.PERSON)),
    RequestAct.ACCEPT: Transition(frozenset({_S.EXAMINED}), _S.ACCEPTED, _by(Party.AGENT)),
    RequestAct.REFUSE: Transition(frozenset({_S.EXAMINED}), _S.REFUSED, _by(Party.AGENT)),
    RequestAct.DROP: Transition(frozenset({_S.EXAMINED}), _S.CLOSED, _by(Party.AGENT)),
    RequestAct.SETTLE: Transition(frozenset({_S.ACCEPTED}), _S.SETTLED, _by(Party.AGENT)),
    RequestAct.REOPEN: Transition(frozenset({_S.REFUSED, _S.CLOSED}), _S.EXAMINED, _by(Party.AGENT)),
    RequestAct.LAPSE: Transition(frozenset({_S.DRAFT, _S.TO_COMPLETE}), _S.CLOSED, _by(Party.SERVICE)),
    RequestAct.MESSAGE: Transition(OPEN - {_S.DRAFT}, None, _by(Party.PERSON, Party.AGENT)),
}
"""What may be done to a request that stands. Opening and issuing make one; what further guards an act is in `acts`.

What the back office says goes by `LEADS_TO` alone.
"""


DECLARED = {
    _S.SENT: RequestAct.OPEN,
    _S.EXAMINED: RequestAct.TAKE,
    _S.TO_COMPLETE: RequestAct.ASK,
    _S.ACCEPTED: RequestAct.ACCEPT,
    _S.SETTLED: RequestAct.SETTLE,
    _S.REFUSED: RequestAct.REFUSE,
    _S.CLOSED: RequestAct.DROP,
}
"""The states that a file of states may name, with the act that each tells of. Nobody else's draft is known there."""

LEADS_TO: dict[RequestState, frozenset[RequestState]] = {
    _S.DRAFT: frozenset(),
    _S.SENT: frozenset({_S.EXAMINED, _S.TO_COMPLETE, _S.ACCEPTED}) | ENDED,
    _S.EXAMINED: frozenset({_S.TO_COMPLETE, _S.ACCEPTED}) | ENDED,
    _S.TO_COMPLETE: frozenset({_S.EXAMINED, _S.ACCEPTED}) | ENDED,
    _S.ACCEPTED: frozenset({_S.SETTLED}),
    **dict.fromkeys(ENDED, frozenset()),
}
"""Where a file of states may lead from a state: on, over any that it left out, and never back.

Only *examined* and *to complete* lead to each other, each to what is said of a later day.
"""


def is_allowed(act: RequestAct, state: RequestState, party: Party) -> bool:
    """Whether the table lets that party do that act in that state."""
    transition = TRANSITIONS[act]
    return state in transition.sources and party in transition.by


def target(act: RequestAct, state: RequestState, ends_with: EndsWith) -> RequestState:
    """The state after the act: accepting ends what needs no payment."""
    if act is RequestAct.ACCEPT and ends_with is not EndsWith.PAYMENT:
        return RequestState.SETTLED
    return TRANSITIONS[act].to or state
