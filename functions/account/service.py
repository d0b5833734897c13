"""The visitor's position, and the data that an account shows its owner."""

from typing import TYPE_CHECKING, NamedTuple

from activation.domain.access import Access, enter, enter_employed, find_access, require_home
from activation.domain.accounts import Account, end_sessions
from activation.domain.code_recipients import next_recipient
from activation.domain.contacts import Channel, Contact, mask
from activation.domain.credentials import CredentialPorts, check_credentials
from activation.domain.employment import Structure
from activation.domain.errors import ContactUnchangedError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Flow, FlowReference, FlowState, Purpose
from activation.domain.identifiers import Role
from activation.domain.ledger import ConsentEntry
from activation.domain.ports import Accounts, Employments, Macs, Sessions, Structures
from activation.domain.steps import Texts
from activation.domain.terms import TermsEntry
from activation.domain.verification import (
    OpenedFlow,
    RequestContext,
    VerificationPorts,
    contact_code_request,
    may_start_at,
    resend_code,
    retry_when_stale,
    start_verification,
)

if TYPE_CHECKING:
    from activation.domain.requests.ports import Filed, Requests
    from activation.domain.roster.ports import Uploads
    from activation.domain.uploads import Upload


class Ports(NamedTuple):
    """The ports that the calls on an account need."""

    verification: VerificationPorts
    accounts: Accounts
    sessions: Sessions
    structures: Structures
    employments: Employments
    peppers: Macs


class ExportPorts(NamedTuple):
    """The ports that only an export needs: other calls need not wait for their import."""

    requests: "Requests"
    uploads: "Uploads"


class Visitor(NamedTuple):
    """The browser's cookies: hashes of the tokens of session and device, and the flow reference."""

    session: str | None
    flow: FlowReference | None
    device: str | None = None


class Position(NamedTuple):
    """The visitor's position: `access` with a session, `flow` with a flow under way, neither for an anonymous visitor.

    `destination` (masked) is given only after a right code or password, and so are `channels`, on which the code of a
    sign-in may be sent. `locked_until` (epoch seconds) is given once no attempt is left.
    """

    access: Access | None = None
    flow: Flow | None = None
    destination: str | None = None
    channels: tuple[Channel, ...] = ()
    locked_until: int | None = None


class Home(NamedTuple):
    """The data of the home page."""

    access: Access
    structure: Structure | None


class Records(NamedTuple):
    """The stored data of a person; `history` has the oldest line first."""

    account: Account
    structure: Structure | None
    history: list[Event | ConsentEntry | TermsEntry]


FIELDS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}
"""The name of a contact's field in requests, by channel."""


def where_am_i(ports: Ports, visitor: Visitor, *, context: RequestContext) -> Position:
    """The visitor's position. It does not prolong a session, and refuses nobody.

    For a flow without account it reads only what start, resend and verify wrote, so that a decoy looks the same.
    """
    access = find_access(ports.sessions, ports.accounts, visitor.session, now=context.now)
    flow = _waiting_flow(ports, visitor, access, context)
    if flow is None:
        return Position(access)
    known = flow.purpose in (Purpose.SIGN_IN, Purpose.CONTACT)
    position = Position(
        access,
        flow,
        destination=mask(flow.recipients[flow.code_number]) if known else None,
        channels=_channels(ports, flow) if flow.purpose is Purpose.SIGN_IN else (),
    )
    if flow.state is not FlowState.CODE_SENT or flow.attempts_left(context.limits):
        return position
    locked_until = ports.verification.counters.throttle(flow.throttle_key).locked_until
    return position._replace(locked_until=max(may_start_at(ports.verification, flow, context), locked_until))


def resend_contact_code(ports: Ports, visitor: Visitor, reference: FlowReference, *, context: RequestContext) -> Flow:
    """Send the code for a new contact again, in the session that asked for it. Raises as `resend_code`."""
    access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
    return resend_code(
        ports.verification,
        reference,
        Purpose.CONTACT,
        context,
        session_id=access.session.session_id,
        recipient=lambda flow: next_recipient(access.account, flow),
    )


