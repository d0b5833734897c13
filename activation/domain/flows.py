"""A flow: one verification of a contact in one browser, for any of the four purposes (docs/adr/0003)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from activation.domain.code_limits import LONGER_CODE_DIGITS
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import (
    FlowExpiredError,
    NextStep,
    ResendTooEarlyError,
    TooManyCodesError,
    WrongStepError,
)
from activation.domain.limits import DAY_SECONDS, Limits, Quota
from activation.domain.names import fold_last_name

LIVE_CODES = 2
"""How many codes of one flow are valid at once: the code of a late first mail still works."""


class Purpose(StrEnum):
    """What a flow is for."""

    ACTIVATION = "activation"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # a purpose's name
    SIGN_IN = "sign_in"
    CONTACT = "contact"


class FlowState(StrEnum):
    """How far a flow has come."""

    CODE_SENT = "code_sent"
    VERIFIED = "verified"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class SentCode:
    """One sending of a code: its length and when it expires (epoch seconds). The code is stored nowhere."""

    digits: int
    expires_at: int


class FlowReference(NamedTuple):
    """A browser's reference to its flow: the flow's id, the SHA-256 of its token, and the id of the flow on its page.

    `shown` is None when the call does not name the flow on the page.
    """

    flow_id: str
    token_hash: str
    shown: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the page shows this flow: a form left open in one tab must not act on the flow of another tab."""
        return self.shown in (None, self.flow_id)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow as it is stored.

    `codes` and `recipients` are by code number; a recipient is the contact that got the code, and a decoy has none.
    `matched` is the number of the code that was typed. `verification_id` is an id of the call that verified the flow:
    when the answer of its write was lost, the retry recognises its own success. `ends_at` is in epoch seconds.
    `notified_contacts` get the notice of a change: contacts that it took away, and others that must know of it.
    """

    flow_id: str
    token_hash: str
    purpose: Purpose
    identifier: str
    throttle_key: str
    state: FlowState
    code_number: int
    codes: Mapping[int, SentCode]
    attempts: int
    resends: int
    ends_at: int
    recipients: Mapping[int, Contact]
    epoch: int | None = None
    matched: int | None = None
    verification_id: str | None = None
    session_id: str | None = None
    notified_contacts: Mapping[Channel, Contact] = field(default_factory=dict)

    @property
    def latest_code(self) -> SentCode:
        """The code sent last."""
        return self.codes[self.code_number]

    @property
    def start_throttle_key(self) -> str:
        """The throttle key that counts starts: the flow's own; for new contacts, one key for the whole account."""
        return (
            make_throttle_key(self.purpose, self.identifier, "")
            if self.purpose is Purpose.CONTACT
            else self.throttle_key
        )

    @property
    def next_step(self) -> NextStep:
        """Where the browser that has this flow goes from here."""
        if self.state is FlowState.CODE_SENT:
            return NextStep.VERIFY_CONTACT if self.purpose is Purpose.CONTACT else NextStep.VERIFY_CODE
        if self.state is FlowState.VERIFIED:
            return NextStep.SET_PASSWORD
        return NextStep.HOME if self.purpose is Purpose.CONTACT else NextStep.SIGN_IN

    def is_for(self, identifier: str, last_names: Iterable[str]) -> bool:
        """Whether the flow is for that account.

        A sign-in or contact flow needs only its identifier; any other was also started with one of these last names.
        """
        if self.purpose in (Purpose.SIGN_IN, Purpose.CONTACT):
            return self.identifier == identifier
        folded = {fold_last_name(name) for name in last_names} - {""}
        return self.throttle_key in {make_throttle_key(self.purpose, identifier, name) for name in folded}

    def belongs_to(self, reference: FlowReference, now: int) -> bool:
        """Whether the flow has not ended and the browser has its token."""
        return self.token_hash == reference.token_hash and self.ends_at > now

    def attempts_left(self, limits: Limits) -> int:
        """How many codes may still be tried."""
        return max(0, limits.wrong_codes_per_flow - self.attempts)

    def resends_left(self, limits: Limits) -> int:
        """How many times the code may still be sent again."""
        return max(0, limits.resends_per_flow - self.resends)

    def resend_at(self, limits: Limits) -> int:
        """The first moment (epoch seconds) at which the code may be sent again."""
        return self.latest_code.expires_at - code_life(self.purpose, limits) + limits.resend_wait_seconds


def make_throttle_key(purpose: Purpose, identifier: str, throttle_suffix: str) -> str:
    """The throttle key: the SHA-256 (hexadecimal) of the three parts, joined by NUL."""
    return hashlib.sha256(
        f"{purpose.value}\0{identifier}\0{throttle_suffix}".encode("utf-8", "surrogatepass")
    ).hexdigest()


