"""What an agent may do. Each act and its line in the person's history are one transaction."""

from collections.abc import Callable, Sequence

from activation.domain.closing import told_of_closing
from activation.domain.contacts import Contact
from activation.domain.credentials import password_scope
from activation.domain.desk import (
    ask_closing,
    confirm_closing,
    confirm_contact,
    correct_contact,
    lift_marks,
    pairs_of,
)
from activation.domain.errors import NoCodeOutError, NothingToLiftError
from activation.domain.events import Event, EventKind
from activation.domain.farewells import farewell
from activation.domain.limits import PairState
from activation.domain.outbox import MessageKind
from activation.domain.people import Person
from activation.domain.ports import Write
from activation.domain.proofs import Clock, resend_waiting_code, retry_when_stale
from functions.support.service import Call, Ports, require


def correct(ports: Ports, call: Call, *, identifier: str, contact: Contact, clock: Clock) -> None:
    """Put a contact right before activation; every contact on file until now is told.

    Raises PersonNotFoundError, PastActivationError, ContactUnchangedError.
    """

    def told(before: Person) -> list[Write]:
        kind, contacts = MessageKind.ROSTER_CONTACT_CHANGED, before.roster_contacts()
        return farewell(ports.proofs.flows, ports.proofs.outbox, kind, identifier, contacts, clock=clock)

    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CONTACT_CORRECTED,
        lambda person: correct_contact(person, contact, agent=call.agent, now=clock.now),
        clock=clock,
        told=told,
    )


def confirm_correction(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Have the contact that another agent put right used at once. Raises as `confirm_contact`."""
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CONTACT_CONFIRMED,
        lambda person: confirm_contact(person, agent=call.agent, now=clock.now),
        clock=clock,
    )


def send_again(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Send the code that the person's page waits for again, within the person's own limits.

    The code goes where it would go anyway. Raises PersonNotFoundError, and as `resend_waiting_code`.
    """
    require(ports, identifier)
    sent = [line for line in ports.accounts.history(identifier) if isinstance(line, Event) and line.flow_id]
    if not sent:
        raise NoCodeOutError
    event = call.event(EventKind.DESK_CODE_SENT_AGAIN, clock.now)
    resend_waiting_code(
        ports.proofs,
        sent[-1].flow_id or "",
        clock,
        also=lambda: [ports.accounts.record_event(identifier, event)],
    )


def clear_counters(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Let the person ask for codes again, under every name. Raises PersonNotFoundError, NothingToLiftError."""

    def attempt() -> None:
        states = [(pair, ports.proofs.counters.pair(pair)) for pair in pairs_of(require(ports, identifier))]
        if not any(state.can_be_cleared(clock.limits, clock.now) for _, state in states):
            raise NothingToLiftError
        ports.proofs.store.commit(
            *(
                ports.proofs.counters.clear_pair(pair, state, now=clock.now)
                for pair, state in states
                if state != PairState()
            ),
            ports.accounts.record_event(identifier, call.event(EventKind.DESK_COUNTERS_CLEARED, clock.now)),
        )

    retry_when_stale(attempt)


def unlock(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Lift the lock of wrong passwords, for unknown browsers and for known ones.

    Raises PersonNotFoundError, NothingToLiftError.
    """
    person, counters = require(ports, identifier), ports.proofs.counters
    scopes = [password_scope(identifier), *(password_scope(identifier, device) for device in person.devices)]
    if not any(counters.password_locked_until(scope, now=clock.now) for scope in scopes):
        raise NothingToLiftError
    ports.proofs.store.commit(
        *map(counters.lift_password_lock, scopes),
        ports.accounts.record_event(identifier, call.event(EventKind.DESK_UNLOCKED, clock.now)),
    )


def lift_mark(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Take addresses that came back for reachable again. Raises PersonNotFoundError, NothingToLiftError."""
    _change(ports, call, identifier, EventKind.DESK_MARK_LIFTED, lift_marks, clock=clock)


def ask_to_close(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Ask that the account be closed and erased. Raises PersonNotFoundError, PastActivationError."""
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CLOSING_ASKED,
        lambda person: ask_closing(person, agent=call.agent, now=clock.now),
        clock=clock,
    )


def close(ports: Ports, call: Call, *, identifier: str, clock: Clock) -> None:
    """Close and erase the account that another agent asked to close; every proven contact is told.

    Raises PersonNotFoundError, NothingToConfirmError, SecondAgentNeededError.
    """

    def told(before: Person) -> list[Write]:
        kind, contacts = MessageKind.ACCOUNT_CLOSED, told_of_closing(before)
        return farewell(ports.proofs.flows, ports.proofs.outbox, kind, identifier, contacts, clock=clock)

    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CLOSED,
        lambda person: confirm_closing(person, agent=call.agent, now=clock.now),
        clock=clock,
        told=told,
    )


def _change(
    ports: Ports,
    call: Call,
    identifier: str,
    kind: EventKind,
    change: Callable[[Person], Person],
    *,
    clock: Clock,
    told: Callable[[Person], Sequence[Write]] = lambda _: (),
) -> None:
    """Write the changed person, what happened, and the messages to whom it concerns as they stood before."""

    def attempt() -> None:
        person = require(ports, identifier)
        ports.proofs.store.commit(
            ports.accounts.save(change(person)),
            ports.accounts.record_event(identifier, call.event(kind, clock.now)),
            *told(person),
        )

    retry_when_stale(attempt)
