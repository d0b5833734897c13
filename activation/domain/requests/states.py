"""The states of a request and its acts, as one table: who may do what, in which state, and which state follows."""

from enum import StrEnum
from typing import NamedTuple

from activation.domain.requests.kinds import EndsWith


class RequestState(StrEnum):
    """The states of a request."""

    DRAFT = "draft"
    SENT = "sent"
    EXAMINED = "examined"
    TO_COMPLETE = "to_complete"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REFUSED = "refused"
    CLOSED = "closed"


ENDED = frozenset({RequestState.SETTLED, RequestState.REFUSED, RequestState.CLOSED})
"""The states in which nobody has to act any more."""

OPEN = frozenset(RequestState) - ENDED


class Party(StrEnum):
    """The parties that act on a request."""

    PERSON = "person"
    AGENT = "agent"
    BACK_OFFICE = "back_office"
    """The back office's file of states."""
    SERVICE = "service"
    """The service itself: kinds that are decided at once, and the cleanup."""


class Origin(StrEnum):
    """The party that opened a request."""

    PERSON = "person"
    BACK_OFFICE = "back_office"


class RequestAct(StrEnum):
    """The acts on a request; each is one transaction, and one line of its timeline."""

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
    """The change that a file of states made is taken back."""


class AskReason(StrEnum):
    """The reasons why the person is asked to complete a request."""

    INCORRECT = "incorrect"
    INCOMPLETE = "incomplet"
    OUT_OF_DATE = "perime"


class Transition(NamedTuple):
    """An act: in which states and by whom it is allowed, and which state follows (`to`; None when it stays)."""

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
"""The acts on an existing request. Opening and issuing make a new one; the further guards are in `acts`.

A file of states goes by `LEADS_TO` alone.
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
"""The states that a file of states may give, with the act that each stands for. It never gives a draft."""

LEADS_TO: dict[RequestState, frozenset[RequestState]] = {
    _S.DRAFT: frozenset(),
    _S.SENT: frozenset({_S.EXAMINED, _S.TO_COMPLETE, _S.ACCEPTED}) | ENDED,
    _S.EXAMINED: frozenset({_S.TO_COMPLETE, _S.ACCEPTED}) | ENDED,
    _S.TO_COMPLETE: frozenset({_S.EXAMINED, _S.ACCEPTED}) | ENDED,
    _S.ACCEPTED: frozenset({_S.SETTLED}),
    **dict.fromkeys(ENDED, frozenset()),
}
"""The states that a file of states may give after each state: forward, also past states that it left out, never back.

Only *examined* and *to complete* lead to each other, each to a state of a later day.
"""


def is_allowed(act: RequestAct, state: RequestState, party: Party) -> bool:
    """Whether the table lets that party do that act in that state."""
    transition = TRANSITIONS[act]
    return state in transition.sources and party in transition.by


def target(act: RequestAct, state: RequestState, ends_with: EndsWith) -> RequestState:
    """The state after the act: accepting settles a request that needs no payment."""
    if act is RequestAct.ACCEPT and ends_with is not EndsWith.PAYMENT:
        return RequestState.SETTLED
    return TRANSITIONS[act].to or state
