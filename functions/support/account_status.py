"""The account status of a person, as one line for the agent and one sentence to say to the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from activation.domain.accounts import Account, Status
from activation.domain.errors import NextStep
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose, code_life
from activation.domain.limits import DAY_SECONDS, Limits, OtherNames
from activation.domain.steps import onboarding_step
from activation.domain.times import day_of_rights, paris_time


class AccountStatus(StrEnum):
    """The state that decides what an agent can do for the person."""

    CLOSED = "closed"
    CLOSING = "closing"
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
    """Something that the person cannot do before `until` (epoch seconds), and why; `because` ends a sentence on it."""

    until: int
    why: str
    because: str


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The state, as a line for the agent and as a sentence to say."""

    standing: AccountStatus
    line: str
    sentence: str


_SENT = {EventKind.CODE_SENT_EMAIL: "email", EventKind.CODE_SENT_SMS: "SMS"}
_ADVICE = {
    EventKind.CODE_SENT_EMAIL: "regardez aussi dans les courriers indésirables.",
    EventKind.CODE_SENT_SMS: "vérifiez que votre téléphone a du réseau et ne bloque pas nos SMS.",
}
_EXPIRED = "il a expiré : demandez-en un autre."
_NOT_DELIVERED = {
    EventKind.CODE_REFUSED: "message refusé par l'opérateur",
    EventKind.CODE_WITHHELD: "trop de SMS vers ce numéro aujourd'hui",
    EventKind.MAIL_BOUNCED: "adresse refusée par la messagerie",
    EventKind.MAIL_BLOCKED: "message refusé par la messagerie",
    EventKind.MAIL_BOUNCED_FOR_NOW: "messagerie indisponible ou pleine",
    EventKind.MAIL_REJECTED: "message refusé avant l'envoi",
    EventKind.SMS_FAILED: "téléphone injoignable, ou bloqué par l'opérateur",
    EventKind.SMS_NUMBER_REFUSED: "ce numéro n'existe pas, ou refuse nos SMS",
}
_MISHAPS = {
    EventKind.MAIL_BOUNCED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_BLOCKED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_REJECTED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_BOUNCED_FOR_NOW: (EventKind.CODE_SENT_EMAIL, "non remis"),
    EventKind.MAIL_DELAYED: (EventKind.CODE_SENT_EMAIL, "retardé"),
    EventKind.SMS_FAILED: (EventKind.CODE_SENT_SMS, "non remis"),
    EventKind.SMS_NUMBER_REFUSED: (EventKind.CODE_SENT_SMS, "refusé"),
}
"""What may become of a code that was sent, by the sending that it happens to, in a word."""
_ARRIVED = frozenset(
    {
        EventKind.ACTIVATED,
        EventKind.SIGNED_IN,
        EventKind.PASSWORD_RESET,
        EventKind.EMAIL_PROVEN,
        EventKind.SMS_PROVEN,
    }
)
_LIFTED = {
    EventKind.MAIL_BOUNCED: ("adresse remise en service", "L'adresse est remise en service"),
    EventKind.SMS_NUMBER_REFUSED: ("numéro remis en service", "Le numéro est remis en service"),
}
_TELLING = frozenset({*_SENT, *_NOT_DELIVERED, *_ARRIVED, EventKind.DESK_CODE_SENT_AGAIN})
_NAME_ADVICE = "Vérifiez l'orthographe ; nom de naissance ou d'usage conviennent."
_NEVER_SENT = frozenset({EventKind.CODE_REFUSED, EventKind.CODE_WITHHELD})
_PLACES = {
    EventKind.DESK_LISTED: 0,
    EventKind.DESK_LOOKED: 0,
    EventKind.DESK_CONTACT_CHECKED: 0,
    EventKind.CODE_REFUSED: 1,
    EventKind.DESK_CODE_SENT_AGAIN: 1,
    EventKind.CODE_SENT_EMAIL: 2,
    EventKind.CODE_SENT_SMS: 4,
    EventKind.SMS_FAILED: 5,
    EventKind.SMS_NUMBER_REFUSED: 5,
}
_OTHERS_PLACE = 3

