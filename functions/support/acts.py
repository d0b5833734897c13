"""The acts of an agent. Each act and its line in the person's history are written in one transaction."""

from collections.abc import Callable, Sequence

from activation.domain.accounts import Account
from activation.domain.accounts import close as closed
from activation.domain.code_recipients import next_recipient
from activation.domain.contacts import Contact
from activation.domain.credentials import password_scope
from activation.domain.desk import (
    ask_closing,
    ask_name,
    confirm_contact,
    confirm_name,
    correct_contact,
    lift_marks,
    require_closing,
    throttle_keys_of,
)
from activation.domain.errors import NoCodeOutError, NothingToLiftError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Flow, Purpose
from activation.domain.limits import ThrottleState
from activation.domain.links import LinkPorts, end_links
from activation.domain.outbox import MessageKind
from activation.domain.ports import Write
from activation.domain.removed_contacts import notify_removed_contacts
from activation.domain.verification import RequestContext, resend_waiting_code, retry_when_stale
from functions.support.service import Call, Ports, require


def correct(ports: Ports, call: Call, *, identifier: str, contact: Contact, context: RequestContext) -> None:
    """Correct a contact before activation; every contact on file until now gets a notice.

    Raises PersonNotFoundError, PastActivationError, ContactUnchangedError.
    """

    def told(before: Account) -> list[Write]:
        kind, contacts = MessageKind.ROSTER_CONTACT_CHANGED, before.owner.declared_contacts()
        return notify_removed_contacts(
            ports.verification.flows, ports.verification.outbox, kind, identifier, contacts, context=context
        )

    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CONTACT_CORRECTED,
        lambda account: correct_contact(account, contact, agent=call.agent, now=context.now),
        context=context,
        told=told,
    )


def confirm_correction(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """End the quarantine of a contact that another agent corrected. Raises what `confirm_contact` raises."""
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CONTACT_CONFIRMED,
        lambda account: confirm_contact(account, agent=call.agent, now=context.now),
        context=context,
    )


def ask_for_name(ports: Ports, call: Call, *, identifier: str, last_name: str, context: RequestContext) -> None:
    """Ask that the birth name be corrected before activation.

    Raises PersonNotFoundError, PastActivationError, ContactUnchangedError.
    """
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_NAME_ASKED,
        lambda account: ask_name(account, last_name, agent=call.agent, now=context.now),
        context=context,
    )


def correct_name(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Correct the birth name as another agent asked. Raises PersonNotFoundError, and what `confirm_name` raises."""
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_NAME_CORRECTED,
        lambda account: confirm_name(account, agent=call.agent, now=context.now),
        context=context,
    )


def send_again(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Send the code of the person's latest flow again, within the same limits as if they asked for it.

    It goes to the contact that would then get it, and nowhere once the account is closed or signed out everywhere.
    Raises PersonNotFoundError, and what `resend_waiting_code` raises.
    """
    account = require(ports, identifier)
    sent = [line for line in ports.accounts.history(identifier) if isinstance(line, Event) and line.flow_id]
    if not sent:
        raise NoCodeOutError
    event = call.event(EventKind.DESK_CODE_SENT_AGAIN, context.now)

    def recipient(flow: Flow) -> Contact | None:
        if flow.purpose in (Purpose.SIGN_IN, Purpose.CONTACT) and not account.is_active_since(flow.epoch):
            raise NoCodeOutError
        return next_recipient(account, flow)

    resend_waiting_code(
        ports.verification,
        sent[-1].flow_id or "",
        context,
        recipient=recipient,
        extra_writes=lambda: [ports.accounts.record_event(identifier, event)],
    )


def clear_counters(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Clear the person's throttle keys, of every name and purpose. Raises PersonNotFoundError, NothingToLiftError."""

    def attempt() -> None:
        states = [
            (throttle_key, ports.verification.counters.throttle(throttle_key))
            for throttle_key in throttle_keys_of(require(ports, identifier))
        ]
        if not any(state.can_be_cleared(context.limits, context.now) for _, state in states):
            raise NothingToLiftError
        ports.verification.store.commit(
            *(
                ports.verification.counters.clear_throttle(throttle_key, state, now=context.now)
                for throttle_key, state in states
                if state != ThrottleState()
            ),
            ports.accounts.record_event(identifier, call.event(EventKind.DESK_COUNTERS_CLEARED, context.now)),
        )

    retry_when_stale(attempt)


def unlock(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Lift the lock of wrong passwords, for unknown browsers and for known ones.

    Raises PersonNotFoundError, NothingToLiftError.
    """

    def attempt() -> None:
        account, counters = require(ports, identifier), ports.verification.counters
        scopes = [password_scope(identifier), *(password_scope(identifier, device) for device in account.devices)]
        ends = {scope: counters.password_locked_until(scope, now=context.now) for scope in scopes}
        if not any(ends.values()):
            raise NothingToLiftError
        ports.verification.store.commit(
            *(counters.lift_password_lock(scope, locked_until=until) for scope, until in ends.items()),
            ports.accounts.record_event(identifier, call.event(EventKind.DESK_UNLOCKED, context.now)),
        )

    retry_when_stale(attempt)


def lift_mark(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Put contacts that bounces or failed SMS marked back into service.

    Raises PersonNotFoundError, NothingToLiftError.
    """
    _change(ports, call, identifier, EventKind.DESK_MARK_LIFTED, lift_marks, context=context)


def ask_to_close(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Ask that the account be closed and erased. Raises PersonNotFoundError, PastActivationError."""
    _change(
        ports,
        call,
        identifier,
        EventKind.DESK_CLOSING_ASKED,
        lambda account: ask_closing(account, agent=call.agent, now=context.now),
        context=context,
    )


def close(ports: Ports, call: Call, *, identifier: str, context: RequestContext) -> None:
    """Close and erase the account that another agent asked to close; every proven contact gets a notice.

    Raises PersonNotFoundError, NothingToConfirmError, SecondAgentNeededError.
    """

    def told(before: Account) -> list[Write]:
        kind, contacts = MessageKind.ACCOUNT_CLOSED, before.proven.values()
        return notify_removed_contacts(
            ports.verification.flows, ports.verification.outbox, kind, identifier, contacts, context=context
        )

    def attempt() -> None:
        account = require(ports, identifier)
        require_closing(account, agent=call.agent, now=context.now)
        account, ends = end_links(ports.verification.store, LinkPorts(ports.accounts, ports.links), account)
        ports.verification.store.commit(
            ports.accounts.save(closed(account, now=context.now)),
            ports.accounts.record_event(identifier, call.event(EventKind.DESK_CLOSED, context.now)),
            *told(account),
            *ends,
        )

    retry_when_stale(attempt)


def _change(
    ports: Ports,
    call: Call,
    identifier: str,
    kind: EventKind,
    change: Callable[[Account], Account],
    *,
    context: RequestContext,
    told: Callable[[Account], Sequence[Write]] = lambda _: (),
) -> None:
    """Write the changed account, the event, and the notices that `told` makes of the account before the change."""

    def attempt() -> None:
        account = require(ports, identifier)
        ports.verification.store.commit(
            ports.accounts.save(change(account)),
            ports.accounts.record_event(identifier, call.event(kind, context.now)),
            *told(account),
        )

    retry_when_stale(attempt)
