"""What the use cases need of the world. Adapters keep these promises with AWS, the tests' fakes in memory.

A change of state is one transaction: ports make `Write`s, `Store.commit` carries them out, all or none.
Every method may also fail as its technology fails; the edge turns that into "unavailable".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # every function imports this module: it must not bring in what only some of them use
    from collections.abc import Iterator

    from activation.domain.accounts import Account
    from activation.domain.activation_funnel import FunnelStage
    from activation.domain.budgets import Budget
    from activation.domain.contacts import Contact
    from activation.domain.employment import Structure
    from activation.domain.events import Event
    from activation.domain.flows import Flow, FlowReference, Purpose
    from activation.domain.ledger import ConsentEntry, TermsEntry
    from activation.domain.limits import Quota, ThrottleState
    from activation.domain.outbox import DeliveryEvent, DeliveryState, OutboxMessage, ReportedMessage
    from activation.domain.retention import Cutoffs, Due
    from activation.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class CodeTimes:
    """A code that went out to somebody, when, and when its provider said that it arrived."""

    identifier: str
    sent_at: int
    delivered_at: int | None = None


class Write:
    """One part of a transaction, made by a port."""


class Store(Protocol):
    """Carries out transactions."""

    def commit(self, *writes: Write) -> None:
        """All writes or none. Raises the refusal of the first write whose condition does not hold.

        Raises BusyError when the tables are still busy after three tries.
        """


class Flows(Protocol):
    """The flows, by id."""

    def get(self, flow_id: str) -> Flow | None:
        """The flow as it stands now, alive or not."""

    def open(self, flow: Flow) -> Write:
        """Puts a new flow."""

    def add_code(self, flow: Flow, *, most_attempts: int, now: int) -> Write:
        """Writes the flow's new issue over the one before it. Refused: StaleError."""

    def spend_attempt(
        self, reference: FlowReference, purpose: Purpose, *, session_id: str | None, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        """Counts one attempt at the flow, if it is held, its code is out and fewer than `most` are spent.

        Purpose and session must be the flow's too. Returns the flow as it stands now, and whether an attempt was spent.
        """

    def mark_verified(self, before: Flow, after: Flow) -> Write:
        """Writes that `after.matched` was right, if a contact is named for that issue.

        Refused: CodeRejectedError for a decoy, WrongStepError when the flow has gone on.
        """

    def finish(self, flow: Flow, *, now: int) -> Write:
        """Writes that a proven flow has served, and whom it replaced. Refused: WrongStepError."""

    def lock(self, flow_id: str) -> Write:
        """Changes nothing and always holds: the transaction takes the flow's row as one that names a recipient does."""

    def name_recipient(self, flow: Flow, code_number: int, contact: Contact, *, epoch: int) -> Write:
        """Writes to whom that issue's code goes, and the account's epoch, which later issues must find unchanged.

        Refused: StaleError when the flow no longer waits for that code, or stood on an epoch that is gone.
        """


class Accounts(Protocol):
    """The people, and what was done with their accounts."""

    def get(self, identifier: str) -> Account | None:
        """The person as they stand now."""

    def save(self, account: Account) -> Write:
        """Writes the person over the version that was read. Refused: StaleError."""

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Account]:
        """The first people of that structure whose usage or birth name, folded, begins so."""

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        """Everything that was recorded, oldest first."""

    def record_consent(self, account: Account, entry: ConsentEntry) -> Write:
        """Adds a line to the consent ledger of the person as read: lines of one second keep their order."""

    def record_terms(self, identifier: str, entry: TermsEntry) -> Write:
        """Adds the proof that a version was accepted."""

    def record_event(self, identifier: str, event: Event) -> Write:
        """Adds a line to the account's history."""


class Structures(Protocol):
    """The employers."""

    def get(self, structure_id: str) -> Structure | None:
        """The structure with its correspondent."""

    def save(self, structure: Structure) -> None:
        """Writes the structure over whatever stood there."""


class Employments(Protocol):
    """People with their employers."""

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        """The person and that structure as they stand now, read at once."""


class ThrottledAccounts(Protocol):
    """Accounts with what is counted against a throttle key."""

    def get(self, identifier: str, throttle_key: str) -> tuple[Account | None, ThrottleState]:
        """The account and the state of that throttle key as they stand now, read at once."""


class Sessions(Protocol):
    """The open sessions, by the hash of their token."""

    def get(self, token_hash: str) -> Session | None:
        """The session, open or not."""

    def open(self, session: Session) -> Write:
        """Puts a new session."""

    def touch(self, session: Session) -> None:
        """Writes when it was seen last."""

    def end(self, token_hash: str) -> None:
        """Removes the session, if there is one."""

    def close(self, token_hash: str) -> Write:
        """Removes it with what else is written: the browser's session of before, which no cookie names any more."""