_FIXED = {
    AccountStatus.CLOSED: ("fermé", "Votre compte est fermé. Vos coordonnées et votre mot de passe sont effacés."),
    AccountStatus.LEFT: (
        "sorti de l'effectif",
        "Votre structure ne vous déclare plus parmi ses bénéficiaires : voyez avec votre correspondant.",
    ),
    AccountStatus.NO_CONTACT: (
        "sans contact",
        "Nous n'avons ni adresse email ni téléphone mobile pour vous : donnez-les-moi, ou à votre correspondant.",
    ),
    AccountStatus.READY: (
        "prêt",
        "Vous pouvez activer votre compte : saisissez votre identifiant et votre nom, un code vous sera envoyé.",
    ),
    AccountStatus.UNFINISHED: (
        "mot de passe créé, préférences à finir",
        "Votre mot de passe est créé : connectez-vous, puis répondez aux dernières questions.",
    ),
    AccountStatus.ACTIVE: ("activé", "Votre compte est activé : connectez-vous avec votre mot de passe."),
}


def status_line(
    account: Account,
    events: Sequence[Event],
    block: Block | None,
    other_names: OtherNames | None = None,
    *,
    current_terms: str,
    limits: Limits,
    now: int,
) -> StatusLine:
    """The person's status. `events`: their history, `in_order`; `block`: the block that lasts longest, if any.

    `other_names`: the codes asked for with another name, if any; told unless the person got or used a code since.
    """
    if account.status is Status.CLOSED:
        return _fixed(AccountStatus.CLOSED)
    if not account.owner.is_current(day_of_rights(now)):
        return _fixed(AccountStatus.LEFT)
    if account.closing and account.closing.until > now:
        return _closing(paris_time(account.closing.until))
    if block:
        day, _, hour = paris_time(block.until).partition(" à ")
        return StatusLine(
            AccountStatus.BLOCKED,
            f"bloqué jusqu'à {hour} {day} ({block.why})",
            f"L'accès est suspendu jusqu'au {day.removeprefix('le ')} à {hour}, {block.because}.",
        )
    if account.status is Status.INVITED and not account.owner.roster_contacts():
        return _fixed(AccountStatus.NO_CONTACT)
    status = _delivery(events, limits, now) or _fixed(_settled(account, current_terms))
    is_told = other_names and not any(event.at >= other_names.last_at for event in events if event.kind in _TELLING)
    return _with_other_names(status, other_names) if other_names and is_told else status


