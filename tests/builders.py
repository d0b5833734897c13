"""People, flows, clocks and rows for tests: the demo roster's."""

from dataclasses import replace
from typing import Any

from activation.domain.accounts import Account, PasswordRecord, Status
from activation.domain.beneficiaries import Beneficiary
from activation.domain.consent import ConsentText
from activation.domain.contacts import Channel, Contact
from activation.domain.correspondents import Correspondent
from activation.domain.employment import RosterEntry
from activation.domain.flows import Flow, FlowReference, Purpose, open_flow
from activation.domain.ledger import Consent
from activation.domain.limits import Limits
from activation.domain.names import fold_name
from activation.domain.sessions import Session, open_session
from activation.domain.steps import Texts
from activation.domain.terms import Terms, TermsAcceptance
from activation.domain.verification import RequestContext
from tests.fakes.random import FakeRandom

_STRUCTURE = {
    "structure_id": "S1",
    "structure_name": "Mairie de Mondomaine",
    "correspondent_name": "Claire Fontaine",
    "correspondent_email": "correspondant@mondomaine.com",
    "correspondent_phone": "01 23 45 67 89",
}


def row(identifier: str, last_name: str, first_name: str, **more: str) -> dict[str, str]:
    """A roster row of the demo structure."""
    return {"identifier": identifier, "last_name": last_name, "first_name": first_name, **_STRUCTURE, **more}


ROSTER = [
    row("10000001", "Garcia", "Louis", email="louis.garcia@mondomaine.com", mobile="0612345678"),
    row("10000002", "N'Diaye", "Awa", mobile="0623456789"),
    row("10000003", "Le Goff", "Yann"),
    row("10000004", "D’Almeida-Cœur", "Inès", email="ines@mondomaine.com"),
    row("10000005", "Saint-Martin", "Rose", usage_name="Petit", email="rose@mondomaine.com", mobile="0692123456"),
]

PASSWORD = "Girafe-Brumeuse-1987-quai"

NOW = 1_795_512_720
"""2026-11-24T09:32:00Z: in the middle of an hour and of five minutes."""

MAIL = Contact(Channel.EMAIL, "louis.garcia@mondomaine.com")
MOBILE = Contact(Channel.SMS, "+33612345678")
TEXTS = Texts(
    ConsentText("1", "Consentez-vous au suivi de vos demandes par votre correspondant ?"),
    Terms("1", "2026-11-24", "d" * 64),
)


def context(now: int = NOW, **limits: int) -> RequestContext:
    """A clock that stands still, with these limits changed."""
    return RequestContext(now, FakeRandom(), Limits(**limits))


def entry(**more: Any) -> RosterEntry:
    """What the roster says of Louis Garcia, with these members changed."""
    values: dict[str, Any] = {
        "last_name": "Garcia",
        "usage_name": "",
        "first_name": "Louis",
        "email": MAIL.value,
        "mobile": MOBILE.value,
        "structure_id": "S1",
        "end_date": "",
    }
    return RosterEntry(**{**values, **more})


def invited(identifier: str = "10000001", *, roster: RosterEntry | None = None, **more: Any) -> Account:
    """Louis Garcia, invited, with these members changed."""
    return changed(Account(identifier, Beneficiary(roster or entry()), version=1), **more)


CLAIRE = "C40218866"
WORK_MAIL = Contact(Channel.EMAIL, "claire.fontaine@mondomaine.com")
WORK_MOBILE = Contact(Channel.SMS, "+33698765432")


def correspondent(identifier: str = CLAIRE, **more: Any) -> Account:
    """Claire Fontaine, invited as a correspondent of S1, with these members changed."""
    owner = Correspondent(
        "Fontaine",
        "Claire",
        WORK_MAIL.value,
        WORK_MOBILE.value,
        structures=("S1",),
        invited_until="2026-12-24",
        mail_key="mail-key",
    )
    return changed(Account(identifier, owner, version=1), **more)


def active_correspondent(identifier: str = CLAIRE, **more: Any) -> Account:
    """Claire Fontaine at home, with these members changed."""
    values: dict[str, Any] = {
        "status": Status.ACTIVE,
        "proven": {Channel.EMAIL: WORK_MAIL},
        "password": PasswordRecord("$argon2id$", "pepper"),
        "channel": Channel.EMAIL,
        "terms": TermsAcceptance("1", NOW),
        "invited_until": "",
    }
    return correspondent(identifier, **{**values, **more})


def changed(account: Account, **more: Any) -> Account:
    """The account with these members changed, its owner's among them."""
    owners = {name: more.pop(name) for name in type(account.owner).__dataclass_fields__ if name in more}
    return replace(account, owner=replace(account.owner, **owners), **more)


def active(identifier: str = "10000001", *, roster: RosterEntry | None = None, **more: Any) -> Account:
    """Louis Garcia at home: active, his mail proven, everything decided, with these members changed."""
    values: dict[str, Any] = {
        "status": Status.ACTIVE,
        "proven": {Channel.EMAIL: MAIL},
        "password": PasswordRecord("$argon2id$", "pepper"),
        "channel": Channel.EMAIL,
        "consent": Consent(consents=True, text_version="1", decided_at=NOW, structure_id="S1"),
        "terms": TermsAcceptance("1", NOW),
    }
    return invited(identifier, roster=roster, **{**values, **more})


def flow(
    purpose: Purpose = Purpose.ACTIVATION, *, throttle_suffix: str = "garcia", digits: int = 6, **more: Any
) -> Flow:
    """A flow of Louis Garcia whose first code went out now, with these members changed."""
    opened = open_flow(
        FlowReference("f-1", "token-hash"),
        purpose,
        identifier="10000001",
        throttle_suffix=fold_name(throttle_suffix),
        digits=digits,
        now=NOW,
        limits=Limits(),
    )
    return replace(opened, **more)


def session(now: int = NOW, *, epoch: int = 0, **limits: int) -> Session:
    """A session of Louis Garcia, opened then."""
    return open_session(
        "session-hash", "s-1", identifier="10000001", structure_id="S1", epoch=epoch, now=now, limits=Limits(**limits)
    )
