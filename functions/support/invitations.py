"""The correspondents of a structure: how they are invited, and how that ends. Each act is in their history."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from activation.domain.accounts import Account, Status
from activation.domain.contacts import contact_key
from activation.domain.correspondents import Correspondent, LinkedStructure, WaitingInvitation
from activation.domain.employment import Structure
from activation.domain.errors import (
    ImportNotFoundError,
    InvitationIncompleteError,
    NoSuchLinkError,
    StructureNotFoundError,
    TooManyLinksError,
)
from activation.domain.events import Event, EventKind
from activation.domain.invitations import (
    WAITING_SECONDS,
    Invitee,
    ask,
    confirmed,
    invited_account,
    mail_key,
    roster_mail,
    roster_mobile,
    split_name,
    takes_two_agents,
    waiting_invitation,
)
from activation.domain.links import LinkPorts, link_ended_notices, save_link, with_link, without_link
from activation.domain.outbox import MessageKind, structure_notice_for
from activation.domain.ports import Macs
from activation.domain.verification import RequestContext, retry_when_stale
from functions.support.service import Call, Ports, require

MOST_AT_ONCE = 50
"""The most structures that one call lists, or whose correspondents it invites."""


class Outcome(StrEnum):
    """The outcome of an invitation."""

    INVITED = "invited"
    LINKED = "linked"
    """The mail has an account in use: the structure was added to that account."""
    WAITING = "waiting"
    """Another agent must confirm the invitation."""


class Left(StrEnum):
    """The reason why an agent must invite a structure's correspondent one by one."""

    MAIL = "mail"
    """The mail did not stand before that import, or it has changed since."""
    NAME = "name"
    """The name is not two words of which one is in capitals."""
    ACCOUNT = "account"
    """The mail is the account's of another name: that takes two agents."""
    FULL = "full"
    """The structure has 10 correspondents, or the correspondent 200 structures."""


class StructureFile(NamedTuple):
    """The file of a structure for agents: the roster's data, the correspondents, the invitation that waits."""

    structure: Structure
    correspondents: list[Account]
    waiting: WaitingInvitation | None


class Without(NamedTuple):
    """Structures without a correspondent, each with its number of people; `after` when there are more."""

    structures: list[tuple[Structure, int]]
    after: str | None


class Invitations(NamedTuple):
    """The outcomes for some structures of an import: those invited, those left and why; `after` when there are more."""

    invited: list[str]
    left: list[tuple[Structure, Left]]
    after: str | None


class Said(NamedTuple):
    """An agent's data on the person to invite; the roster gives the empty members."""

    last_name: str = ""
    first_name: str = ""
    email: str = ""


def look(ports: Ports, call: Call, *, structure_id: str, context: RequestContext) -> StructureFile:
    """The structure's file; its correspondents' histories say that an agent saw it. Raises StructureNotFoundError."""
    file = file_of(ports, structure_id, context=context)
    event = call.event(EventKind.DESK_LISTED, context.now)
    if file.correspondents:
        seen = (ports.accounts.record_event(account.identifier, event) for account in file.correspondents)
        ports.verification.store.commit(*seen)
    return file


def file_of(ports: Ports, structure_id: str, *, context: RequestContext) -> StructureFile:
    """The structure's file as it stands now. Raises StructureNotFoundError."""
    linked = _require_structure(ports, structure_id)
    found = [ports.accounts.get(identifier) for identifier in linked.correspondents]
    waiting = waiting_invitation(linked, now=context.now)
    return StructureFile(linked.structure, [account for account in found if account], waiting)


def without(ports: Ports, *, after: str) -> Without:
    """The next structures without a correspondent, after that one, in the table's own order."""
    found = ports.links.without(after=after, most=MOST_AT_ONCE + 1)
    shown = found[:MOST_AT_ONCE]
    more = shown[-1].structure_id if len(found) > len(shown) else None
    return Without([(one, ports.accounts.count_people(one.structure_id)) for one in shown], more)


def invite(ports: Ports, macs: Macs, call: Call, *, structure_id: str, said: Said, context: RequestContext) -> Outcome:
    """Invite the structure's correspondent, or have the invitation wait for another agent, who then sends it.

    Raises StructureNotFoundError, InvitationIncompleteError, TooManyLinksError.
    """

    def attempt() -> Outcome:
        linked = _require_structure(ports, structure_id)
        invitee = _invitee(linked.structure, said)
        key = mail_key(macs, invitee.email)
        holder = _holder(ports, key)
        if takes_two_agents(linked.structure, invitee, holder):
            asked = ask(linked, invitee, agent=call.agent, reason=call.reason, now=context.now)
            ports.verification.store.commit(ports.links.save(linked, asked))
            return Outcome.WAITING
        events = [call.event(EventKind.DESK_INVITED, context.now)]
        return _take_up(ports, linked, invitee, holder, events, key=key, context=context)

    return retry_when_stale(attempt)


def invite_many(
    ports: Ports, macs: Macs, call: Call, *, import_id: str, after: str, context: RequestContext
) -> Invitations:
    """Invite the correspondents of the import's next fifty structures, where nobody answers yet and no doubt is left.

    An import can bring any mail, so only mails that stood before it are invited. Called again, it goes on where it
    stopped. Raises ImportNotFoundError.
    """
    mails = ports.imported_mails.of(import_id)
    if mails is None:
        raise ImportNotFoundError
    ids = sorted(one for one in mails if one > after)
    some = ids[:MOST_AT_ONCE]
    found = ports.links.structures(some)
    done = Invitations([], [], some[-1] if len(ids) > len(some) else None)
    for one in (one for one in some if one in found and not found[one].correspondents):
        became = _invite_surely(ports, macs, call, one, stood=mails[one], context=context)
        if isinstance(became, Left):
            done.left.append((found[one].structure, became))
        elif became:
            done.invited.append(one)
    return done


