"""A correspondent, invited, and what they do on the site."""

from dataclasses import replace
from typing import Any

from activation.adapters.accounts import DynamoAccounts
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.links import DynamoLinks
from activation.bootstrap import pepper_macs
from activation.domain.accounts import Account, activate
from activation.domain.contacts import Channel
from activation.domain.credentials import pepper, protect
from activation.domain.links import LinkPorts, save_link, with_link
from activation.domain.terms import TermsAcceptance
from tests.builders import CLAIRE, PASSWORD, ROSTER, WORK_MAIL, correspondent, row
from tests.functions.paths import ACTIVATION, CHANNEL, TERMS
from tests.functions.people import Person, both, prove, remembered
from tests.functions.visitor import Visitor
from tests.functions.world import World

CLAIRE_FONTAINE = Person(CLAIRE, "Fontaine")
ELSEWHERE = row(
    "30000001", "Durand", "Zoé", structure_id="S2", structure_name="Ville d'ailleurs", email="zoe@exemple.fr"
)
"""Somebody of a structure that Claire does not answer for."""


def link_ports(world: World) -> LinkPorts:
    client = world.deployment.dynamodb
    accounts, structures = Table(client, "accounts"), Table(client, "structures")
    return LinkPorts(DynamoAccounts(accounts), DynamoLinks(accounts, structures))


def invite(world: World, *structures: str, identifier: str = CLAIRE, **more: Any) -> Account:
    """Write a correspondent who answers for these structures, S1 unless told, as an invitation writes them."""
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    account = replace(correspondent(identifier, **{"structures": (), "mail_key": identifier, **more}), version=0)
    for structure_id in structures or ("S1",):
        before = (account, ports.links.structures([structure_id])[structure_id])
        store.commit(*save_link(ports, before, with_link(*before)))
        account = stored(world, identifier)
    return account


def activate_at_once(world: World, account: Account) -> None:
    """Write the account as it stands once everything is decided, with everybody's password."""
    record = protect(pepper_macs(), pepper(pepper_macs(), identifier=account.identifier, password=PASSWORD))
    active = activate(account, contact=WORK_MAIL, password=record, now=world.now)
    home = replace(active, channel=Channel.EMAIL, terms=TermsAcceptance("1", world.now))
    ports = link_ports(world)
    DynamoStore(world.deployment.dynamodb).commit(ports.accounts.save(home))


def stored(world: World, identifier: str = CLAIRE) -> Account:
    account = link_ports(world).accounts.get(identifier)
    assert account
    return account


def claire_at_home(world: World) -> Visitor:
    invite(world)
    return at_home_as_correspondent(world, CLAIRE_FONTAINE)


def at_home_as_correspondent(world: World, person: Person) -> Visitor:
    """An invited correspondent with nothing left to decide; what waited in the outbox has been sent."""
    world.deliver()
    visitor = Visitor()
    prove(world, visitor, person)
    assert visitor.post(f"{ACTIVATION}/password", both(PASSWORD)).said == (200, "choose_channel")
    assert visitor.put(CHANNEL, {"channel": "email"}).said == (200, "accept_terms")
    assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")
    return visitor


def claire_and_others(world: World) -> Visitor:
    """Claire at home, who answers for S1; there are people in S2 besides. First thing in a test."""

    def go(visitor: Visitor) -> None:
        world.import_rows([*ROSTER, ELSEWHERE])
        visitor.cookies.update(claire_at_home(world).cookies)

    return remembered(world, "claire and others", go)


def link(world: World, structure_id: str) -> None:
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    before = (stored(world), ports.links.structures([structure_id])[structure_id])
    store.commit(*save_link(ports, before, with_link(*before)))
