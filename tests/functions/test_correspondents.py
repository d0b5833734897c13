"""Correspondents have an account: the same flow, the same answers, another home."""

from dataclasses import replace

import pytest

from activation.adapters.dynamodb import DynamoStore, from_attributes
from activation.domain.accounts import Status
from activation.domain.contacts import Channel
from activation.domain.correspondents import LinkedStructure, WaitingInvitation
from activation.domain.errors import StaleError
from activation.domain.links import save_link, with_link, without_link
from tests.builders import CLAIRE, NOW, PASSWORD, WORK_MAIL, active_correspondent, correspondent, row
from tests.functions.correspondents import (
    CLAIRE_FONTAINE,
    CLAIRE_MAIL,
    claire_at_home,
    invite,
    link_ports,
    stored,
)
from tests.functions.people import ACCOUNT, CONSENT, RESET, SESSION, ask_code, prove, sign_in
from tests.functions.visitor import Visitor
from tests.functions.world import World


def test_a_correspondent_activates_by_the_very_steps_of_everybody_without_consent(world: World) -> None:
    claire_at_home(world)
    account = stored(world)
    assert (account.status, account.proven, account.channel) == (
        Status.ACTIVE,
        {Channel.EMAIL: WORK_MAIL},
        Channel.EMAIL,
    )
    assert account.correspondent.invited_until == ""
    assert account.terms


def test_the_code_comes_to_the_work_mail_however_the_identifier_is_typed(world: World, visitor: Visitor) -> None:
    invite(world)
    typed = replace(CLAIRE_FONTAINE, identifier="c 402 188 66", last_name="FONTAINE")
    assert ask_code(world, visitor, typed).to == CLAIRE_MAIL


def test_every_sign_in_of_a_correspondent_needs_its_code(world: World) -> None:
    claire_at_home(world)
    world.deliver()
    visitor = sign_in(world, CLAIRE_FONTAINE)
    assert visitor.get(SESSION).next_step == "home"


def test_a_correspondent_resets_a_forgotten_password(world: World, visitor: Visitor) -> None:
    claire_at_home(world)
    world.deliver()
    prove(world, visitor, CLAIRE_FONTAINE, RESET)


def test_the_row_of_a_correspondent_is_no_profile_and_no_roster_touches_its_links(world: World) -> None:
    invite(world)
    [found] = [from_attributes(one) for one in world.rows("accounts") if one["identifier"]["S"] == CLAIRE]
    assert found["record"] == "CORRESPONDENT"
    assert "roster" not in found
    linked = link_ports(world).links.structures(["S1"])["S1"]
    assert linked.correspondents == (CLAIRE,)


def test_a_session_of_a_correspondent_is_refused_in_the_same_words_by_every_call_of_a_beneficiary(
    world: World,
) -> None:
    claire = claire_at_home(world)
    refused = [claire.get(ACCOUNT), claire.put(CONSENT, {"consents": True, "text_version": "1"})]
    bodies = [{**answer.body, "correlation_id": ""} for answer in refused]
    assert [answer.status for answer in refused] == [403, 403]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "not-your-account"


def test_a_session_says_which_kind_of_account_it_is_of_and_nothing_else_does(world: World, visitor: Visitor) -> None:
    claire = claire_at_home(world)
    told = claire.get(SESSION).body
    assert (told["role"], told["home"]) == ("correspondent", "/correspondant")
    assert {"role", "home"}.isdisjoint(visitor.get(SESSION).body)
    visitor.post("/api/activation", CLAIRE_FONTAINE.start_body)
    assert {"role", "home"}.isdisjoint(visitor.get(SESSION).body)


def test_a_session_of_a_beneficiary_says_so_too(louis: Visitor) -> None:
    told = louis.get(SESSION).body
    assert (told["role"], told["home"]) == ("beneficiary", "/compte")


def test_rows_are_written_both_or_neither(world: World) -> None:
    invite(world)
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    stale = (stored(world), LinkedStructure(ports.links.structures(["S1"])["S1"].structure, ("C00000001",)))
    with pytest.raises(StaleError):
        store.commit(*save_link(ports, stale, without_link(*stale, now=NOW)))
    assert stored(world).correspondent.structures == ("S1",)
    before = (stored(world), ports.links.structures(["S1"])["S1"])
    store.commit(*save_link(ports, before, without_link(*before, now=NOW)))
    assert (stored(world).status, ports.links.structures(["S1"])["S1"].correspondents) == (Status.CLOSED, ())
    assert ports.links.account_of_mail(CLAIRE) is None


def test_one_work_mail_is_one_account(world: World) -> None:
    invite(world, mail_key="the-mail")
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    assert ports.links.account_of_mail("the-mail") == CLAIRE
    other = replace(correspondent("C00000001", structures=(), mail_key="the-mail"), version=0)
    before = (other, ports.links.structures(["S1"])["S1"])
    with pytest.raises(StaleError):
        store.commit(*save_link(ports, before, with_link(*before)))
    assert ports.accounts.get("C00000001") is None


def test_an_invitation_that_waits_stands_in_the_structures_row_beside_what_the_roster_says(world: World) -> None:
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    before = ports.links.structures(["S1", "S9"])
    assert list(before) == ["S1"]
    waiting = replace(before["S1"], waiting=WaitingInvitation("Fontaine", "Claire", "c@exemple.fr", "claire", NOW))
    store.commit(ports.links.save(before["S1"], waiting))
    assert ports.links.structures(["S1"])["S1"] == waiting
    with pytest.raises(StaleError):
        store.commit(ports.links.save(before["S1"], waiting))
    store.commit(ports.links.save(waiting, before["S1"]))
    assert ports.links.structures(["S1"]) == {"S1": before["S1"]}


def test_all_that_an_account_of_a_correspondent_says_is_stored_and_read_again(world: World) -> None:
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    said = replace(
        active_correspondent(other_name="Marin", structures=("S1", "S2"), mail_key="the-mail"),
        version=0,
        signed_in_at=NOW,
        session_epoch=3,
    )
    store.commit(ports.accounts.save(said))
    assert stored(world) == replace(said, version=1)


def test_no_search_for_people_finds_a_correspondent(world: World) -> None:
    invite(world)
    assert link_ports(world).accounts.search("S1", "fontaine", most=10) == []


def test_an_identifier_of_a_correspondent_is_nobodys_in_a_roster(world: World) -> None:
    invite(world)
    before = stored(world)
    world.import_rows(
        [row(CLAIRE, "Fontaine", "Claire", email="voleur@exemple.fr"), row("10000001", "Garcia", "Louis")]
    )
    assert stored(world) == before


def test_the_password_of_one_kind_of_account_opens_no_other(world: World) -> None:
    claire_at_home(world)
    for typed in (CLAIRE[1:], f"D{CLAIRE[1:]}"):
        answer = Visitor().post(SESSION, {"identifier": typed, "password": PASSWORD})
        assert answer.status in (401, 422)
