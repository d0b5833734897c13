"""Makes the answers on an account from the service's results."""

from functools import cache

from activation.api.bodies import CodeBody, ConsentBody, step_members
from activation.domain.accounts import Account
from activation.domain.code_recipients import things_to_do
from activation.domain.consent import correspondent_may_see_requests
from activation.domain.contacts import Channel, mask
from activation.domain.employment import Structure
from activation.domain.errors import NextStep
from activation.domain.menu import HOMES, Menu
from activation.domain.steps import OfferedContacts, Step, Texts, step_of_account, step_of_flow
from activation.domain.terms import document_url
from activation.domain.times import rfc3339
from activation.domain.tokens import name_of
from activation.domain.verification import RequestContext
from functions.account.schemas import (
    ConsentInForceBody,
    ContactChangeBody,
    CorrespondentBody,
    HomeBody,
    MenuEntryBody,
    OnFileBody,
    PersonBody,
    SessionTimesBody,
    TermsInForceBody,
    WhereBody,
)
from functions.account.service import Home, Position


def where_body(position: Position, texts: Texts, context: RequestContext) -> WhereBody:
    """The answer to « where am I »: for the session if there is one, else for the flow, else anonymous."""
    step = _step(position, texts)
    flow, pending = position.flow, None
    if position.access and flow and step.flow is None and position.destination:
        pending = ContactChangeBody(code=CodeBody.of(flow, context.limits), destination=position.destination)
    shown = step_members(step, context.limits)
    return WhereBody(
        **{**shown, "flow": flow.flow_id if flow and pending else shown["flow"]},
        who="session" if position.access else "flow" if flow else "anonymous",
        purpose=step.flow.purpose if step.flow else None,
        destination=position.destination if step.flow else None,
        locked_until=rfc3339(position.locked_until) if position.locked_until is not None else None,
        session=_session_times(position),
        role=position.access.account.role if position.access else None,
        home=HOMES[position.access.account.role] if position.access else None,
        contact_change=pending,
        server_time=rfc3339(context.now),
    )


def home_body(home: Home, texts: Texts, menu: Menu) -> HomeBody:
    """The home page's data."""
    account = home.access.account
    last_sign_in = account.previously_signed_in_at
    return HomeBody(
        next_step=NextStep.HOME,
        person=person_body(account),
        on_file=on_file_body(account),
        consent_text=ConsentBody.of(texts.consent),
        correspondent=correspondent_body(home.structure, account),
        menu=_menu(menu),
        to_do=things_to_do(account),
        last_sign_in=rfc3339(last_sign_in) if last_sign_in else None,
    )


@cache
def _menu(menu: Menu) -> list[MenuEntryBody]:
    """The menu, which is the same for everybody."""
    return [MenuEntryBody(id=entry.id, label=entry.label, state=entry.state, url=entry.url) for entry in menu]


def _step(position: Position, texts: Texts) -> Step:
    if position.access:
        return step_of_account(position.access.account, texts, pending=position.flow)
    if position.flow is None:
        return Step(NextStep.SIGN_IN)
    step = step_of_flow(position.flow)
    return step._replace(contacts=OfferedContacts(None, None, position.channels)) if position.channels else step


def _session_times(position: Position) -> SessionTimesBody | None:
    if position.access is None:
        return None
    session = position.access.session
    return SessionTimesBody(
        id=name_of(session.token_hash), expires_at=rfc3339(session.expires_at), ends_at=rfc3339(session.ends_at)
    )


def person_body(account: Account) -> PersonBody:
    """The person's data, as they may see it themselves."""
    email, mobile = account.proven.get(Channel.EMAIL), account.proven.get(Channel.SMS)
    return PersonBody(
        identifier=account.identifier,
        first_name=account.owner.first_name,
        last_name=account.owner.last_name,
        birth_name=account.owner.birth_name,
        email=email.value if email else None,
        mobile=mobile.value if mobile else None,
        channel=account.channel,
        consent=account.owner.consent
        and ConsentInForceBody(
            consents=account.owner.consent.consents,
            text_version=account.owner.consent.text_version,
            decided_at=rfc3339(account.owner.consent.decided_at),
        ),
        terms=account.terms
        and TermsInForceBody(
            version=account.terms.version,
            accepted_at=rfc3339(account.terms.accepted_at),
            url=document_url(account.terms.version),
        ),
    )


def on_file_body(account: Account) -> OnFileBody | None:
    """The roster's contacts that were never verified, masked; None if there is none.

    An account in use has no contact in quarantine: activation ends it (docs/adr/0022).
    """
    waiting = {c.channel: mask(c) for c in account.owner.declared_contacts() if c.channel not in account.proven}
    return OnFileBody(email=waiting.get(Channel.EMAIL), mobile=waiting.get(Channel.SMS)) if waiting else None


def correspondent_body(structure: Structure | None, account: Account) -> CorrespondentBody | None:
    """The person's correspondent, where the roster names the structure."""
    if structure is None:
        return None
    return CorrespondentBody(
        structure=structure.name,
        may_follow_requests=correspondent_may_see_requests(account),
        name=structure.correspondent_name or None,
        email=structure.correspondent_email or None,
        phone=structure.correspondent_phone or None,
    )