def show_home(ports: Ports, visitor: Visitor, *, texts: Texts, context: RequestContext) -> Home:
    """The home of the person signed in.

    Raises SessionExpiredError, NotYourAccountError; WrongStepError while a decision is missing (channel, consent,
    terms).
    """
    access, structure = enter_employed(
        ports.sessions, ports.employments, visitor.session, now=context.now, limits=context.limits
    )
    own = access.account.beneficiary.roster.structure_id
    require_home(access.account, current_terms=texts.terms.version)
    if own != access.session.structure_id:  # the person has changed employers since
        structure = ports.structures.get(own)
    return Home(access, structure)


def change_contact(
    ports: Ports, visitor: Visitor, *, contact: Contact, password: str, texts: Texts, context: RequestContext
) -> OpenedFlow:
    """Send a code to a new contact of the person signed in; the old one stays until that code is typed.

    Raises SessionExpiredError, WrongStepError, AccountLockedError, CredentialsRejectedError, ContactUnchangedError,
    and what `start_verification` raises.
    """
    access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
    account = access.account
    require_home(account, current_terms=texts.terms.version)
    check_credentials(
        CredentialPorts(ports.verification.store, ports.verification.counters, ports.peppers),
        identifier=account.identifier,
        password=password,
        account=account,
        device=visitor.device,
        now=context.now,
    )
    if contact.is_same_as(account.proven.get(contact.channel)):
        raise ContactUnchangedError(FIELDS[contact.channel])
    request = contact_code_request(account, contact, session_id=access.session.session_id)
    return start_verification(ports.verification, request, visitor.flow, context, extra_writes=list)


def sign_out_everywhere(ports: Ports, visitor: Visitor, *, context: RequestContext) -> None:
    """End every session of the person and forget their browsers. Raises SessionExpiredError."""

    def attempt() -> None:
        access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
        event = Event(EventKind.SIGNED_OUT_EVERYWHERE, context.now)
        ports.verification.store.commit(
            ports.accounts.save(end_sessions(access.account)),
            ports.accounts.record_event(access.account.identifier, event),
        )

    retry_when_stale(attempt)


def show_records(ports: Ports, visitor: Visitor, *, context: RequestContext) -> Records:
    """All stored data of the person signed in, even before the terms are accepted. Raises SessionExpiredError."""
    access = enter(ports.sessions, ports.accounts, visitor.session, now=context.now, limits=context.limits)
    employer = access.account.owner.structure_id
    structure = ports.structures.get(employer) if employer else None
    return Records(access.account, structure, ports.accounts.history(access.account.identifier))


def show_everything(
    ports: Ports, export: ExportPorts, visitor: Visitor, *, context: RequestContext
) -> "tuple[Records, Filed, list[Upload] | None]":
    """As `show_records`, with the person's requests, and a correspondent's files. Raises SessionExpiredError."""
    records = show_records(ports, visitor, context=context)
    identifier = records.account.identifier
    uploads = export.uploads.every(identifier) if records.account.role is Role.CORRESPONDENT else None
    return records, export.requests.filed(identifier), uploads


def _channels(ports: Ports, flow: Flow) -> tuple[Channel, ...]:
    account = ports.accounts.get(flow.identifier)
    return tuple(account.proven) if account else ()


def _waiting_flow(ports: Ports, visitor: Visitor, access: Access | None, context: RequestContext) -> Flow | None:
    """The browser's flow, unless it has ended; with a session, only a flow that this session opened for a contact."""
    flow = ports.verification.flows.get(visitor.flow.flow_id) if visitor.flow else None
    if flow is None or visitor.flow is None or not flow.belongs_to(visitor.flow, context.now):
        return None
    if flow.state is FlowState.DONE or flow.session_id != (access.session.session_id if access else None):
        return None
    return flow
