"""Signing in: a right password sends a code to a proven contact; and signing out."""

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.code_recipients import chosen_contact, next_recipient
from activation.domain.contacts import Channel, Contact
from activation.domain.credentials import CredentialPorts, check_credentials, needs_rehash, pepper, protect
from activation.domain.errors import CredentialsRejectedError, FlowExpiredError, StaleError
from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.ports import Accounts, Macs, Sessions
from activation.domain.verification import (
    CodeRequest,
    OpenedFlow,
    RequestContext,
    VerificationPorts,
    resend_code,
    start_verification,
)


class Ports(NamedTuple):
    """The ports that a sign-in needs."""

    verification: VerificationPorts
    accounts: Accounts
    peppers: Macs


def sign_in(
    ports: Ports,
    *,
    identifier: str,
    password: str,
    reference: FlowReference | None,
    device: str | None,
    address: str,
    context: RequestContext,
) -> OpenedFlow:
    """Check the password, then send a code to the chosen contact.

    Raises TooManyRequestsError, AccountLockedError, CredentialsRejectedError or TooManyCodesError.
    """
    ports.verification.store.commit(ports.verification.counters.count_address(address, now=context.now))
    account = ports.accounts.get(identifier)
    active = account if account and account.status is Status.ACTIVE else None
    check_credentials(
        CredentialPorts(ports.verification.store, ports.verification.counters, ports.peppers),
        identifier=identifier,
        password=password,
        account=active,
        device=device,
        now=context.now,
    )
    if active is None:
        raise CredentialsRejectedError
    _upgrade_hash(ports, active, password)
    request = CodeRequest(Purpose.SIGN_IN, identifier, "", recipient=chosen_contact(active), epoch=active.session_epoch)
    return start_verification(ports.verification, request, reference, context, extra_writes=list)


def resend(
    verification: VerificationPorts,
    accounts: Accounts,
    *,
    reference: FlowReference,
    channel: Channel | None,
    context: RequestContext,
) -> Flow:
    """Send the code again, on the other channel if asked. Raises ContactNotProvenError, and as `resend_code`."""

    def recipient(flow: Flow) -> Contact | None:
        account = accounts.get(flow.identifier)
        if account is None or not account.is_active_since(flow.epoch):
            raise FlowExpiredError
        return next_recipient(account, flow, channel)

    return resend_code(verification, reference, Purpose.SIGN_IN, context, recipient=recipient)


def sign_out(sessions: Sessions, token_hash: str | None) -> None:
    """End the browser's session, if it has one."""
    if token_hash:
        sessions.end(token_hash)


def _upgrade_hash(ports: Ports, account: Account, password: str) -> None:
    """Hash the password anew when the parameters have changed since; a lost race leaves it to the next sign-in."""
    if account.password is None or not needs_rehash(account.password.encoded):
        return
    peppered = pepper(ports.peppers, identifier=account.identifier, password=password)
    record = protect(ports.peppers, peppered)
    with suppress(StaleError):
        ports.verification.store.commit(ports.accounts.save(replace(account, password=record)))
