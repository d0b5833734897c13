"""Signing in: a right password sends a code to a proven contact; and signing out."""

from dataclasses import dataclass

from activation.domain.contacts import Channel, Contact
from activation.domain.credentials import check_credentials
from activation.domain.errors import CredentialsRejectedError, FlowExpiredError
from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.people import Status
from activation.domain.ports import Accounts, Macs, Sessions
from activation.domain.proofs import Clock, Opened, ProofPorts, Request, resend_code, start_proof


@dataclass(frozen=True, slots=True)
class Ports:
    """What a sign-in needs."""

    proofs: ProofPorts
    accounts: Accounts
    peppers: Macs


def sign_in(
    ports: Ports, *, identifier: str, password: str, held: FlowReference | None, address: str, clock: Clock
) -> Opened:
    """Check the password, then send a code to the chosen contact.

    Raises TooManyRequestsError, AccountLockedError, CredentialsRejectedError or TooManyCodesError.
    """
    counters = ports.proofs.counters
    ports.proofs.store.commit(counters.count_address(address, now=clock.now))
    person = ports.accounts.get(identifier)
    active = person if person and person.status is Status.ACTIVE else None
    check_credentials(counters, ports.peppers, identifier=identifier, password=password, person=active, now=clock.now)
    if active is None:
        raise CredentialsRejectedError
    request = Request(Purpose.SIGN_IN, identifier, "", recipient=active.chosen_contact(), epoch=active.session_epoch)
    ports.proofs.store.commit(counters.return_wrong_password(identifier))
    return start_proof(ports.proofs, request, held, clock, also=list)


def resend(
    proofs: ProofPorts, accounts: Accounts, *, held: FlowReference, channel: Channel | None, clock: Clock
) -> Flow:
    """Send the code again, on the other channel if asked. Raises ContactNotProvenError, and as `resend_code`."""

    def recipient(flow: Flow) -> Contact:
        if channel is None:
            return flow.recipients[flow.issue]
        person = accounts.get(flow.identifier)
        if person is None:
            raise FlowExpiredError
        return person.contact_on(channel)

    return resend_code(proofs, held, Purpose.SIGN_IN, clock, recipient=recipient)


def sign_out(sessions: Sessions, token_hash: str | None) -> None:
    """End the browser's session, if it has one."""
    if token_hash:
        sessions.end(token_hash)
