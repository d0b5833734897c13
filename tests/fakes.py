"""The ports in memory: the same promises and the same refusals as `activation.adapters`, nothing else."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from operator import attrgetter
from typing import Any
from zlib import crc32

from activation.domain.budgets import Budget
from activation.domain.contacts import Contact
from activation.domain.errors import (
    AccountLockedError,
    CodeRejectedError,
    DomainError,
    FlowExpiredError,
    LongerCodeNeededError,
    MessageTakenError,
    StaleError,
    TooManyCodesError,
    TooManyRequestsError,
    WrongStepError,
)
from activation.domain.flows import LIVE_ISSUES, Flow, FlowReference, FlowState, Purpose, former_of
from activation.domain.ledger import ConsentEntry, TermsEntry
from activation.domain.limits import (
    ADDRESS_WINDOW_SECONDS,
    BREAKER_HOLD_SECONDS,
    BREAKER_WINDOW_SECONDS,
    LONGER_CODE_DIGITS,
    PAIR_LOCK_SECONDS,
    Limits,
    PairState,
    Quota,
    window,
)
from activation.domain.names import fold_name
from activation.domain.outbox import LEASE_SECONDS, DeliveryEvent, DeliveryState, OutboxMessage, ReportedMessage
from activation.domain.people import Event, Person, Structure
from activation.domain.ports import Situation, Write
from activation.domain.sessions import Session

Refusal = Callable[[], DomainError | None]


class FakeRandom:
    """Bytes that look random, differ at each call and are the same in every run."""

    def __init__(self) -> None:
        self._calls = count(1)

    def __call__(self, size: int) -> bytes:
        """That many bytes."""
        return hashlib.shake_256(str(next(self._calls)).encode()).digest(size)


@dataclass(frozen=True)
class FakeWrite(Write):
    """`holds` is the condition, `refusal` what breaks it: None when it was our own earlier success."""

    row: str
    apply: Callable[[], None] = lambda: None
    holds: Callable[[], bool] = lambda: True
    refusal: Refusal = StaleError


class FakeStore:
    """Carries out transactions. `meanwhile` holds what others do just before the next ones, a failure included."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []

    def commit(self, *writes: Write) -> None:
        """See the port."""
        if self.meanwhile:
            self.meanwhile.pop(0)()
        parts = [write for write in writes if isinstance(write, FakeWrite)]
        if len({part.row for part in parts}) < len(writes):
            raise ValueError("DynamoDB takes one operation a row in a transaction")
        refused = [part for part in parts if not part.holds()]
        for part in refused:
            if refusal := part.refusal():
                raise refusal
        if not refused:
            for part in parts:
                part.apply()


