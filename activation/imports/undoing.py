"""Undoes a batch: puts back what it replaced, except for people who were active since."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from activation.domain.accounts import Status
from activation.domain.correspondents import answers_for
from activation.domain.errors import StaleError, TooManyLinksError
from activation.domain.events import Event, EventKind
from activation.domain.links import save_link, with_link
from activation.domain.roster.comparison import RosterChange, StoredPerson
from activation.domain.roster.ports import READ_AT_ONCE, Rosters
from activation.domain.roster.undo import Undoing, undoing_of
from activation.domain.verification import retry_when_stale
from activation.imports.application import WRITERS, Ports
from activation.imports.batches import Batch

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Undone:
    """The result of an undone batch; `left_alone` has, by identifier, why a person was left as they are."""

    restored: int
    left_alone: dict[str, Undoing] = field(default_factory=dict)


def undo_batch(ports: Ports, batch: Batch, *, import_id: str, now: int) -> Undone:
    """Put back what stood before each change. A structure that the import created stays: people may refer to it.

    Correspondents whose link the import ended answer for the structure again, unless their account is closed or a limit
    of links is reached by now. Raises StaleError for a row that somebody else changed before each try.
    """
    rosters = ports.rosters
    _undo_structures(ports, batch, import_id, now)
    outcomes = dict(_undo_people(rosters, batch.people, import_id, now))
    left = {identifier: outcome for identifier, outcome in outcomes.items() if outcome.leaves_alone}
    return Undone(len(outcomes) - len(left), left)


def _undo_people(
    rosters: Rosters, people: list[RosterChange], import_id: str, now: int
) -> Iterator[tuple[str, Undoing]]:
    with ThreadPoolExecutor(WRITERS) as pool:
        for start in range(0, len(people), READ_AT_ONCE):
            some = people[start : start + READ_AT_ONCE]
            stored = rosters.stored_people([change.identifier for change in some], journals=True)
            undo = partial(_undo, rosters, stored, import_id=import_id, now=now)
            yield from pool.map(undo, some)


def _undo(
    rosters: Rosters, stored: dict[str, StoredPerson], change: RosterChange, *, import_id: str, now: int
) -> tuple[str, Undoing]:
    account = stored.get(change.identifier)
    for _ in range(_TRIES):
        outcome = undoing_of(change, account, import_id=import_id, now=now)
        if outcome is not Undoing.RESTORE or account is None:
            return change.identifier, outcome
        try:
            rosters.carry_out(rosters.undo(change.identifier, account))
        except StaleError:
            account = rosters.stored_people([change.identifier], journals=True).get(change.identifier)
        else:
            return change.identifier, outcome
    raise StaleError


def _undo_structures(ports: Ports, batch: Batch, import_id: str, now: int) -> None:
    changes = {change.structure.structure_id: change for change in batch.structures}
    ids = list(changes)
    for start in range(0, len(ids), READ_AT_ONCE):
        for name, stored in ports.rosters.stored_structures(ids[start : start + READ_AT_ONCE]).items():
            if stored.import_id == import_id:
                for identifier in changes[name].replaced:
                    retry_when_stale(partial(_restore_link, ports, identifier, name, now))
                ports.rosters.carry_out(ports.rosters.undo_structure(stored))


def _restore_link(ports: Ports, identifier: str, structure_id: str, now: int) -> None:
    account, structure = ports.accounts.get(identifier), ports.links.structures([structure_id])[structure_id]
    if account is None or account.status is Status.CLOSED or answers_for(account, structure):
        return
    try:
        after = with_link(account, structure)
    except TooManyLinksError:
        return
    ports.store.commit(
        *save_link(ports.of_links, (account, structure), after),
        ports.accounts.record_event(identifier, Event(EventKind.LINK_RESTORED, now)),
    )
