"""The notices of a request: they say its number and no more, for the mailbox may be the employer's."""

from collections.abc import Sequence

from activation.domain.accounts import Account
from activation.domain.contacts import Channel
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind, OutboxMessage
from activation.domain.requests.kinds import EndsWith
from activation.domain.requests.states import RequestState
from activation.domain.tokens import RandomBytes, new_id

BY_SMS_TOO = frozenset({MessageKind.REQUEST_TO_COMPLETE, MessageKind.REQUEST_DECIDED})
"""The notices that go by SMS to somebody without a proven mail; no others do."""


_TOLD = {
    RequestState.SENT: MessageKind.REQUEST_SENT,
    RequestState.TO_COMPLETE: MessageKind.REQUEST_TO_COMPLETE,
    RequestState.ACCEPTED: MessageKind.REQUEST_DECIDED,
    RequestState.REFUSED: MessageKind.REQUEST_DECIDED,
    RequestState.CLOSED: MessageKind.REQUEST_DECIDED,
    RequestState.SETTLED: MessageKind.REQUEST_SETTLED,
}


def told_of(state: RequestState, ends_with: EndsWith) -> MessageKind | None:
    """The notice of a state that a file of states gives; None for an examination."""
    if state is RequestState.SETTLED and ends_with is not EndsWith.PAYMENT:
        return MessageKind.REQUEST_DECIDED
    return _TOLD.get(state)


def notices_of(
    kind: MessageKind, account: Account, number: str, random: RandomBytes, *, now: int
) -> Sequence[OutboxMessage]:
    """The notice of that kind to the proven mail; without one, by SMS if the kind is in `BY_SMS_TOO`."""
    channels = (Channel.EMAIL, Channel.SMS) if kind in BY_SMS_TOO else (Channel.EMAIL,)
    channel = next((each for each in channels if each in account.proven), None)
    if channel is None:
        return []
    shown, ends = " ".join((number[:3], number[3:6], number[6:])), now + DAY_SECONDS
    return [OutboxMessage(new_id(random), kind, account.identifier, now, ends, channel=channel, request_number=shown)]