def _with_other_names(status: StatusLine, other_names: OtherNames) -> StatusLine:
    """The status with what was asked for in vain; who is ready would only be told to do that again."""
    day, _, hour = paris_time(other_names.last_at).partition(" à ")
    asked = "1 demande" if other_names.requests == 1 else f"{other_names.requests} demandes"
    said = f"La demande faite à {hour} {day} portait un autre nom que celui du dossier. {_NAME_ADVICE}"
    return replace(
        status,
        line=f"{status.line} ; {asked} avec un autre nom, à {hour} {day}",
        sentence=said if status.standing is AccountStatus.READY else f"{status.sentence} {said}",
    )


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events, oldest first; those of the same second in the order in which they must have happened.

    An agent looks before acting, and what an agent asks for is sent after that; a code that is refused goes another way
    after that; a mail is sent before it bounces, its code goes by SMS then, and that may fail too.
    """
    return sorted(events, key=lambda event: (event.at, _PLACES.get(event.kind, _OTHERS_PLACE)))


def _closing(before: str) -> StatusLine:
    return StatusLine(
        AccountStatus.CLOSING,
        f"fermeture demandée, à confirmer avant {before}",
        "La fermeture de votre compte est demandée : un second agent doit la confirmer "
        f"avant {before}. D'ici là, rien n'est effacé.",
    )


def _settled(account: Account, current_terms: str) -> AccountStatus:
    if account.status is Status.INVITED:
        return AccountStatus.READY
    is_home = onboarding_step(account, current_terms=current_terms) is NextStep.HOME
    return AccountStatus.ACTIVE if is_home else AccountStatus.UNFINISHED


def _delivery(events: Sequence[Event], limits: Limits, now: int) -> StatusLine | None:
    """The status from the last code or bounce within a day; None when the person has used a code since."""
    telling = [place for place, event in enumerate(events) if event.kind in _TELLING]
    last = events[telling[-1]] if telling else None
    if last is None or last.kind in _ARRIVED or last.at + DAY_SECONDS <= now:
        return None
    if last.kind == EventKind.DESK_CODE_SENT_AGAIN:
        return _sent_again(last.at, limits, now)
    first, mishap, second = _ways(events, last) or (None, None, last)
    if first is None and last.kind in _NOT_DELIVERED:
        return _not_delivered(last, events[: telling[-1]], events[telling[-1] :])
    at, way = paris_time(second.at), _SENT[second.kind]
    advice = _EXPIRED if _is_dead(second.at, limits, now) else _ADVICE[second.kind]
    line, sentence = f"code envoyé ({at}, {way})", f"Un code vous a été envoyé par {way} {at}"
    if first and mishap:
        failed = _SENT[first.kind]
        line = f"code envoyé ({failed} {_MISHAPS[mishap.kind][1]} {paris_time(mishap.at)}, {way} {at})"
        sentence = f"Le code envoyé par {failed} {paris_time(first.at)} ne vous est pas parvenu"
        sentence += f" ; il vous a été renvoyé par {way} {at}"
    return StatusLine(AccountStatus.CODE_SENT, line, f"{sentence} ; {advice}")


def _sent_again(asked_at: int, limits: Limits, now: int) -> StatusLine:
    at = paris_time(asked_at)
    then = _EXPIRED if _is_dead(asked_at, limits, now) else "il arrive d'ordinaire en moins de deux minutes."
    sentence = f"Un nouveau code a été demandé pour vous {at} : {then}"
    return StatusLine(AccountStatus.CODE_SENT, f"code envoyé à nouveau ({at})", sentence)


def _is_dead(sent_at: int, limits: Limits, now: int) -> bool:
    """Whether a code has certainly expired: activation's codes live longest of all purposes."""
    return sent_at + code_life(Purpose.ACTIVATION, limits) <= now


def _ways(events: Sequence[Event], last: Event) -> tuple[Event, Event, Event] | None:
    """A code's sending, the mishap that made it go another way, and its sending there; None without such a mishap.

    None too when the other way failed in its turn: then that is what is to be told.
    """
    of_flow = [event for event in events if event.flow_id == last.flow_id]
    sent = [event for event in of_flow if event.kind in _SENT][-2:]
    if last.kind in _NEVER_SENT or {sending.kind for sending in sent} != _SENT.keys():
        return None
    first, second = sent

    def mishaps(sending: Event) -> list[Event]:
        return [e for e in of_flow if _MISHAPS.get(e.kind, ("", ""))[0] == sending.kind and e.at >= sending.at]

    found = mishaps(first)
    return (first, found[-1], second) if found and not mishaps(second) else None


def _not_delivered(failed: Event, before: Sequence[Event], after: Sequence[Event]) -> StatusLine | None:
    """The status after a failed code or notice; None for a notice whose address was put back into service since."""
    why = _NOT_DELIVERED[failed.kind]
    is_lifted = failed.kind in _LIFTED and EventKind.DESK_MARK_LIFTED in {event.kind for event in after}
    sending = _MISHAPS.get(failed.kind, (None, ""))[0]
    sent = [event for event in before if event.kind == sending and event.flow_id == failed.flow_id]
    line, then = f"non remis ({why})", f"La raison : {why}."
    if failed.kind in _NEVER_SENT:
        said = f"Le code demandé n'a pas pu être envoyé {paris_time(failed.at)}."
    elif sent:
        said = f"Le code envoyé {paris_time(sent[-1].at)} ne vous est pas parvenu."
        if is_lifted:
            what, the = _LIFTED[failed.kind]
            line += f", {what}"
            then = f"{the} : demandez un nouveau code."
    elif is_lifted:
        return None
    else:
        line, said = f"avis {line}", f"Un message qui vous était destiné nous est revenu {paris_time(failed.at)}."
    return StatusLine(AccountStatus.NOT_DELIVERED, line, f"{said} {then}")


def _fixed(standing: AccountStatus) -> StatusLine:
    return StatusLine(standing, *_FIXED[standing])
