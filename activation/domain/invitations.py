"""Invitations of correspondents: the data that a roster gives, and which invitations take two agents."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Contact, ContactRejectedError, contact_key, parse_email, parse_mobile
from activation.domain.correspondents import INVITATION_DAYS, Correspondent, LinkedStructure, WaitingInvitation
from activation.domain.employment import Structure
from activation.domain.errors import NothingToConfirmError, SecondAgentNeededError
from activation.domain.identifiers import new_correspondent_identifier
from activation.domain.limits import DAY_SECONDS
from activation.domain.names import CIVILITIES, fold_last_name, fold_name
from activation.domain.ports import Macs
from activation.domain.times import day_of_rights
from activation.domain.tokens import RandomBytes

WAITING_SECONDS = 7 * DAY_SECONDS
"""How long an invitation that one agent asked for waits for another agent."""

_WORDS_OF_A_CERTAIN_NAME = 2


class SplitName(NamedTuple):
    """A correspondent's name in its two parts; `is_certain` if it is two words, one in capitals."""

    last_name: str
    first_name: str
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite: their name, and the contacts that get their invitation and their codes."""

    last_name: str
    first_name: str
    email: str = field(repr=False)
    mobile: str = field(default="", repr=False)


def split_name(written: str) -> SplitName:
    """The parts of a name that a roster gives in one cell; a proposal where no word, or every word, is in capitals.

    « Claire FONTAINE » and « FONTAINE Claire » are certain. In « Claire Fontaine » the first word is the first name; a
    title before the name is dropped, and a single word after it is a last name.
    """
    words = written.split()
    is_whole = len(words) == _WORDS_OF_A_CERTAIN_NAME
    if len(words) > 1 and fold_name(words[0]) in CIVILITIES:
        words = words[1:]
    capitals = [word for word in words if word == word.upper() != word.lower()]
    if 0 < len(capitals) < len(words):
        others = [word for word in words if word not in capitals]
        return SplitName(" ".join(capitals), " ".join(others), is_certain=is_whole)
    return SplitName(" ".join(words[1:] or words), " ".join(words[:1] if len(words) > 1 else ()))


def roster_mail(structure: Structure) -> str:
    """The correspondent's mail as the roster gives it, in the form that messages are sent to; else empty."""
    return _value(parse_email, structure.correspondent_email)


def roster_mobile(structure: Structure) -> str:
    """The correspondent's number as the roster gives it, if it is a mobile; else empty."""
    return _value(parse_mobile, structure.correspondent_phone)


def mail_key(macs: Macs, email: str) -> str:
    """The keyed hash (hexadecimal) of a work mail, however the mail is written; one account at most has it.

    Without the key, a copy of the table does not show whose mail it is.
    """
    return macs.mac(b"mail/1\0" + contact_key(email).encode()).hex()


def has_that_name(account: Account, invitee: Invitee) -> bool:
    """Whether the account's owner has the names of the invited person: the first name and one of the last names."""
    owner = account.correspondent
    last_names = {fold_last_name(name) for name in owner.last_names}
    return fold_last_name(invitee.last_name) in last_names and fold_name(owner.first_name) == fold_name(
        invitee.first_name
    )


def takes_two_agents(structure: Structure, invitee: Invitee, holder: Account | None) -> bool:
    """Whether another agent must confirm: the mail is not the roster's, or it is the account's of another name."""
    is_rosters = contact_key(invitee.email) == contact_key(roster_mail(structure))
    return not is_rosters or (holder is not None and not has_that_name(holder, invitee))


def ask(structure: LinkedStructure, invitee: Invitee, *, agent: str, reason: str, now: int) -> LinkedStructure:
    """The structure with an invitation that waits for another agent; it replaces one that waits already."""
    waiting = WaitingInvitation(
        invitee.last_name, invitee.first_name, invitee.email, invitee.mobile, agent, reason, now + WAITING_SECONDS
    )
    return replace(structure, waiting=waiting)


def waiting_invitation(structure: LinkedStructure, *, now: int) -> WaitingInvitation | None:
    """The invitation that waits for another agent, if its time is not over."""
    return structure.waiting if structure.waiting and structure.waiting.until > now else None


def confirmed(structure: LinkedStructure, *, agent: str, now: int) -> WaitingInvitation:
    """The invitation that this agent confirms. Raises NothingToConfirmError; SecondAgentNeededError for the asker."""
    waiting = waiting_invitation(structure, now=now)
    if waiting is None:
        raise NothingToConfirmError
    if waiting.agent == agent:
        raise SecondAgentNeededError
    return waiting


def invited_account(invitee: Invitee, holder: Account | None, *, key: str, random: RandomBytes, now: int) -> Account:
    """The account of the invited person: that of the `holder` of their mail, or a new one, without the structure yet.

    The invitation of a holder who has not activated is valid for another 30 days. A holder whom a second agent took for
    the same person under another last name has that name too; of two such names the later one counts.
    """
    until = (date.fromisoformat(day_of_rights(now)) + timedelta(days=INVITATION_DAYS)).isoformat()
    if holder is None:
        owner = Correspondent(
            invitee.last_name,
            invitee.first_name,
            invitee.email,
            invitee.mobile,
            invited_until=until,
            mail_key=key,
        )
        return Account(new_correspondent_identifier(random), owner)
    owner = holder.correspondent
    if fold_last_name(invitee.last_name) not in {fold_last_name(name) for name in owner.last_names}:
        owner = replace(owner, other_name=invitee.last_name)
    return replace(holder, owner=replace(owner, invited_until=until) if holder.status is Status.INVITED else owner)


def _value(parse: Callable[[str], Contact], written: str) -> str:
    try:
        return parse(written).value if written else ""
    except ContactRejectedError:
        return ""
