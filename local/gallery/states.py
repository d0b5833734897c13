"""The positions of a visitor, and the failures of calls, for the screens."""

import re
from collections.abc import Callable

from local.gallery.fake_api import (
    CONSENT,
    CONTACTS,
    TERMS,
    Body,
    account,
    code_out,
    in_flow,
    problem,
    signed_in,
    time_in,
)

GOOD_PASSWORD = "Girafe-Brumeuse-1987-quai"  # noqa: S105  # opens nothing
MASKED_MAIL = "à l'adresse l•••@m•••.com"
MASKED_NUMBER = "au numéro se terminant par 78"

RETRY_THEN = re.compile(r"ou attendez\s: vous pourrez réessayer (demain )?à\s\d+\sh\s\d\d")
"""The sentence with the time at which a block ends, which may be on the next day."""
RETRY_LATER = re.compile(r"Réessayez plus tard, (demain )?à")
RETRY_SOON = re.compile(r"Réessayez dans 3\sminutes, (demain )?à")

Failure = tuple[int, Body]


def blocked_until(code: str, **delta: float) -> Failure:
    """A refusal that ends at a given time."""
    return problem(429, code, retry_at=time_in(**delta))


def broken() -> Failure:
    """A fault of the server that no page knows."""
    return problem(500, "gateway-failure")


def network_blocked() -> Failure:
    """Too many requests from the visitor's network."""
    return blocked_until("too-many-requests", minutes=4)


def account_locked() -> Failure:
    """Too many wrong passwords."""
    return blocked_until("account-locked", minutes=15)


def unavailable() -> Failure:
    """A server that will be back in three minutes."""
    return problem(503, "unavailable", retry_at=time_in(minutes=3))


def verifying(purpose: str, *, length: int = 6) -> Callable[[], Body]:
    """A code is sent."""
    return lambda: in_flow(purpose, "verify_code", code=code_out(length=length))


def locked(purpose: str) -> Callable[[], Body]:
    """A code is sent, and no attempt is left."""
    return lambda: in_flow(purpose, "verify_code", locked_until=time_in(minutes=40))


def proven(purpose: str) -> Callable[[], Body]:
    """The code was right; a password is to be chosen."""
    return lambda: in_flow(purpose, "set_password")


def consenting() -> Body:
    """Before the first preference."""
    return signed_in("give_consent", consent=CONSENT)


def choosing() -> Body:
    """Before the choice of a channel, with both contacts on file."""
    return signed_in("choose_channel", contacts=CONTACTS)


def choosing_by_mobile() -> Body:
    """The same without a mail address on file."""
    return signed_in("choose_channel", contacts={"mobile": "+33612345678", "proven": ["sms"]})


def verifying_mobile() -> Body:
    """A code is sent to a new mobile, before the terms."""
    return signed_in("verify_contact", purpose="contact", code=code_out(minutes=10), destination=MASKED_NUMBER)


def verifying_mail() -> Body:
    """A code is sent to a new mail address, before the terms."""
    return signed_in("verify_contact", purpose="contact", code=code_out(minutes=10), destination=MASKED_MAIL)


def accepting() -> Body:
    """Before the terms."""
    return signed_in("accept_terms", terms=TERMS)


def accepting_anew() -> Body:
    """Before new terms."""
    return signed_in("accept_terms", terms={**TERMS, "replaces": "0"})


def changing_mobile() -> Body:
    """Signed in, a code is sent to a new mobile."""
    return signed_in(contact_change={"code": code_out(minutes=10), "destination": MASKED_NUMBER})


def changing_mail() -> Body:
    """Signed in, a code is sent to a new mail address."""
    return signed_in(contact_change={"code": code_out(minutes=10), "destination": MASKED_MAIL})


def signing_in() -> Body:
    """The password was right, a code is sent by mail; the mobile is proven too."""
    both = {"proven": ["email", "sms"]}
    return in_flow("sign_in", "verify_code", code=code_out(minutes=10), destination=MASKED_MAIL, contacts=both)


def signing_in_by_mobile() -> Body:
    """The same by SMS, with no other contact."""
    one = {"proven": ["sms"]}
    return in_flow("sign_in", "verify_code", code=code_out(minutes=10), destination=MASKED_NUMBER, contacts=one)


def corresponding() -> Body:
    """A correspondent, signed in."""
    return signed_in(role="correspondent", home="/correspondant")


def expired(where: Callable[[], Body]) -> Callable[[], Body]:
    """The same position with an expired session: the page finds out at its first look at the clock."""
    return lambda: {**where(), "session": signed_in(minutes=-1)["session"]}


def ending() -> Body:
    """A session that ends soon."""
    return signed_in(minutes=4.5)


def first_visit() -> Body:
    """A home that was never opened before."""
    return account(last_sign_in=None)


def without_mail() -> Body:
    """A home whose person has a mobile only."""
    home = account()
    return {**home, "person": {**home["person"], "email": None}}


def with_mail_to_verify() -> Body:
    """A home whose person has a mobile, and a mail address from the roster that was never verified."""
    return {**without_mail(), "on_file": {"email": MASKED_MAIL}}


def without_correspondent() -> Body:
    """A home whose structure has named no correspondent."""
    return account(correspondent=None)


def with_things_to_do() -> Body:
    """A home that asks its owner to act."""
    return account(
        to_do=["Votre adresse email n'a pas pu être jointe. Vérifiez-la dans Vos informations personnelles."]
    )