def _invite_surely(
    ports: Ports, macs: Macs, call: Call, structure_id: str, *, stood: str, context: RequestContext
) -> Outcome | Left | None:
    """Invite if the mail stood before and the name is certain; else returns why not. None if somebody answers by now.

    No invitation is left to wait for an agent.
    """

    def attempt() -> Outcome | Left | None:
        linked = _require_structure(ports, structure_id)
        mail = roster_mail(linked.structure)
        if linked.correspondents:
            return None
        if not mail or contact_key(mail) != stood:
            return Left.MAIL
        if not split_name(linked.structure.correspondent_name).is_certain:
            return Left.NAME
        invitee, key = _invitee(linked.structure, Said()), mail_key(macs, mail)
        holder = _holder(ports, key)
        if takes_two_agents(linked.structure, invitee, holder):
            return Left.ACCOUNT
        events = [call.event(EventKind.DESK_INVITED, context.now)]
        try:
            return _take_up(ports, linked, invitee, holder, events, key=key, context=context)
        except TooManyLinksError:
            return Left.FULL

    return retry_when_stale(attempt)


def confirm(ports: Ports, macs: Macs, call: Call, *, structure_id: str, context: RequestContext) -> Outcome:
    """Send the invitation that another agent asked for; both acts stand in the correspondent's history.

    Raises StructureNotFoundError, NothingToConfirmError, SecondAgentNeededError, TooManyLinksError.
    """

    def attempt() -> Outcome:
        linked = _require_structure(ports, structure_id)
        asked = confirmed(linked, agent=call.agent, now=context.now)
        invitee = Invitee(asked.last_name, asked.first_name, asked.email, asked.mobile)
        key = mail_key(macs, invitee.email)
        asked_at = asked.until - WAITING_SECONDS
        events = [
            Event(EventKind.DESK_INVITATION_ASKED, asked_at, agent=asked.agent, reason=asked.reason),
            call.event(EventKind.DESK_INVITED, context.now),
        ]
        return _take_up(ports, linked, invitee, _holder(ports, key), events, key=key, context=context)

    return retry_when_stale(attempt)


def unlink(ports: Ports, call: Call, *, identifier: str, structure_id: str, context: RequestContext) -> None:
    """End at once that the correspondent answers for the structure, and tell them; the last one closes the account.

    Raises PersonNotFoundError, NotYourAccountError, StructureNotFoundError, NoSuchLinkError.
    """

    def attempt() -> None:
        account, linked = require(ports, identifier), _require_structure(ports, structure_id)
        before = (account, linked)
        if structure_id not in account.correspondent.structures and identifier not in linked.correspondents:
            raise NoSuchLinkError
        after = without_link(account, linked, now=context.now)
        ports.verification.store.commit(
            *save_link(_link_ports(ports), before, after),
            ports.accounts.record_event(identifier, call.event(EventKind.DESK_UNLINKED, context.now)),
            *link_ended_notices(ports.verification.flows, ports.verification.outbox, account, after, context=context),
        )

    retry_when_stale(attempt)


def _take_up(
    ports: Ports,
    linked: LinkedStructure,
    invitee: Invitee,
    holder: Account | None,
    events: Sequence[Event],
    *,
    key: str,
    context: RequestContext,
) -> Outcome:
    """Write account, link, mail, history and invitation in one transaction."""
    account = invited_account(invitee, holder, key=key, random=context.random, now=context.now)
    before = (holder or account, linked)
    after = with_link(account, replace(linked, waiting=None))
    is_invited = account.status is Status.INVITED
    kind = MessageKind.CORRESPONDENT_INVITED if is_invited else MessageKind.CORRESPONDENT_LINKED
    notice = structure_notice_for(kind, account.identifier, linked.structure_id, context.random, now=context.now)
    ports.verification.store.commit(
        *save_link(_link_ports(ports), before, after),
        *(ports.accounts.record_event(account.identifier, event) for event in events),
        ports.verification.outbox.put(notice),
    )
    return Outcome.INVITED if is_invited else Outcome.LINKED


def _invitee(structure: Structure, said: Said) -> Invitee:
    """The person to invite. Raises InvitationIncompleteError without a mail and both names of roster or agent."""
    split = split_name(structure.correspondent_name)
    last_name, first_name = said.last_name or split.last_name, said.first_name or split.first_name
    email = said.email or roster_mail(structure)
    if not (last_name and first_name and email):
        raise InvitationIncompleteError
    return Invitee(last_name, first_name, email, roster_mobile(structure) if not said.email else "")


def _holder(ports: Ports, key: str) -> Account | None:
    """The open account with that work mail. One that is closed between the two reads has no mail any more."""
    identifier = ports.links.account_of_mail(key)
    account = ports.accounts.get(identifier) if identifier else None
    return account if account and isinstance(account.owner, Correspondent) and account.owner.mail_key == key else None


def _require_structure(ports: Ports, structure_id: str) -> LinkedStructure:
    found = ports.links.structures([structure_id])
    if structure_id not in found:
        raise StructureNotFoundError
    return found[structure_id]


def _link_ports(ports: Ports) -> LinkPorts:
    return LinkPorts(ports.accounts, ports.links)
