"""The ports: what the use cases need of tables, queues and keys. Adapters implement them with AWS, fakes in memory.

A change of state is one transaction: ports make `Write`s, `Store.commit` carries them out, all or none. « Refused: »
names the error that the commit raises when the condition of that write does not hold.
Every method may also fail as its technology fails; the API then answers "unavailable".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # every function imports this module: it must not import what only some of them use
    from collections.abc import Iterator, Sequence

    from activation.domain.accounts import Account
    from activation.domain.activation_funnel import FunnelStage
    from activation.domain.budgets import Budget
    from activation.domain.contacts import Contact
    from activation.domain.correspondents import LinkedStructure
    from activation.domain.employment import Structure
    from activation.domain.events import Event
    from activation.domain.flows import Flow, FlowReference, Purpose
    from activation.domain.ledger import ConsentEntry
    from activation.domain.limits import Daily, OtherNames, Quota, ThrottleState
    from activation.domain.outbox import DeliveryEvent, DeliveryState, OutboxMessage, ReportedMessage
    from activation.domain.retention import Cutoffs, Due
    from activation.domain.sessions import Session
    from activation.domain.terms import TermsEntry


class CodeTimes(NamedTuple):
    """When (epoch seconds) a code was sent to a person, and when it was delivered; None while no report says so."""

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
        """The flow, ended or not, as it is stored now; None when there is none."""

    def open(self, flow: Flow) -> Write:
        """Writes a new flow."""

    def add_code(self, flow: Flow, *, most_attempts: int, now: int) -> Write:
        """Writes the latest code of a flow that `flows.add_code` made.

        Refused: StaleError when the flow has gone on, has ended or has `most_attempts` spent attempts.
        """

    def spend_attempt(
        self, reference: FlowReference, purpose: Purpose, *, session_id: str | None, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        """Counts one attempt, if the flow waits for its code, has not ended, and fewer than `most` attempts are spent.

        Token, purpose and session must be the flow's. Returns the flow as it is stored now (None when there is none),
        and whether an attempt was counted.
        """

    def spend_password(
        self, reference: FlowReference, purpose: Purpose, *, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        """Counts one password, if the flow is verified, has not ended, and fewer than `most` were typed in it.

        Token and purpose must be the flow's. Returns the flow as it is stored now (None when there is none), and
        whether the password was counted.
        """

    def mark_verified(self, before: Flow, after: Flow) -> Write:
        """Writes that the code number `after.matched` was typed, if that code has a recipient.

        Refused: CodeRejectedError without a recipient, as for a decoy; WrongStepError when the flow has gone on.
        """

    def finish(self, flow: Flow, *, now: int) -> Write:
        """Writes that a verified flow is done, with its notified contacts.

        Refused: WrongStepError when it is not verified any more, FlowExpiredError when it is gone.
        """

    def lock(self, flow_id: str) -> Write:
        """Changes nothing and is never refused: it takes the flow's row into the transaction, as `name_recipient` does.

        Without it a browser could measure that its flow's code has no recipient.
        """

    def name_recipient(self, flow: Flow, code_number: int, contact: Contact, *, epoch: int) -> Write:
        """Writes the contact that gets the code of that number, and the account's session epoch.

        Refused: StaleError when the flow no longer waits for that code, or was written with another epoch before.
        """


class Accounts(Protocol):
    """The accounts, their owners, and their history."""

    def get(self, identifier: str) -> Account | None:
        """The account as it is stored now; None when there is none."""

    def save(self, account: Account) -> Write:
        """Writes the account. Refused: StaleError when its version is no longer the one that was read."""

    def require_open(self, identifier: str) -> Write:
        """Checks that there is such an account, and that it is not closed. Refused: StaleError."""

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Account]:
        """At most `most` accounts of that structure whose usage or birth name, folded, has `folded_name` in it.

        Names that begin with it come first: `almeida` also finds D'Almeida, and `martin` Saint-Martin.
        """

    def count_people(self, structure_id: str) -> int:
        """How many people of that structure are stored, closed accounts of the last twelve months among them."""

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        """All events, consent entries and terms entries of the account, oldest first."""

    def record_consent(self, account: Account, entry: ConsentEntry) -> Write:
        """Adds a line to the consent ledger of the account as read. Lines of the same second keep their order."""

    def record_terms(self, identifier: str, entry: TermsEntry) -> Write:
        """Adds the entry that a version of the terms was accepted."""

    def record_event(self, identifier: str, event: Event) -> Write:
        """Adds a line to the account's history."""

    def record_look(self, identifier: str, event: Event) -> Write:
        """Adds a line to the account's history, unless that agent has one of that kind there today (in Paris)."""


