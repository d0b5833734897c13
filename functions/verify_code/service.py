"""Step 2: writes all that follows from a right code, for each purpose in one transaction."""

from dataclasses import replace
from typing import NamedTuple

from activation.domain.access import Access
from activation.domain.accounts import Account, fresh_changes, prove_contact, reached
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import CodeRejectedError, FlowExpiredError
from activation.domain.events import CHANNEL_EVENTS, Event, EventKind
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose, with_notified
from activation.domain.limits import DAY_SECONDS
from activation.domain.login import Login, open_login
from activation.domain.outbox import CONTACT_CHANGED, OutboxMessage, notices_for, notices_to_notified
from activation.domain.ports import Write
from activation.domain.tokens import hash_token, new_id, new_token
from activation.domain.verification import RequestContext, retry_when_stale
from functions.verify_code.comparison import Match, Ports, compare, rejection


class Verified(NamedTuple):
    """A verified flow, and its new token for the browser. Its account is not read yet."""

    flow: Flow
    token: str


def verify_anonymous(
    ports: Ports, *, purpose: Purpose, reference: FlowReference, code: str, context: RequestContext
) -> Verified:
    """Verify the code of an activation or a reset: for `verified_flow_seconds` its flow may choose a password.

    Raises FlowExpiredError, WrongStepError, AccountLockedError, FlowLockedError, CodeRejectedError or StaleError.
    """
    match = compare(ports, purpose, reference, code, context)
    token = new_token(context.random)
    proven = replace(
        match.flow,
        state=FlowState.VERIFIED,
        token_hash=hash_token(token),
        matched=match.code_number,
        verification_id=new_id(context.random),
        ends_at=context.now + context.limits.verified_flow_seconds,
    )
    _prove(ports, match, proven, context, is_first_of_day=purpose is Purpose.ACTIVATION)
    return Verified(proven, token)


def verify_sign_in(
    ports: Ports,
    *,
    reference: FlowReference,
    code: str,
    device: str | None,
    former: str | None,
    context: RequestContext,
) -> Login:
    """Verify the code of a sign-in, and open its session in place of the browser's `former` one.

    Raises what `verify_anonymous` raises.
    """
    match = compare(ports, Purpose.SIGN_IN, reference, code, context)
    flow = match.flow
    done = replace(flow, state=FlowState.DONE, matched=match.code_number, verification_id=new_id(context.random))

    def attempt() -> Login:
        account = _owner(ports, flow)
        contact = flow.recipients[match.code_number]
        if contact not in account.proven.values():  # it was replaced since the code went out
            raise FlowExpiredError
        signed_in = replace(
            reached(account, contact),
            signed_in_at=context.now,
            previously_signed_in_at=account.signed_in_at,
            former=fresh_changes(account.former, context.now),
        )
        login = open_login(signed_in, device, context)
        _prove(
            ports,
            match,
            done,
            context,
            ports.accounts.save(login.account),
            ports.sessions.open(login.session),
            *([ports.sessions.close(former)] if former else []),
            ports.accounts.record_event(login.account.identifier, Event(EventKind.SIGNED_IN, context.now)),
            is_first_of_day=(account.signed_in_at or 0) // DAY_SECONDS < context.now // DAY_SECONDS,
        )
        return login

    return retry_when_stale(attempt)


def verify_contact(
    ports: Ports, *, access: Access, reference: FlowReference, code: str, context: RequestContext
) -> Account:
    """Verify the code of a new contact, in the session that asked for it; contacts proven before get a notice.

    Until the first terms are accepted the contact also becomes the channel for codes; afterwards it gets the notice
    too. Raises what `verify_anonymous` raises.
    """
    match = compare(ports, Purpose.CONTACT, reference, code, context, session_id=access.session.session_id)
    flow = match.flow
    contact, verification_id = flow.recipients[match.code_number], new_id(context.random)

    def attempt() -> Account:
        account = _owner(ports, flow)
        proven = prove_contact(account, contact, now=context.now)
        before_home = account.terms is None
        if before_home:
            proven = replace(proven, channel=contact.channel)
        kinds = [_PROVEN[contact.channel], *([CHANNEL_EVENTS[contact.channel]] if before_home else [])]
        done, notices = _told(account, contact, flow, before_home=before_home, context=context)
        _prove(
            ports,
            match,
            replace(done, state=FlowState.DONE, matched=match.code_number, verification_id=verification_id),
            context,
            ports.accounts.save(proven),
            *(ports.accounts.record_event(account.identifier, Event(kind, context.now)) for kind in kinds),
            *map(ports.verification.outbox.put, notices),
        )
        return proven

    return retry_when_stale(attempt)


def _prove(
    ports: Ports, match: Match, after: Flow, context: RequestContext, *more: Write, is_first_of_day: bool = False
) -> None:
    """Write all that follows from a right code in one transaction. Raises CodeRejectedError without a recipient.

    Before that, so that a call that breaks off leaves the code valid, the breaker counts the person's first right code
    of the day: an activation, which opens a session, or the first sign-in. Of a flow only the first guess counts.
    """
    flow = match.flow
    if is_first_of_day and flow.attempts == 1:
        ports.verification.breaker.count_right_code(now=context.now)
    try:
        ports.verification.store.commit(
            ports.verification.flows.mark_verified(flow, after),
            ports.verification.counters.forgive_guesses(flow.throttle_key, now=context.now),
            *more,
        )
    except CodeRejectedError:
        raise rejection(ports, flow, match.guesses, context) from None


_PROVEN = {Channel.EMAIL: EventKind.EMAIL_PROVEN, Channel.SMS: EventKind.SMS_PROVEN}


def _told(
    account: Account, contact: Contact, flow: Flow, *, before_home: bool, context: RequestContext
) -> tuple[Flow, list[OutboxMessage]]:
    """The notices of a new contact: to all contacts proven before, and to the new one unless `before_home`.

    Also returns the flow, which carries the replaced contact until its notice is sent.
    """
    others = set(account.proven) - {contact.channel}
    told = others if before_home else others | {contact.channel}
    kind = CONTACT_CHANGED[contact.channel]
    notices = notices_for(kind, account.identifier, sorted(told), context.random, now=context.now)
    replaced = [former for channel, former in account.proven.items() if channel is contact.channel]
    kept = with_notified(flow, replaced, now=context.now)
    return kept, [*notices, *notices_to_notified(kind, kept, context.random, now=context.now)]


def _owner(ports: Ports, flow: Flow) -> Account:
    """The flow's account. Raises FlowExpiredError when it is not active, or its session epoch was raised since."""
    account = ports.accounts.get(flow.identifier)
    if account is None or not account.is_active_since(flow.epoch):
        raise FlowExpiredError
    return account
