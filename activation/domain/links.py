"""Links between correspondents and structures: both rows name each other, written in one transaction."""

from dataclasses import dataclass, replace

from activation.domain.accounts import Account, Status, close
from activation.domain.correspondents import MOST_CORRESPONDENTS, MOST_STRUCTURES, LinkedStructure
from activation.domain.errors import TooManyLinksError
from activation.domain.ports import Accounts, Links, Write


@dataclass(frozen=True, slots=True)
class LinkPorts:
    """The ports that a link is written with."""

    accounts: Accounts
    links: Links


def with_link(account: Account, structure: LinkedStructure) -> tuple[Account, LinkedStructure]:
    """Both as they name each other; as they were where they do already.

    Raises TooManyLinksError when the structure has 10 correspondents, or the correspondent 200 structures.
    """
    owner, identifier, structure_id = account.correspondent, account.identifier, structure.structure_id
    correspondents = (*(one for one in structure.correspondents if one != identifier), identifier)
    structures = (*(one for one in owner.structures if one != structure_id), structure_id)
    if len(correspondents) > MOST_CORRESPONDENTS or len(structures) > MOST_STRUCTURES:
        raise TooManyLinksError
    linked = replace(account, owner=replace(owner, structures=structures))
    return linked, replace(structure, correspondents=correspondents)


def without_link(account: Account, structure: LinkedStructure, *, now: int) -> tuple[Account, LinkedStructure]:
    """Both once the account's owner answers for that structure no more; with the last one the account is closed."""
    owner = account.correspondent
    left = tuple(one for one in owner.structures if one != structure.structure_id)
    unlinked = replace(account, owner=replace(owner, structures=left))
    others = tuple(one for one in structure.correspondents if one != account.identifier)
    is_last = not left and account.status is not Status.CLOSED
    return close(unlinked, now=now) if is_last else unlinked, replace(structure, correspondents=others)


def save_link(
    ports: LinkPorts, before: tuple[Account, LinkedStructure], after: tuple[Account, LinkedStructure]
) -> list[Write]:
    """The writes of a link that is made or ended, and of the work mail's row: it lives as long as the account is open.

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
