"""Two importers, an unlinking and an undoing at once: each row is written whole by one of them, on the real engine."""

import itertools
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from activation.adapters.accounts import DynamoAccounts, DynamoStructures
from activation.adapters.counters import DynamoCounters
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.flows import DynamoFlows
from activation.adapters.links import DynamoLinks
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.rosters import DynamoRosters
from activation.adapters.tables import ACCOUNTS, FLOWS, LIMITS, OUTBOX, STRUCTURES
from activation.domain.employment import Structure
from activation.domain.limits import Limits
from activation.domain.links import LinkPorts, save_link, with_link, without_link
from activation.domain.roster.comparison import ChangeKind, RosterChange, compare
from activation.domain.upload_keys import Rights
from activation.domain.verification import RequestContext
from activation.imports.declaration import Declaration, LeftOut, Ports, declare, take_back
from activation.imports.scopes import LinkedScopes
from local.engine import Engine
from tests.builders import CLAIRE, active_correspondent, entry, invited
from tests.races.test_races import at_once
from tests.tables import create

ENGINE_ACCOUNTS = itertools.count(210_000_000_000)
NOW = int(time.time())
COLLEAGUE = "C00000002"
PEOPLE = [f"1000{number:04}" for number in range(40)]


@dataclass(frozen=True)
class Tables:
    """The ports over tables that no other test has."""

    ports: Ports
    links: LinkPorts

    def link(self, identifier: str) -> None:
        self._change(identifier, with_link)

    def unlink(self, identifier: str) -> None:
        self._change(identifier, partial(without_link, now=NOW))

    def _change(self, identifier: str, change: Callable[..., Any]) -> None:
        account = self.links.accounts.get(identifier)
        assert account
        before = (account, self.links.links.structures(["S1"])["S1"])
        self.ports.store.commit(*save_link(self.links, before, change(*before)))


@pytest.fixture
def tables(ministack: Engine, monkeypatch: pytest.MonkeyPatch) -> Tables:
    """S1 with its people; Claire Fontaine and a colleague answer for it."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "AccountActivation")
    client = ministack.client("dynamodb", account=str(next(ENGINE_ACCOUNTS)))
    create(client, ACCOUNTS, STRUCTURES, LIMITS, OUTBOX, FLOWS)
    accounts, structures = Table(client, ACCOUNTS.name), Table(client, STRUCTURES.name)
    profiles, links = DynamoAccounts(accounts), DynamoLinks(accounts, structures)
    store = DynamoStore(client)
    DynamoStructures(structures).save(Structure("S1", "Mairie"))
    for identifier in (CLAIRE, COLLEAGUE):
        store.commit(profiles.save(replace(active_correspondent(identifier, structures=(), mail_key=""), version=0)))
    for identifier in PEOPLE:
        store.commit(profiles.save(replace(invited(identifier), version=0)))
    ports = Ports(
        store,
        DynamoRosters(accounts, structures),
        DynamoFlows(Table(client, FLOWS.name)),
        DynamoOutbox(Table(client, OUTBOX.name)),
        profiles,
        DynamoCounters(Table(client, LIMITS.name), Limits()),
        LinkedScopes(profiles, links),
    )
    made = Tables(ports, LinkPorts(profiles, links))
    made.link(CLAIRE)
    made.link(COLLEAGUE)
    return made


def changes(tables: Tables, mail: str) -> list[RosterChange]:
    stored = tables.ports.rosters.stored_people(PEOPLE, journals=True)
    return [compare(name, entry(email=f"{mail}{name}@exemple.fr"), stored[name], today="2026-11-24") for name in PEOPLE]


def declaration(sender: str, number: int) -> Declaration:
    import_id = f"{sender}-20261124T093200Z-{number:012x}"
    return Declaration(Rights(sender), import_id, RequestContext(NOW, secrets.token_bytes, Limits()))


def mails(tables: Tables) -> Counter[str]:
    people = tables.ports.rosters.stored_people(PEOPLE)
    return Counter(person.roster.email.partition("1")[0] for person in people.values())


def test_of_two_importers_at_once_each_row_is_one_s_and_both_are_in_its_history(tables: Tables) -> None:
    senders = ((CLAIRE, "un"), (COLLEAGUE, "deux"))
    calls = [
        partial(declare, tables.ports, changes(tables, mail), declaration(sender, number))
        for number, (sender, mail) in enumerate(senders)
    ]
    for counts in at_once(calls):
        assert counts == {ChangeKind.UPDATED: len(PEOPLE)}
    assert sum(mails(tables).values()) == len(PEOPLE)
    assert set(mails(tables)) <= {"un", "deux"}
    stored = tables.ports.rosters.stored_people(PEOPLE, journals=True)
    for person in stored.values():
        assert person.version == 3
        assert person.journal
        sender = CLAIRE if person.roster.email.startswith("un") else COLLEAGUE
        assert person.journal.import_id.startswith(sender)
        waiting = {one.contact.value for one in person.quarantine}
        assert person.roster.email in waiting


def test_whoever_is_unlinked_while_their_file_is_applied_changes_nobody_after(tables: Tables) -> None:
    planned = changes(tables, "un")
    apply = partial(declare, tables.ports, planned, declaration(CLAIRE, 1))
    calls: list[Callable[[], Any]] = [apply, partial(tables.unlink, CLAIRE)]
    counts, _ = at_once(calls)
    assert counts[ChangeKind.UPDATED] + counts[LeftOut.OUTSIDE] == len(PEOPLE)
    assert mails(tables)["un"] == counts[ChangeKind.UPDATED]
    again = declare(tables.ports, changes(tables, "deux"), declaration(CLAIRE, 2))
    assert again == {LeftOut.OUTSIDE: len(PEOPLE)}
    assert mails(tables)["deux"] == 0


def test_an_undoing_beside_another_import_puts_back_only_what_is_its_own_still(tables: Tables) -> None:
    own = changes(tables, "un")
    declare(tables.ports, own, declaration(CLAIRE, 1))
    undo = partial(take_back, tables.ports, own, declaration(CLAIRE, 1))
    apply = partial(declare, tables.ports, changes(tables, "deux"), declaration(COLLEAGUE, 2))
    calls: list[Callable[[], Any]] = [undo, apply]
    undone, counts = at_once(calls)
    assert counts == {ChangeKind.UPDATED: len(PEOPLE)}
    assert mails(tables) == {"deux": len(PEOPLE)}
    assert len(undone) == len(PEOPLE)
