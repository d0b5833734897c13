"""The account status of a person, as one line for the agent and one sentence to say to the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

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


class Block(NamedTuple):
    """A block of the person until `until` (epoch seconds): the reason, and a sentence on it with `{until}`.

    `leaves_code`: it stops new requests only, and the person has a code to type.
    """

    until: int
    why: str
    sentence: str
    leaves_code: bool = False


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The state, as a line for the agent and as a sentence to say."""

    state: AccountStatus
    line: str
    sentence: str


_SENT = {EventKind.CODE_SENT_EMAIL: "email", EventKind.CODE_SENT_SMS: "SMS"}
_ADVICE = {
    EventKind.CODE_SENT_EMAIL: "Regardez aussi dans les courriers indésirables (spams).",
    EventKind.CODE_SENT_SMS: "Vérifiez que votre téléphone a du réseau et ne bloque pas nos SMS.",
}
_LATE = "Votre messagerie tarde à le recevoir. Attendez quelques minutes, ou je vous le renvoie."
_EXPIRED = "Il a expiré : demandez-en un autre."
_NOT_DELIVERED = {
    EventKind.CODE_REFUSED: ("message refusé par l'opérateur", "{again}."),
    EventKind.CODE_WITHHELD: ("trop de SMS vers ce numéro aujourd'hui", "Réessayez demain."),
    EventKind.MAIL_BOUNCED: (
        "adresse refusée par la messagerie",
        "Dites-moi votre adresse : je vérifie si c'est celle du dossier.",
    ),
    EventKind.MAIL_BLOCKED: (
        "message refusé par la messagerie",
        "Votre adresse n'est pas en cause : votre messagerie bloque nos messages. {again}.",
    ),
    EventKind.MAIL_BOUNCED_FOR_NOW: (
        "messagerie indisponible ou pleine",
        "Vérifiez que votre messagerie n'est pas pleine. {again}.",
    ),
    EventKind.MAIL_REJECTED: ("message refusé avant l'envoi", "{again}."),
    EventKind.SMS_FAILED: (
        "téléphone injoignable, ou bloqué par l'opérateur",
        "Vérifiez que votre téléphone a du réseau et ne bloque pas nos SMS. {again}.",
    ),
    EventKind.SMS_NUMBER_REFUSED: (
        "ce numéro n'existe pas, ou refuse nos SMS",
        "Dites-moi votre numéro : je vérifie si c'est celui du dossier.",
    ),
}
"""The reason why a code did not arrive, and the advice; `{again}`: whether to send it again or to ask for a new one."""
_AGAIN, _ANEW = "Je peux vous renvoyer le code", "Demandez un nouveau code"
_MISHAPS = {
    EventKind.MAIL_BOUNCED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_BLOCKED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_REJECTED: (EventKind.CODE_SENT_EMAIL, "refusé"),
    EventKind.MAIL_BOUNCED_FOR_NOW: (EventKind.CODE_SENT_EMAIL, "non remis"),
    EventKind.MAIL_DELAYED: (EventKind.CODE_SENT_EMAIL, "retardé"),
    EventKind.SMS_FAILED: (EventKind.CODE_SENT_SMS, "non remis"),
    EventKind.SMS_NUMBER_REFUSED: (EventKind.CODE_SENT_SMS, "refusé"),
}
"""The events that may follow the sending of a code: the kind of sending that each belongs to, and a word for it."""
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
_ONE_NAME = "Vérifiez l'orthographe ; le dossier n'a qu'un nom : tapez le nom de naissance."
_RIGHT_NAME = "Avec le bon nom, vous pouvez recommencer tout de suite."
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

    `other_names`: the codes asked for with another name, if any; left out if the person got or used a code since.
    """
    if account.status is Status.CLOSED:
        return _fixed(AccountStatus.CLOSED)
    if not account.owner.is_current(day_of_rights(now)):
        return _fixed(AccountStatus.LEFT)
    if account.closing and account.closing.until > now:
        return _closing(paris_time(account.closing.until))
    if block and not block.leaves_code:
        status = _blocked(block)
    elif account.status is Status.INVITED and not account.owner.declared_contacts():
        return _fixed(AccountStatus.NO_CONTACT)
    else:
        status = _delivery(events, limits, now) or _fixed(_settled(account, current_terms))
    if block and block.leaves_code:
        status = _until_a_new_request(status, block.until)
    is_told = other_names and not any(event.at >= other_names.last_at for event in events if event.kind in _TELLING)
    advice = _NAME_ADVICE if len(account.owner.last_names) > 1 else _ONE_NAME
    return _with_other_names(status, other_names, advice) if other_names and is_told else status


def _blocked(block: Block) -> StatusLine:
    until = paris_time(block.until)
    line = f"bloqué jusqu'au {until.removeprefix('le ')} ({block.why})"
    return StatusLine(AccountStatus.BLOCKED, line, block.sentence.format(until=until))


def _until_a_new_request(status: StatusLine, until: int) -> StatusLine:
    """The status of somebody who has a code to type and can start no other flow before `until` (epoch seconds)."""
    wait = f"pas de nouvelle demande avant {paris_time(until)}"
    typing = f"Saisissez-le : {wait}." if status.state is AccountStatus.CODE_SENT else f"P{wait[1:]}."
    return replace(status, line=f"{status.line} ; {wait}", sentence=f"{status.sentence} {typing}")


def _with_other_names(status: StatusLine, other_names: OtherNames, advice: str) -> StatusLine:
    """The status with the requests under another name; READY's own sentence would only tell the person to do it again.

    Requests with another name are limited under that name, never those with the right one: the words say so.
    """
    last = paris_time(other_names.last_at)
    asked = "1 demande" if other_names.requests == 1 else f"{other_names.requests} demandes"
    when = last if other_names.requests == 1 else f"la dernière {last}"
    said = f"La dernière demande, {last}, portait un autre nom que celui du dossier. {advice}"
    is_ready = status.state is AccountStatus.READY
    return replace(
        status,
        line=f"{status.line} ; {asked} avec un autre nom, {when}",
        sentence=f"{said} {_RIGHT_NAME}" if is_ready else f"{status.sentence} {said}",
    )


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events, oldest first; those of the same second in the order in which they must have happened.

    An agent looks before acting, and a code that an agent asks for is sent after that; a refused code goes another way
    after its refusal; a mail is sent before it bounces, its code goes by SMS then, and that may fail too.
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
        return _not_delivered(last, events[: telling[-1]], events[telling[-1] :], limits, now)
    at, way = paris_time(second.at), _SENT[second.kind]
    late = _mishaps(events, second)[-1:] if first is None else []
    line, sentence = f"code envoyé ({at}, {way})", f"Un code vous a été envoyé par {way} {at}"
    if late:
        line = f"code envoyé ({at}, {way}, {_mishap_of(late[0])})"
    elif first and mishap:
        failed = _SENT[first.kind]
        line = f"code envoyé ({failed} {_mishap_of(mishap)}, {way} {at})"
        sentence = f"Le code envoyé par {failed} {paris_time(first.at)} ne vous est pas parvenu"
        sentence += f" ; il vous a été renvoyé par {way} {at}"
    advice = _EXPIRED if _is_dead(second.at, limits, now) else _LATE if late else _ADVICE[second.kind]
    return StatusLine(AccountStatus.CODE_SENT, line, f"{sentence}. {advice}")


def _sent_again(asked_at: int, limits: Limits, now: int) -> StatusLine:
    at = paris_time(asked_at)
    then = _EXPIRED if _is_dead(asked_at, limits, now) else "Il arrive d'ordinaire en moins de deux minutes."
    sentence = f"Un nouveau code a été demandé pour vous {at}. {then}"
    return StatusLine(AccountStatus.CODE_SENT, f"code envoyé à nouveau ({at})", sentence)


def _is_dead(sent_at: int, limits: Limits, now: int) -> bool:
    """Whether a code has certainly expired: activation's codes live longest of all purposes."""
    return sent_at + code_life(Purpose.ACTIVATION, limits) <= now