class Structures(Protocol):
    """The employers."""

    def get(self, structure_id: str) -> Structure | None:
        """The structure with its correspondent; None when there is none."""

    def named(self, words: Sequence[str]) -> list[Structure]:
        """Every structure whose folded name has each of these folded words in it: with its id and name, no more."""

    def save(self, structure: Structure) -> None:
        """Writes the structure, whatever was stored before."""


class Links(Protocol):
    """The correspondents of structures, and the accounts that have a work mail."""

    def structures(self, structure_ids: Sequence[str]) -> dict[str, LinkedStructure]:
        """Those structures as they are stored now, by id; a hundred are read in one call."""

    def save(self, before: LinkedStructure, after: LinkedStructure) -> Write:
        """Writes the structure's correspondents and the invitation that waits, but none of the roster's data.

        Refused: StaleError when either is no longer that of `before`.
        """

    def without(self, *, after: str, most: int) -> list[Structure]:
        """The next `most` structures for which nobody answers, after that id, in the table's own order."""

    def account_of_mail(self, mail_key: str) -> str | None:
        """The identifier of the open account with that work mail, by its keyed hash; None when there is none."""

    def claim_mail(self, mail_key: str, identifier: str) -> Write:
        """Writes that the work mail is that account's. Refused: StaleError when it is any account's."""

    def release_mail(self, mail_key: str, identifier: str) -> Write:
        """Removes that row once the account is closed. Refused: StaleError when it is another account's."""


class ImportedMails(Protocol):
    """The correspondents' mails that stood before an import of a roster."""

    def of(self, import_id: str) -> dict[str, str] | None:
        """For each structure of the file the `contact_key` of its correspondent's mail, empty if that was new.

        None when there is no such import, or it is older than the files of imports are kept.
        """


class Employments(Protocol):
    """Accounts with their employers."""

    def get(self, identifier: str, structure_id: str | None) -> tuple[Account | None, Structure | None]:
        """The account and that structure as they are stored now, read in one call."""


class ThrottledAccounts(Protocol):
    """Accounts with the counts under a throttle key."""

    def get(self, identifier: str, throttle_key: str) -> tuple[Account | None, ThrottleState]:
        """The account and the state of that throttle key as they stand now, read in one call."""


class Sessions(Protocol):
    """The open sessions, by the hash of their token."""

    def get(self, token_hash: str) -> Session | None:
        """The session, open or not; None when there is none."""

    def open(self, session: Session) -> Write:
        """Writes a new session."""

    def touch(self, session: Session) -> None:
        """Writes when the session was last seen, and when it expires."""

    def end(self, token_hash: str) -> None:
        """Removes the session, if there is one."""

    def close(self, token_hash: str) -> Write:
        """Removes the browser's former session in the transaction that opens the new one."""