def code_life(purpose: Purpose, limits: Limits) -> int:
    """How long (seconds) a code of that purpose is good for."""
    if purpose in (Purpose.ACTIVATION, Purpose.PASSWORD_RESET):
        return limits.activation_code_life_seconds
    return limits.sign_in_code_life_seconds


def start_quota(purpose: Purpose, limits: Limits) -> Quota:
    """How many flows of that purpose a throttle key may start. Sign-in has no limit by hour: it takes a password."""
    if purpose is Purpose.SIGN_IN:
        return Quota(limits.sign_in_codes_per_day, limits.sign_in_codes_per_day)
    return Quota(limits.starts_per_person_per_hour, limits.starts_per_person_per_day)


def open_flow(
    reference: FlowReference,
    purpose: Purpose,
    *,
    identifier: str,
    throttle_suffix: str,
    digits: int,
    now: int,
    limits: Limits,
    recipient: Contact | None = None,
    epoch: int | None = None,
    session_id: str | None = None,
) -> Flow:
    """A new flow with its first code.

    `recipient` and `epoch` are given when the visitor is already known, by password or by session.
    """
    expires_at = now + code_life(purpose, limits)
    return Flow(
        flow_id=reference.flow_id,
        token_hash=reference.token_hash,
        purpose=purpose,
        identifier=identifier,
        throttle_key=make_throttle_key(purpose, identifier, throttle_suffix),
        state=FlowState.CODE_SENT,
        code_number=1,
        codes={1: SentCode(digits, expires_at)},
        attempts=0,
        resends=0,
        ends_at=expires_at,
        recipients={1: recipient} if recipient else {},
        epoch=epoch,
        session_id=session_id,
    )


def add_code(flow: Flow, *, digits: int, now: int, limits: Limits, recipient: Contact | None = None) -> Flow:
    """The flow with one more code; only the last two stay valid.

    Raises TooManyCodesError when no resend is left, and ResendTooEarlyError before `resend_at`.
    """
    if not flow.resends_left(limits):
        raise TooManyCodesError(flow.ends_at)
    if flow.resend_at(limits) > now:
        raise ResendTooEarlyError(flow.resend_at(limits))
    number, expires_at = flow.code_number + 1, now + code_life(flow.purpose, limits)
    codes = {**flow.codes, number: SentCode(digits, expires_at)}
    recipients = {**flow.recipients, **({number: recipient} if recipient else {})}
    return replace(
        flow,
        code_number=number,
        codes={n: sent for n, sent in codes.items() if n > number - LIVE_CODES},
        recipients={n: contact for n, contact in recipients.items() if n > number - LIVE_CODES},
        resends=flow.resends + 1,
        ends_at=expires_at,
    )


def with_notified(flow: Flow, contacts: Iterable[Contact], *, now: int) -> Flow:
    """The flow with its notified contacts: at most one a channel, to get a notice of its success.

    The flow is then stored for a day, as long as the notice may take. Without contacts it is unchanged.
    """
    notified = {contact.channel: contact for contact in contacts}
    return replace(flow, notified_contacts=notified, ends_at=now + DAY_SECONDS) if notified else flow


def valid_codes(flow: Flow, *, longer_codes: bool, now: int) -> dict[int, SentCode]:
    """The sent codes that are accepted now, by code number.

    With `longer_codes` only the latest is, and only if it has 8 digits (docs/adr/0010).
    """

    def is_good(number: int, sent: SentCode) -> bool:
        long_enough = number == flow.code_number and sent.digits == LONGER_CODE_DIGITS
        return sent.expires_at > now and (long_enough or not longer_codes)

    return {number: sent for number, sent in flow.codes.items() if is_good(number, sent)}


def open_code(flow: Flow, number: int, *, longer_codes: bool, now: int, limits: Limits) -> SentCode | None:
    """The sent code with that number, if it is still accepted when typed; else None."""
    waits = flow.state is FlowState.CODE_SENT and flow.attempts_left(limits)
    return valid_codes(flow, longer_codes=longer_codes, now=now).get(number) if waits else None


def require_flow(flow: Flow | None, reference: FlowReference, *, purpose: Purpose, state: FlowState, now: int) -> Flow:
    """The flow, if it is the browser's and has that purpose and that state.

    Raises FlowExpiredError when there is no flow, it has ended or the browser's token is not its token. Raises
    WrongStepError when purpose or state is another, or the page shows another flow.
    """
    if flow is None or not flow.belongs_to(reference, now):
        raise FlowExpiredError
    if flow.purpose is not purpose or flow.state is not state or not reference.is_shown:
        raise WrongStepError(flow.next_step)
    return flow