class Counters(Protocol):
    """What is counted against pairs, addresses and accounts."""

    def throttle(self, throttle_key: str) -> ThrottleState:
        """What is counted against that pair now."""

    def count_start(self, throttle_key: str, quota: Quota, *, digits: int, now: int) -> Write:
        """Counts a start. Refused: AccountLockedError, TooManyCodesError, LongerCodeNeededError."""

    def allow_code(self, throttle_key: str, *, digits: int, now: int) -> Write:
        """Counts nothing; holds while a code of that length may go out.

        Refused: AccountLockedError, LongerCodeNeededError, StaleError.
        """

    def require_unlocked(self, throttle_key: str, *, now: int) -> Write:
        """Counts nothing; holds unless the pair is locked. Refused: AccountLockedError, StaleError."""

    def count_address(self, address: str, *, now: int) -> Write:
        """Counts a call of that address. Refused: TooManyRequestsError."""

    def count_guess(self, throttle_key: str, *, now: int) -> int:
        """Counts a code before it is looked at; returns how many came in a row, this one among them.

        From the hundredth on it locks the pair for a day, which a right code ends: no two are looked at.
        Raises AccountLockedError, and counts nothing, while the pair is locked.
        """

    def forgive_guesses(self, throttle_key: str, *, now: int) -> Write:
        """Forgets the guesses and the lock of a pair that has given a right code."""

    def clear_throttle(self, throttle_key: str, seen: ThrottleState, *, now: int) -> Write:
        """Ends the pair's lock and gives its starts back; codes that had become longer stay so until one is right.

        Refused: StaleError when the wrong codes are not those `seen`.
        """

    def password_locked_until(self, scope: str, *, now: int) -> int:
        """Until when (epoch seconds) no password is looked at there; 0 when one would be."""

    def count_wrong_password(self, scope: str, *, now: int) -> int:
        """Counts a failure before the password is looked at; returns how many tries are left.

        Raises AccountLockedError when none was left.
        """

    def return_wrong_password(self, scope: str) -> Write:
        """Gives that failure back, and the time by which it had prolonged those before it."""

    def lift_password_lock(self, scope: str) -> Write:
        """Forgets the failures counted there."""


class Breaker(Protocol):
    """The breaker against one code tried at many people: it counts everybody's wrong codes together."""

    def count_wrong_code(self, *, now: int) -> None:
        """Counts one; past the limit of ten minutes it trips, until an hour after those ten minutes."""

    def is_tripped(self, *, now: int) -> bool:
        """Whether everybody's codes are longer, as it stood at most ten seconds ago."""


class Budgets(Protocol):
    """What messages may cost."""

    def take(self, budget: Budget) -> bool:
        """Takes a place in the budget; False, and nothing taken, when it is spent."""

    def give_back(self, budget: Budget) -> None:
        """Gives a place back whose message did not go out."""


class Outbox(Protocol):
    """The messages to send."""

    def put(self, message: OutboxMessage) -> Write:
        """Queues a message."""


class Deliveries(Protocol):
    """The messages to send, as the worker handles them."""

    def unsettled(self, message_id: str) -> OutboxMessage | None:
        """The message; None when it is sent, dropped or gone."""

    def claim(self, message_id: str, *, now: int) -> Write:
        """Leases the message to us for a minute. Refused: MessageTakenError."""

    def release(self, message_id: str) -> None:
        """Gives the lease back: the message could not be sent now."""

    def drop(self, message_id: str, *, now: int) -> Write:
        """Drops a message that nobody claimed, and forgets what it said. Refused: MessageTakenError."""

    def finish(self, message_id: str, state: DeliveryState, *, now: int, provider_id: str | None = None) -> Write:
        """Writes that the message is sent or dropped, and forgets what it said but for what reports on it need."""


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What decides whether a message may go out, and to whom, all of it as it stood at one moment."""

    account: Account | None
    flow: Flow | None
    throttle: ThrottleState


class DeliveryContexts(Protocol):
    """What messages depend on."""

    def of(self, message: OutboxMessage) -> DeliveryContext:
        """What that message depends on, as it stands now."""


class DeliveryReports(Protocol):
    """What providers report of the messages that they took."""

    def get(self, message_id: str) -> ReportedMessage | None:
        """The message and its reports; None when it was dropped, or is gone after its day."""

    def record(self, message_id: str, event: DeliveryEvent, *, now: int) -> Write:
        """Writes that report. When it is there already, nothing of the transaction is written, and nothing refused."""


class MailSender(Protocol):
    """Sends mail."""

    def send(self, to: str, *, subject: str, text: str, html: str, message_id: str, is_code: bool = False) -> str:
        """Hands a mail over; returns the provider's id. Raises RefusedByProviderError; anything else may pass.

        A code is counted as one.
        """


class SmsSender(Protocol):
    """Sends SMS."""

    def send(self, to: str, text: str, *, is_code: bool = False) -> str:
        """Hands an SMS over; `to` is in E.164. Returns and raises as `MailSender.send`."""


class Macs(Protocol):
    """One KMS key that makes message authentication codes and never leaves KMS."""

    key_id: str

    def mac(self, message: bytes) -> bytes:
        """The HMAC-SHA-256 (32 bytes) of the message."""


class Expirable(Protocol):
    """A table whose rows expire."""

    name: str

    def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
        """The keys of the expired rows of one segment, page by page."""

    def remove(self, key: str, *, now: int) -> bool:
        """Removes the row if it has expired; False when it has not, or is gone."""


class Retention(Protocol):
    """The accounts whose data have come of age; nothing is done to a row that is not due any more."""

    def due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[Due]]:
        """What is due in one segment, page by page."""

    def remove(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes an event or a proof; False when it is not due, or gone."""

    def forget_before(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes what an import replaced; False when it is not due, or gone."""

    def erase(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes a closed account but for its proofs, which get their own date; False when it is not due, or gone."""

    def employers_due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[str]]:
        """The employers of one segment of whom what an import replaced is due, page by page."""

    def forget_employer(self, structure_id: str, *, cutoffs: Cutoffs) -> bool:
        """Removes what an import replaced of that employer; False when it is not due, or gone."""

    def date_proofs(self, due: Due) -> bool:
        """Gives the proofs of an account that closed the date when they go; False when they have it, or all is gone."""


class ActivationFunnel(Protocol):
    """How far people have come on their way to an account."""

    def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
        """The codes that went out, or were reported to have arrived, since then, in one segment, page by page.

        The outbox knows a day of them.
        """

    def note(self, code: CodeTimes) -> None:
        """Notes the code's times with its person, while they are invited and where none is noted yet."""

    def everybody(self) -> Iterator[FunnelStage]:
        """How far each of the people is."""