def _ways(events: Sequence[Event], last: Event) -> tuple[Event, Event, Event] | None:
    """A code's sending, the mishap that made it go another way, and its sending there; None without such a mishap.

    Also None when the other way failed in its turn: then the agent is told of that failure.
    """
    of_flow = [event for event in events if event.flow_id == last.flow_id]
    sent = [event for event in of_flow if event.kind in _SENT][-2:]
    if last.kind in _NEVER_SENT or {sending.kind for sending in sent} != _SENT.keys():
        return None
    first, second = sent
    found = _mishaps(of_flow, first)
    return (first, found[-1], second) if found and not _mishaps(of_flow, second) else None


def _mishaps(events: Sequence[Event], sending: Event) -> list[Event]:
    """The mishaps of that sending."""
    own = [event for event in events if event.flow_id == sending.flow_id and event.at >= sending.at]
    return [event for event in own if _MISHAPS.get(event.kind, ("", ""))[0] == sending.kind]


def _mishap_of(mishap: Event) -> str:
    return f"{_MISHAPS[mishap.kind][1]} {paris_time(mishap.at)}"


def _not_delivered(
    failed: Event, before: Sequence[Event], after: Sequence[Event], limits: Limits, now: int
) -> StatusLine | None:
    """The status after a failed code or notice; None for a notice whose address was put back into service since."""
    (why, then), when, way = _NOT_DELIVERED[failed.kind], paris_time(failed.at), _MISHAPS.get(failed.kind, (None,))[0]
    of_flow = [event for event in before if event.flow_id == failed.flow_id]
    own = [event for event in of_flow if event.kind == way]
    other = [event for event in of_flow if event.kind in _SENT and event.kind != way][-1:]
    lost = [(sending, _mishaps(of_flow, sending)[-1]) for sending in other if _mishaps(of_flow, sending)]
    is_lifted = failed.kind in _LIFTED and EventKind.DESK_MARK_LIFTED in {event.kind for event in after}
    told = "".join(f"{_SENT[sending.kind]} {_mishap_of(mishap)}, " for sending, mishap in lost)
    again = _ANEW if _is_dead((own or [failed])[-1].at, limits, now) else _AGAIN
    line, then = f"non remis ({told}{why})", f"La raison : {why}. {then.format(again=again)}"
    if failed.kind in _NEVER_SENT:
        said = f"Le code demandé n'a pas pu être envoyé {when}."
    elif own:
        ways = [f"par {_SENT[sending.kind]} {paris_time(sending.at)}" for sending in (*other[: len(lost)], own[-1])]
        said = f"Le code envoyé {' puis '.join(ways)} ne vous est pas parvenu."
        if lost:
            line = f"non remis ({told}{_SENT[own[-1].kind]} {paris_time(own[-1].at)} : {why})"
        if is_lifted:
            what, the = _LIFTED[failed.kind]
            line += f", {what}"
            then = f"{the} : demandez un nouveau code."
    elif is_lifted:
        return None
    else:
        line, said = f"avis {line}", f"Un message qui vous était destiné nous est revenu {when}."
        then = f"La raison : {why}."
    return StatusLine(AccountStatus.NOT_DELIVERED, line, f"{said} {then}")


def _fixed(state: AccountStatus) -> StatusLine:
    return StatusLine(state, *_FIXED[state])