class FakeFlows:
    """The flows, in `rows`."""

    def __init__(self) -> None:
        self.rows: dict[str, Flow] = {}

    def get(self, flow_id: str) -> Flow | None:
        """See the port."""
        return self.rows.get(flow_id)

    def open(self, flow: Flow) -> FakeWrite:
        """See the port."""
        return FakeWrite(flow.flow_id, lambda: self._put(flow), lambda: flow.flow_id not in self.rows)

    def reissue(self, flow: Flow, *, most_attempts: int, now: int) -> FakeWrite:
        """See the port. The worker's `recipients` are left alone but for the issue that falls out."""

        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            return bool(
                old
                and old.issue == flow.issue - 1
                and old.token_hash == flow.token_hash
                and old.state is FlowState.CODE_SENT
                and old.attempts < most_attempts
                and old.ends_at > now
            )

        def apply() -> None:
            old, told = self.rows[flow.flow_id], flow.recipients.get(flow.issue)
            recipients = {**old.recipients, **({flow.issue: told} if told else {})}
            recipients.pop(flow.issue - LIVE_ISSUES, None)
            self._put(replace(flow, attempts=old.attempts, recipients=recipients, epoch=old.epoch))

        return FakeWrite(flow.flow_id, apply, holds)

    def spend_attempt(
        self, reference: FlowReference, purpose: Purpose, *, session_id: str | None, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        """See the port."""
        flow = self.rows.get(reference.flow_id)
        if (
            flow is None
            or not flow.held_by(reference, now)
            or flow.attempts >= most
            or (flow.state, flow.purpose) != (FlowState.CODE_SENT, purpose)
            or (session_id and flow.session_id != session_id)
        ):
            return flow, False
        self._put(replace(flow, attempts=flow.attempts + 1))
        return self.rows[flow.flow_id], True

    def prove(self, before: Flow, after: Flow) -> FakeWrite:
        """See the port."""

        def holds() -> bool:
            old = self.rows.get(before.flow_id)
            waits = old and old.state is FlowState.CODE_SENT and old.token_hash == before.token_hash
            return bool(old and waits and after.matched in old.recipients)

        def refusal() -> DomainError | None:
            old = self.rows.get(before.flow_id)
            if old and old.proof == after.proof:
                return None
            if old is None or old.state is not FlowState.CODE_SENT:
                return WrongStepError(after.next_step)
            return CodeRejectedError(0)

        def apply() -> None:
            old = self.rows[before.flow_id]
            recipients = {**old.recipients, **former_of(after)}
            self._put(replace(after, attempts=old.attempts, recipients=recipients, epoch=old.epoch))

        return FakeWrite(before.flow_id, apply, holds, refusal)

    def finish(self, flow: Flow, *, now: int) -> FakeWrite:
        """See the port."""

        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            proven = old and (old.state, old.token_hash) == (FlowState.VERIFIED, flow.token_hash)
            return bool(old and proven and old.ends_at > now)

        def refusal() -> DomainError:
            old = self.rows.get(flow.flow_id)
            return WrongStepError(old.next_step) if old else FlowExpiredError()

        def apply() -> None:
            old = self.rows[flow.flow_id]
            recipients = {**old.recipients, **former_of(flow)}
            self._put(replace(old, state=FlowState.DONE, recipients=recipients, ends_at=flow.ends_at))

        return FakeWrite(flow.flow_id, apply, holds, refusal)

    def name_recipient(self, flow: Flow, issue: int, contact: Contact, *, epoch: int) -> FakeWrite:
        """See the port."""

        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            waits = old and old.state is FlowState.CODE_SENT and issue in old.issues
            return bool(old and waits and old.epoch in (None, epoch))

        def apply() -> None:
            old = self.rows[flow.flow_id]
            self._put(replace(old, recipients={**old.recipients, issue: contact}, epoch=epoch))

        return FakeWrite(flow.flow_id, apply, holds)

    def _put(self, flow: Flow) -> None:
        self.rows[flow.flow_id] = flow


class FakeAccounts:
    """The people, in `rows`; what is only ever added to, by identifier. `meanwhile`: what others do before a read."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []
        self.rows: dict[str, Person] = {}
        self.consents: dict[str, list[ConsentEntry]] = {}
        self.terms: dict[str, list[TermsEntry]] = {}
        self.events: dict[str, list[Event]] = {}

    def get(self, identifier: str) -> Person | None:
        """See the port."""
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.rows.get(identifier)

    def add(self, *people: Person) -> None:
        """Put people as they are."""
        self.rows.update({person.identifier: person for person in people})

    def save(self, person: Person) -> FakeWrite:
        """See the port."""

        def holds() -> bool:
            old = self.rows.get(person.identifier)
            return old.version == person.version if old else person.version == 0

        return FakeWrite(
            f"{person.identifier} PROFILE", lambda: self.add(replace(person, version=person.version + 1)), holds
        )

    def search(self, structure_id: str, folded_name: str, *, most: int) -> list[Person]:
        """See the port."""
        found = [
            person
            for person in self.rows.values()
            if person.roster.structure_id == structure_id
            and any(
                fold_name(name).startswith(folded_name)
                for name in (person.roster.last_name, person.roster.usage_name)
                if name
            )
        ]
        return found[:most]

    def history(self, identifier: str) -> list[Event | ConsentEntry | TermsEntry]:
        """See the port."""
        kept = (self.events, self.consents, self.terms)
        return sorted((line for lines in kept for line in lines.get(identifier, [])), key=attrgetter("at"))

    def record_consent(self, person: Person, entry: ConsentEntry) -> FakeWrite:
        """See the port."""
        ledger = self.consents.setdefault(person.identifier, [])
        return FakeWrite(f"{person.identifier} CONSENT", lambda: ledger.append(entry))

    def record_terms(self, identifier: str, entry: TermsEntry) -> FakeWrite:
        """See the port."""
        accepted = self.terms.setdefault(identifier, [])
        return FakeWrite(
            f"{identifier} TERMS",
            lambda: accepted.append(entry),
            lambda: all(old.version != entry.version for old in accepted),
        )

    def record_event(self, identifier: str, event: Event) -> FakeWrite:
        """See the port."""
        recorded = self.events.setdefault(identifier, [])
        return FakeWrite(f"{identifier} EVENT {event.kind}", lambda: recorded.append(event))


class FakeStructures:
    """The employers, in `rows`; `saved` counts the writes."""

    def __init__(self) -> None:
        self.rows: dict[str, Structure] = {}
        self.saved = 0

    def get(self, structure_id: str) -> Structure | None:
        """See the port."""
        return self.rows.get(structure_id)

    def save(self, structure: Structure) -> None:
        """See the port."""
        self.rows[structure.structure_id] = structure
        self.saved += 1


@dataclass(frozen=True)
class FakeEmployments:
    """People with their employers, in the other fakes."""

    accounts: FakeAccounts
    structures: FakeStructures

    def get(self, identifier: str, structure_id: str | None) -> tuple[Person | None, Structure | None]:
        """See the port."""
        return self.accounts.get(identifier), self.structures.get(structure_id) if structure_id else None


class FakeSessions:
    """The sessions, in `rows`; `touched` counts the writes that activity made."""

    def __init__(self) -> None:
        self.rows: dict[str, Session] = {}
        self.touched = 0

    def get(self, token_hash: str) -> Session | None:
        """See the port."""
        return self.rows.get(token_hash)

    def open(self, session: Session) -> FakeWrite:
        """See the port."""
        token_hash = session.token_hash
        return FakeWrite(
            token_hash, lambda: self.rows.update({token_hash: session}), lambda: token_hash not in self.rows
        )

    def touch(self, session: Session) -> None:
        """See the port. A session that was ended meanwhile stays ended."""
        if session.token_hash in self.rows:
            self.rows[session.token_hash] = session
            self.touched += 1

    def end(self, token_hash: str) -> None:
        """See the port."""
        self.rows.pop(token_hash, None)


@dataclass(frozen=True)
class Failures:
    """Wrong passwords in a row, until the window ends."""

    number: int
    ends_at: int


class FakeCounters:
    """What is counted: `pairs`, `addresses` by window, `passwords` by scope."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.pairs: dict[str, PairState] = {}
        self.addresses: dict[str, int] = {}
        self.passwords: dict[str, Failures] = {}

    def pair(self, pair: str) -> PairState:
        """See the port."""
        return self.pairs.get(pair, PairState())

    def count_start(self, pair: str, quota: Quota, *, digits: int, now: int) -> FakeWrite:
        """See the port."""

        def refusal() -> DomainError:
            return self._refusal(pair, digits, now) or TooManyCodesError(self.pair(pair).may_start_at(quota, now))

        def apply() -> None:
            state = self.pair(pair)
            counted = {span.name: state.starts.get(span.name, 0) + 1 for span, _ in quota.windows(now)}
            self.pairs[pair] = replace(state, starts={**state.starts, **counted})

        def holds() -> bool:
            starts = self.pair(pair).starts
            allowed = all(starts.get(span.name, 0) < most for span, most in quota.windows(now))
            return allowed and self._refusal(pair, digits, now) is None

        return FakeWrite(pair, apply, holds, refusal)

    def allow_code(self, pair: str, *, digits: int, now: int) -> FakeWrite:
        """See the port."""
        return FakeWrite(
            pair,
            holds=lambda: self._refusal(pair, digits, now) is None,
            refusal=lambda: self._refusal(pair, digits, now),
        )

    def count_address(self, address: str, *, now: int) -> FakeWrite:
        """See the port. Which part of an address counts is the adapter's business."""
        span = window("i", ADDRESS_WINDOW_SECONDS, now)
        scope = f"{address} {span.name}"
        calls = self.addresses.get(scope, 0)
        return FakeWrite(
            scope,
            lambda: self.addresses.update({scope: calls + 1}),
            lambda: calls < self._limits.starts_per_ip_per_5_minutes,
            lambda: TooManyRequestsError(span.ends_at),
        )

    def count_guess(self, pair: str, *, now: int) -> int:
        """See the port."""
        state = self.pair(pair)
        if state.locked_until > now:
            raise AccountLockedError(state.locked_until)
        guesses = state.wrong + 1
        locked_until = now + PAIR_LOCK_SECONDS if guesses >= self._limits.wrong_codes_per_person else state.locked_until
        self.pairs[pair] = replace(state, wrong=guesses, locked_until=locked_until)
        return guesses

    def forgive_guesses(self, pair: str, *, now: int) -> FakeWrite:  # noqa: ARG002  # only what expires needs the time
        """See the port."""
        return FakeWrite(pair, lambda: self.pairs.update({pair: replace(self.pair(pair), wrong=0, locked_until=0)}))

    def lock_pair(self, pair: str, *, until: int) -> None:
        """Lock it, as a hundred wrong codes do."""
        self.pairs[pair] = replace(self.pair(pair), locked_until=until)

    def clear_pair(self, pair: str, seen: PairState, *, now: int) -> FakeWrite:  # noqa: ARG002  # only what expires needs the time
        """See the port."""
        left = PairState(wrong=min(seen.wrong, self._limits.longer_codes_after))
        return FakeWrite(pair, lambda: self.pairs.update({pair: left}), lambda: self.pair(pair).wrong == seen.wrong)

    def password_locked_until(self, scope: str, *, now: int) -> int:
        """See the port."""
        failures = self.passwords.get(scope, Failures(0, 0))
        is_locked = failures.number >= self._limits.wrong_passwords and failures.ends_at > now
        return failures.ends_at if is_locked else 0

    def count_wrong_password(self, scope: str, *, now: int) -> int:
        """See the port. The first failure opens a window; each one prolongs it; the last one makes it the lock."""
        failures = self.passwords.get(scope)
        if failures is None or failures.ends_at <= now:
            failures = Failures(0, now)
        if failures.number >= self._limits.wrong_passwords:
            raise AccountLockedError(failures.ends_at)
        self.passwords[scope] = Failures(failures.number + 1, now + self._limits.password_lock_seconds)
        return self._limits.wrong_passwords - self.passwords[scope].number

    def return_wrong_password(self, scope: str) -> FakeWrite:
        """See the port."""

        def apply() -> None:
            failures = self.passwords.get(scope, Failures(1, 0))
            self.passwords[scope] = replace(failures, number=failures.number - 1)

        return FakeWrite(f"password {scope}", apply)

    def lift_password_lock(self, scope: str) -> FakeWrite:
        """See the port."""
        return FakeWrite(f"password {scope}", lambda: self.passwords.update({scope: Failures(0, 0)}))

    def _refusal(self, pair: str, digits: int, now: int) -> DomainError | None:
        """The refusal that stands before any quota, if one does."""
        state = self.pair(pair)
        if state.locked_until > now:
            return AccountLockedError(state.locked_until)
        needs_longer = digits < LONGER_CODE_DIGITS and state.wrong >= self._limits.longer_codes_after
        return LongerCodeNeededError() if needs_longer else None


@dataclass(frozen=True)
class FakeSituations:
    """What messages depend on, in the other fakes."""

    accounts: FakeAccounts
    flows: FakeFlows
    counters: FakeCounters

    def of(self, message: OutboxMessage) -> Situation:
        """See the port."""
        flow = self.flows.get(message.flow_id) if message.flow_id else None
        return Situation(self.accounts.get(message.identifier), flow, self.counters.pair(message.pair or ""))


class FakeBreaker:
    """Everybody's wrong codes, `counted` by the end of their window; tripped until `until`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.counted: dict[int, int] = {}
        self.until = 0

    def count_wrong_code(self, *, now: int) -> None:
        """See the port."""
        ends_at = window("w", BREAKER_WINDOW_SECONDS, now).ends_at
        self.counted[ends_at] = self.counted.get(ends_at, 0) + 1
        if self.counted[ends_at] >= self._limits.wrong_codes_per_10_minutes:
            self.until = ends_at + BREAKER_HOLD_SECONDS

    def is_tripped(self, *, now: int) -> bool:
        """See the port."""
        return now < self.until


class FakeBudgets:
    """What messages may cost: what is `taken`, by scope."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def take(self, budget: Budget) -> bool:
        """See the port."""
        taken = self.taken.get(budget.scope, 0)
        if taken >= budget.most:
            return False
        self.taken[budget.scope] = taken + 1
        return True

    def give_back(self, budget: Budget) -> None:
        """See the port."""
        self.taken[budget.scope] -= 1


@dataclass(frozen=True)
class Delivery:
    """A row of the outbox; `message` goes once it is dropped."""

    message: OutboxMessage | None
    state: DeliveryState = DeliveryState.PENDING
    leased_until: int = 0
    finished_at: int | None = None
    provider_id: str | None = None
    events: frozenset[DeliveryEvent] = frozenset()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do with it."""
        return self.state in (DeliveryState.SENT, DeliveryState.DROPPED)


class FakeOutbox:
    """The messages to send, in `rows`: the ports `Outbox`, `Deliveries` and `DeliveryReports`."""

    def __init__(self) -> None:
        self.rows: dict[str, Delivery] = {}

    @property
    def pending(self) -> list[OutboxMessage]:
        """The messages that wait, oldest first."""
        waiting = [row.message for row in self.rows.values() if row.state is DeliveryState.PENDING]
        return [message for message in waiting if message]

    def put(self, message: OutboxMessage) -> FakeWrite:
        """See the port."""
        key = message.message_id
        return FakeWrite(key, lambda: self.rows.update({key: Delivery(message)}), lambda: key not in self.rows)

    def unsettled(self, message_id: str) -> OutboxMessage | None:
        """See the port."""
        row = self.rows.get(message_id)
        return None if row is None or row.is_settled else row.message

    def claim(self, message_id: str, *, now: int) -> FakeWrite:
        """See the port."""
        lease = now + LEASE_SECONDS
        return self._unless_taken(message_id, now, {"state": DeliveryState.SENDING, "leased_until": lease})

    def drop(self, message_id: str, *, now: int) -> FakeWrite:
        """See the port."""
        forgotten = {"message": None, "leased_until": 0}
        return self._unless_taken(message_id, now, {"state": DeliveryState.DROPPED, "finished_at": now, **forgotten})

    def _unless_taken(self, message_id: str, now: int, changes: dict[str, Any]) -> FakeWrite:
        def holds() -> bool:
            row = self.rows.get(message_id)
            return row is not None and not row.is_settled and row.leased_until <= now

        def refusal() -> DomainError:
            row = self.rows.get(message_id)
            return MessageTakenError(is_settled=row is None or row.is_settled)

        def apply() -> None:
            self.rows[message_id] = replace(self.rows[message_id], **changes)

        return FakeWrite(message_id, apply, holds, refusal)

    def release(self, message_id: str) -> None:
        """See the port."""
        row = self.rows[message_id]
        if row.state is DeliveryState.SENDING:
            self.rows[message_id] = Delivery(row.message)

    def finish(self, message_id: str, state: DeliveryState, *, now: int, provider_id: str | None = None) -> FakeWrite:
        """See the port."""

        def apply() -> None:
            row = self.rows[message_id]
            is_kept = row.message and state is DeliveryState.SENT
            kept = replace(row.message, channel=None, purpose=None, pair=None) if row.message and is_kept else None
            self.rows[message_id] = Delivery(kept, state, finished_at=now, provider_id=provider_id, events=row.events)

        return FakeWrite(message_id, apply, lambda: message_id in self.rows)

    def get(self, message_id: str) -> ReportedMessage | None:
        """See the port."""
        row = self.rows.get(message_id)
        return ReportedMessage(row.message, row.events) if row and row.message else None

    def record(self, message_id: str, event: DeliveryEvent, *, now: int) -> FakeWrite:  # noqa: ARG002  # when is not kept
        """See the port."""
        return FakeWrite(
            message_id,
            lambda: self._report(message_id, event),
            lambda: message_id in self.rows and event not in self.rows[message_id].events,
            lambda: None,
        )

    def _report(self, message_id: str, event: DeliveryEvent) -> None:
        row = self.rows[message_id]
        self.rows[message_id] = replace(row, events=row.events | {event})


@dataclass(frozen=True)
class Sent:
    """A mail or SMS that went out; an SMS has no subject."""

    to: str
    text: str
    subject: str = ""


@dataclass
class Provider:
    """Takes what is sent, in `sent`; raises `failures` first, one a call."""

    sent: list[Sent] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def take(self, message: Sent) -> str:
        """Keep the message or fail; gives the provider's id."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"provider-{len(self.sent)}"


class FakeMailSender(Provider):
    """The port `MailSender`."""

    def send(
        self,
        to: str,
        *,
        subject: str,
        text: str,
        html: str,  # noqa: ARG002  # not kept
        message_id: str,  # noqa: ARG002  # not kept
        is_code: bool = False,  # noqa: ARG002  # not kept
    ) -> str:
        """See the port."""
        return self.take(Sent(to, text, subject))


class FakeSmsSender(Provider):
    """The port `SmsSender`."""

    def send(self, to: str, text: str, *, is_code: bool = False) -> str:  # noqa: ARG002  # not kept
        """See the port."""
        return self.take(Sent(to, text))


class FakeMacs:
    """A key that makes MACs; `signed` holds the messages, so that equal work can be told."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.signed: list[bytes] = []

    def mac(self, message: bytes) -> bytes:
        """See the port."""
        self.signed.append(message)
        return hmac.digest(self.key_id.encode(), message, "sha256")


class FakeExpirable:
    """A table of keys and their expiry, in `rows`; pages hold `page_rows` keys, found when the page is read."""

    def __init__(self, name: str, rows: dict[str, int], *, page_rows: int = 2) -> None:
        self.name = name
        self.rows = rows
        self._page_rows = page_rows

    def expired(self, *, segment: int, segments: int, now: int) -> Iterator[list[str]]:
        """See the port."""
        keys = [key for key in sorted(self.rows) if crc32(key.encode("utf-8", "surrogatepass")) % segments == segment]
        for start in range(0, len(keys), self._page_rows):
            page = keys[start : start + self._page_rows]
            yield [key for key in page if key in self.rows and self.rows[key] <= now]

    def remove(self, key: str, *, now: int) -> bool:
        """See the port."""
        if self.rows.get(key, now + 1) > now:
            return False
        del self.rows[key]
        return True