class Counters(Protocol):
    """The counts under throttle keys, IP addresses and accounts."""

    def throttle(self, throttle_key: str) -> ThrottleState:
        """The counts under that throttle key as they stand now."""

    def count_start(self, throttle_key: str, quota: Quota, *, digits: int, now: int) -> Write:
        """Counts a start. Refused: AccountLockedError, TooManyCodesError, LongerCodeNeededError."""

    def allow_code(self, throttle_key: str, *, digits: int, now: int) -> Write:
        """Counts nothing; it is refused while no code of that length may be sent.

        Refused: AccountLockedError, LongerCodeNeededError, StaleError.
        """

    def require_unlocked(self, throttle_key: str, *, now: int) -> Write:
        """Counts nothing; it is refused while the throttle key is locked. Refused: AccountLockedError, StaleError."""

    def count_address(self, address: str, *, now: int) -> Write:
        """Counts a call from that IP address. Refused: TooManyRequestsError."""

    def count_verification(self, address: str, *, now: int) -> None:
        """Counts a verification of a document from that IP address, apart from calls. Raises TooManyRequestsError."""

    def count_today(self, what: Daily, identifier: str, *, most: int, now: int) -> Write:
        """Counts an act that is allowed `most` times a UTC day for that identifier. Refused: TooManyTodayError."""

    def count_guess(self, throttle_key: str, *, now: int) -> int:
        """Counts a typed code as wrong before it is checked. Returns how many were counted since the last right one.

        From the limit `wrong_codes_per_person` (100) on, each counted code also locks the throttle key for a day. That
        code is still checked, and if it is right, `forgive_guesses` ends the lock; no second code is checked meanwhile.
        Raises AccountLockedError, and counts nothing, while the throttle key is locked.
        """

    def forgive_guesses(self, throttle_key: str, *, now: int) -> Write:
        """Forgets the counted codes and the lock of a throttle key, after a right code."""

    def clear_throttle(self, throttle_key: str, seen: ThrottleState, *, now: int) -> Write:
        """Ends the lock and forgets the starts. Codes that must have 8 digits keep that length until one is right.

        Refused: StaleError when the throttle key no longer counts what was `seen`.
        """

    def password_locked_until(self, scope: str, *, now: int) -> int:
        """Until when (epoch seconds) no password is checked in that scope; 0 when it is not locked."""

    def count_wrong_password(self, scope: str, *, now: int) -> int:
        """Counts a failure before the password is checked. Returns how many tries are left.

        Raises AccountLockedError when none was left: then the password must not be checked.
        """

    def return_wrong_password(self, scope: str) -> Write:
        """Takes back the failure counted last, and the time by which it prolonged the earlier ones."""

    def lift_password_lock(self, scope: str, *, locked_until: int = 0) -> Write:
        """Forgets the failures counted in that scope. Refused: StaleError when `locked_until` is no longer its lock."""

    def count_other_name(self, identifier: str, *, now: int) -> None:
        """Counts a code asked for with that identifier and another name than its owner's; it may have no owner."""

    def other_names(self, identifier: str, *, now: int) -> OtherNames | None:
        """The codes counted by `count_other_name` for that identifier; None when the last is a day ago."""


class Breaker(Protocol):
    """The breaker against guessing the codes of many people: it counts the codes that all of them type together.

    It trips, and later shuts, as `TypedCodes` says, until an hour after the end of that window.
    """

    def count_wrong_code(self, *, now: int) -> None:
        """Counts one wrong code; it may trip or shut the breaker."""

    def count_right_code(self, *, now: int) -> None:
        """Counts one right code; it allows for wrong ones. One call a person and day, so that nobody adds cheaply."""

    def is_tripped(self, *, now: int) -> bool:
        """Whether codes must be sent with 8 digits. The answer may be ten seconds old."""

    def is_shut(self, *, now: int) -> bool:
        """Whether no 6-digit code is accepted, even at a flow's first guess. The answer may be ten seconds old."""


class Budgets(Protocol):
    """The budgets of messages."""

    def take(self, budget: Budget) -> bool:
        """Counts one message in the budget. Returns False, and counts nothing, when the budget is used up."""

    def give_back(self, budget: Budget) -> None:
        """Takes one message out of the count, because it was not sent."""


class Outbox(Protocol):
    """The messages to send."""

    def put(self, message: OutboxMessage) -> Write:
        """Queues a message."""


