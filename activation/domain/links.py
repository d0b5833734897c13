"""Links between correspondents and structures: both rows name each other, written in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from activation.domain.accounts import Account, Status, close
from activation.domain.correspondents import MOST_CORRESPONDENTS, MOST_STRUCTURES, Correspondent, LinkedStructure
from activation.domain.errors import TooManyLinksError
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind, structure_notice_for
from activation.domain.ports import Accounts, Flows, Links, Outbox, Store, Write
from activation.domain.removed_contacts import notify_removed_contacts
from activation.domain.times import day_of_rights
from activation.domain.verification import RequestContext

LINKS_AT_ONCE = 50
"""How many links one transaction ends: DynamoDB takes a hundred rows, and a closing has others to write."""


class LinkPorts(NamedTuple):
    """The ports that a link is written with."""

    accounts: Accounts
    links: Links


def with_link(account: Account, structure: LinkedStructure) -> tuple[Account, LinkedStructure]:
    """The account and the structure, each naming the other; an active account has no last day any more.

    Raises TooManyLinksError when the structure has 10 correspondents, or the correspondent 200 structures.
    """
    owner, identifier, structure_id = account.correspondent, account.identifier, structure.structure_id
    correspondents = (*(one for one in structure.correspondents if one != identifier), identifier)
    structures = (*(one for one in owner.structures if one != structure_id), structure_id)
    if len(correspondents) > MOST_CORRESPONDENTS or len(structures) > MOST_STRUCTURES:
        raise TooManyLinksError
    linked = replace(owner, structures=structures)
    if account.status is Status.ACTIVE:
        linked = linked.once_active()
    return replace(account, owner=linked), replace(structure, correspondents=correspondents)


def without_link(account: Account, structure: LinkedStructure, *, now: int) -> tuple[Account, LinkedStructure]:
    """The account and the structure after their link has ended; the account is closed if it has no other link."""
    owner = account.correspondent
    left = tuple(one for one in owner.structures if one != structure.structure_id)
    unlinked = replace(account, owner=replace(owner, structures=left))
    is_last = not left and account.status is not Status.CLOSED
    return close(unlinked, now=now) if is_last else unlinked, _without(structure, account.identifier)


def save_link(
    ports: LinkPorts, before: tuple[Account, LinkedStructure], after: tuple[Account, LinkedStructure]
) -> list[Write]:
    """The writes of a link that is made or ended, and of the work mail's row, which stands while the account is open.

    Refused: StaleError when either row has changed, or the mail is another account's by now.
    """
    account, structure = after
    had, has = before[0].correspondent.mail_key if before[0].version else "", account.correspondent.mail_key
    return [
        ports.accounts.save(account),
        ports.links.save(before[1], structure),
        *([ports.links.claim_mail(has, account.identifier)] if has and not had else []),
        *([ports.links.release_mail(had, account.identifier)] if had and not has else []),
    ]


def link_ended_notices(
    flows: Flows, outbox: Outbox, before: Account, after: tuple[Account, LinkedStructure], *, context: RequestContext
) -> list[Write]:
    """The notice that a link has ended; if that closed the account, the notice goes to every contact that it had."""
    account, structure = after
    kind, structure_id = MessageKind.CORRESPONDENT_UNLINKED, structure.structure_id
    if account.status is before.status:
        notice = structure_notice_for(kind, account.identifier, structure_id, context.random, now=context.now)
        return [outbox.put(notice)]
    contacts = before.proven.values() or before.owner.declared_contacts()
    return notify_removed_contacts(
        flows, outbox, kind, account.identifier, contacts, context=context, structure_id=structure_id
    )


def end_links(store: Store, ports: LinkPorts, account: Account) -> tuple[Account, list[Write]]:
    """End the links of an account that is about to be closed. A beneficiary's account has none.

    All but the last fifty are ended at once. Returns the account as it then stands, and the writes that end the others
    and release its work mail, for the transaction that closes it. Refused: StaleError.
    """
    if not isinstance(account.owner, Correspondent):
        return account, []
    owner = account.owner
    while len(owner.structures) > LINKS_AT_ONCE:
        some, owner = owner.structures[:LINKS_AT_ONCE], replace(owner, structures=owner.structures[LINKS_AT_ONCE:])
        account = replace(account, owner=owner)
        store.commit(ports.accounts.save(account), *_rows_without(ports.links, account.identifier, some))
        account = replace(account, version=account.version + 1)
    mail = [ports.links.release_mail(owner.mail_key, account.identifier)] if owner.mail_key else []
    return account, [*_rows_without(ports.links, account.identifier, owner.structures), *mail]


def _rows_without(links: Links, identifier: str, structure_ids: Sequence[str]) -> list[Write]:
    found = links.structures(structure_ids).values()
    return [links.save(one, _without(one, identifier)) for one in found if identifier in one.correspondents]


def _without(structure: LinkedStructure, identifier: str) -> LinkedStructure:
    return replace(structure, correspondents=tuple(one for one in structure.correspondents if one != identifier))


def with_link_suspended(account: Account, structure: LinkedStructure, *, now: int) -> tuple[Account, LinkedStructure]:
    """The account and the structure after a roster has brought another correspondent's mail: their link has ended.

    If it was the last link, the account is not closed at once, as the roster can be undone for a day: it gives access
    to nothing, and the cleanup closes it when that day is over.
    """
    owner = account.correspondent
    left = tuple(one for one in owner.structures if one != structure.structure_id)
    is_last = not left and account.status is Status.ACTIVE
    until = day_of_rights(now + 2 * DAY_SECONDS) if is_last else owner.invited_until
    suspended = replace(account, owner=replace(owner, structures=left, invited_until=until))
    return suspended, _without(structure, account.identifier)
