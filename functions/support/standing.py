"""Where a person stands, in one line for the agent and one sentence to say to the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from activation.domain.errors import NextStep
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose, code_life
from activation.domain.limits import DAY_SECONDS, Limits
from activation.domain.people import Person, Status, onboarding_step
from activation.domain.times import day_of, paris_time


class Standing(StrEnum):
    """The state that decides what an agent can do for the person."""

    CLOSED = "closed"
    LEFT = "left"
    BLOCKED = "blocked"
    NO_CONTACT = "no_contact"
    NOT_DELIVERED = "not_delivered"
    CODE_SENT = "code_sent"
    READY = "ready"
    UNFINISHED = "unfinished"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Block:
    """Something that the person cannot do before `until` (epoch seconds), and why, in words."""

    until: int
    why: str


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The state, as a line for the agent and as a sentence to say."""

    standing: Standing
    line: str
    sentence: str


_SENT = {EventKind.CODE_SENT_EMAIL: "email", EventKind.CODE_SENT_SMS: "SMS"}
_NOT_DELIVERED = {
    EventKind.CODE_REFUSED: "message refusé par l'opérateur",
    EventKind.CODE_WITHHELD: "trop de SMS vers ce numéro aujourd'hui",
    EventKind.MAIL_BOUNCED: "adresse refusée par la messagerie",
    EventKind.MAIL_BOUNCED_FOR_NOW: "messagerie indisponible ou pleine",
    EventKind.MAIL_REJECTED: "message refusé avant l'envoi",
}
_ARRIVED = frozenset(
    {
        EventKind.ACTIVATED,
        EventKind.SIGNED_IN,
        EventKind.PASSWORD_RESET,
        EventKind.EMAIL_PROVEN,
        EventKind.SMS_PROVEN,
    }
)
_ORDER_IN_A_SECOND = {EventKind.CODE_SENT_EMAIL: 0, EventKind.CODE_SENT_SMS: 2}
"""A mail is sent before it comes back, and its code goes by SMS after that."""

_FIXED = {
    Standing.CLOSED: ("fermé", "Votre compte est fermé. Vos coordonnées et votre mot de passe sont effacés."),
    Standing.LEFT: (
        "sorti de l'effectif",
        "Votre structure ne vous déclare plus parmi ses bénéficiaires : voyez avec votre correspondant.",
    ),
    Standing.NO_CONTACT: (
        "sans contact",
        "Nous n'avons ni adresse email ni téléphone mobile pour vous : donnez-les-moi, ou à votre correspondant.",
    ),
    Standing.READY: (
        "prêt",
        "Vous pouvez activer votre compte : saisissez votre identifiant et votre nom, un code vous sera envoyé.",
    ),
    Standing.UNFINISHED: (
        "mot de passe créé, préférences à finir",
        "Votre mot de passe est créé : connectez-vous, puis répondez aux dernières questions.",
    ),
    Standing.ACTIVE: ("activé", "Votre compte est activé : connectez-vous avec votre mot de passe."),
}


def status_line(
    person: Person,
    events: Sequence[Event],
    block: Block | None,
    *,
    current_terms: str,
    limits: Limits,
    now: int,
) -> StatusLine:
    """The person's state; `events` is their history, oldest first, `block` the longest that stands in their way."""
    if person.status is Status.CLOSED:
        return _fixed(Standing.CLOSED)
    if not person.is_current(day_of(now)):
        return _fixed(Standing.LEFT)
    if block:
        at = paris_time(block.until)
        return StatusLine(
            Standing.BLOCKED,
            f"bloqué jusqu'à {at.removeprefix('le ')} ({block.why})",
            f"L'accès est suspendu jusqu'à l'heure suivante : {at}. La raison : {block.why}.",
        )
    if person.status is Status.INVITED and not person.roster_contacts():
        return _fixed(Standing.NO_CONTACT)
    return _delivery(events, limits, now) or _fixed(_settled(person, current_terms))


def _settled(person: Person, current_terms: str) -> Standing:
    if person.status is Status.INVITED:
        return Standing.READY
    is_home = onboarding_step(person, current_terms=current_terms) is NextStep.HOME
    return Standing.ACTIVE if is_home else Standing.UNFINISHED


def _delivery(events: Sequence[Event], limits: Limits, now: int) -> StatusLine | None:
    """What became of the last code of the last day, unless it arrived: then the person went on with it."""
    telling = [event for event in events if event.kind in (*_SENT, *_NOT_DELIVERED, *_ARRIVED)]
    last = max(telling, key=lambda event: (event.at, _ORDER_IN_A_SECOND.get(event.kind, 1)), default=None)
    if last is None or last.kind in _ARRIVED or last.at + DAY_SECONDS <= now:
        return None
    at = paris_time(last.at)
    if last.kind in _NOT_DELIVERED:
        why = _NOT_DELIVERED[last.kind]
        return StatusLine(
            Standing.NOT_DELIVERED,
            f"non remis ({why})",
            f"Le code envoyé {at} ne vous est pas parvenu. La raison : {why}.",
        )
    # Of all purposes activation's codes live longest: « expiré » is said only when it is sure.
    is_dead = last.at + code_life(Purpose.ACTIVATION, limits) <= now
    sentence = f"Un code vous a été envoyé par {_SENT[last.kind]} {at}"
    advice = "il a expiré : demandez-en un autre." if is_dead else "regardez aussi dans les courriers indésirables."
    return StatusLine(Standing.CODE_SENT, f"code envoyé ({at}, {_SENT[last.kind]})", f"{sentence} ; {advice}")


def _fixed(standing: Standing) -> StatusLine:
    return StatusLine(standing, *_FIXED[standing])