class Deliveries(Protocol):
    """The messages to send, as the worker handles them."""

    def unsettled(self, message_id: str) -> OutboxMessage | None:
        """The message; None when it is sent, dropped or removed."""

    def claim(self, message_id: str, *, now: int) -> Write:
        """Claims the message for a minute. Refused: MessageTakenError."""

    def release(self, message_id: str) -> None:
        """Ends the claim, because the message could not be sent now."""

    def drop(self, message_id: str, *, now: int) -> Write:
        """Writes that a message is dropped that no worker has claimed, and removes its content.

        Refused: MessageTakenError.
        """

    def finish(self, message_id: str, state: DeliveryState, *, now: int, provider_id: str | None = None) -> Write:
        """Writes that the message is sent or dropped; of its content only what delivery reports need stays."""

    def point_to(self, message: OutboxMessage, provider_id: str) -> Write:
        """Writes the message that the provider's id belongs to, for as long as the message's row lives."""


class DeliveryContext(NamedTuple):
    """Account, flow and throttle state, read in one call: they decide whether, and to whom, a message is sent."""

    account: Account | None
    flow: Flow | None
    throttle: ThrottleState


class DeliveryContexts(Protocol):
    """Reads delivery contexts."""

    def of(self, message: OutboxMessage) -> DeliveryContext:
        """The delivery context of that message, as it is stored now."""


class DeliveryReports(Protocol):
    """The providers' reports on the messages that they accepted."""

    def get(self, message_id: str) -> ReportedMessage | None:
        """The message and its reports; None when it was dropped, or was removed after a day."""

    def message_of(self, provider_id: str) -> str | None:
        """The id of the message that SNS sent as an SMS under that id of its own; None after a day.

        A report on a mail has our own id; SNS names an SMS by its own id only.
        """

    def record(self, reported: ReportedMessage, event: DeliveryEvent, *, now: int, goes_on: bool = False) -> Write:
        """Writes a report on a message as `get` gave it; `goes_on`: its code is sent another way in the same commit.

        Refused: StaleError when the message has other reports by now.
        """


class MailSender(Protocol):
    """Sends mail."""

    def send(self, to: str, *, subject: str, text: str, html: str, message_id: str, is_code: bool = False) -> str:
        """Gives a mail to the provider and returns the provider's id for it.

        Raises RefusedByProviderError when it will never be accepted; after any other error a retry may succeed.
        `is_code`: the metrics count it as a code.
        """


class SmsSender(Protocol):
    """Sends SMS."""

    def send(self, to: str, text: str, *, is_code: bool = False) -> str:
        """Gives an SMS to the provider; `to` is in E.164. Returns and raises as `MailSender.send`."""


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
    """Finds and removes data whose retention is over. Each method checks again that its row is still due."""

    def due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[Due]]:
        """The due rows of one segment of the table, page by page."""

    def remove(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes an event, or an entry on consent or terms; False when it is not due, or gone."""

    def forget_before(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes from a person's row the entry that an import replaced; False when it is not due, or gone."""

    def erase(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        """Removes a closed account; its entries on consent and terms stay and get a date of removal.

        False when it is not due, or gone.
        """

    def employers_due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[str]]:
        """The ids of structures of one segment with data that is due, page by page.

        That is the structure that an import replaced, or an invitation that no second agent confirmed in time.
        """

    def forget_employer(self, structure_id: str, *, cutoffs: Cutoffs) -> bool:
        """Removes what is due from that structure's row; False when nothing is, or it is gone."""

    def date_proofs(self, due: Due) -> bool:
        """Gives the entries on consent and terms of a closed account their date of removal.

        False when they have it already, or are gone.
        """


class ActivationFunnel(Protocol):
    """How far people have come on their way to an account."""

    def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
        """The codes of one segment that were sent or delivered since `since` (epoch seconds), page by page.

        The outbox stores them for a day.
        """

    def note(self, code: CodeTimes) -> None:
        """Writes the code's times to its account while it is invited; a time already stored there stays."""

    def everybody(self) -> Iterator[FunnelStage]:
        """The stage of every person, one by one."""
