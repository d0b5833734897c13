"""Correspondents have an account: the same flow, the same answers, another home."""

from dataclasses import replace

import pytest

from activation.adapters.dynamodb import DynamoStore, from_attributes
from activation.domain.accounts import Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.errors import StaleError
from activation.domain.links import save_link, with_link, without_link
from tests.builders import CLAIRE, NOW, ROSTER, active_correspondent, correspondent, row
from tests.functions.correspondents import CLAIRE_FONTAINE, CLAIRE_MAIL, claire_at_home, invite, link_ports, stored
from tests.functions.desk import CLAIRE as CLAIRE_AT_THE_DESK
from tests.functions.desk import KARIM
from tests.functions.paths import ACCOUNT, CONSENT, SESSION
from tests.functions.people import Person, ask_code, prove
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import World


def test_the_row_of_a_correspondent_is_no_profile_and_no_roster_touches_its_links(world: World) -> None:
    invite(world)
    [found] = [from_attributes(one) for one in world.rows("accounts") if one["identifier"]["S"] == CLAIRE]
    assert found["record"] == "CORRESPONDENT"
    assert "roster" not in found
    linked = link_ports(world).links.structures(["S1"])["S1"]
    assert linked.correspondents == (CLAIRE,)
    assert link_ports(world).accounts.search("S1", "fontaine", most=10) == []


def test_a_session_of_a_correspondent_is_refused_in_the_same_words_by_every_call_of_a_beneficiary(world: World) -> None:
    claire = claire_at_home(world)
    refused = [claire.get(ACCOUNT), claire.put(CONSENT, {"consents": True, "text_version": "1"})]
    bodies = [{**answer.body, "correlation_id": ""} for answer in refused]
    assert [answer.status for answer in refused] == [403, 403]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "not-your-account"


def test_a_session_says_which_kind_of_account_it_is_of(world: World, louis: Visitor) -> None:
    told = [visitor.get(SESSION).body for visitor in (louis, claire_at_home(world))]
    homes = [("beneficiary", "/compte"), ("correspondent", "/correspondant")]
    assert [(body["role"], body["home"]) for body in told] == homes


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


def test_all_that_an_account_of_a_correspondent_says_is_stored_and_read_again(world: World) -> None:
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    claire = active_correspondent(other_name="Marin", structures=("S1", "S2"), mail_key="the-mail")
    said = replace(claire, version=0, signed_in_at=NOW, session_epoch=3)
    store.commit(ports.accounts.save(said))
    assert stored(world) == replace(said, version=1)


def test_an_identifier_of_a_correspondent_is_nobodys_in_a_roster(world: World) -> None:
    invite(world)
    before = stored(world)
    world.import_rows([row(CLAIRE, "Fontaine", "Claire", email="voleur@exemple.fr"), *ROSTER])
    assert stored(world) == before


def test_two_agents_invite_at_another_mail_which_brings_what_activates(world: World, visitor: Visitor) -> None:
    seen = CLAIRE_AT_THE_DESK.ask("structure", structure_id="S1")
    names = {"name": "Claire Fontaine", "last_name": "Fontaine", "first_name": "Claire"}
    assert seen.body["roster"] == {"email": "correspondant@mondomaine.com", "phone": "01 23 45 67 89", **names}
    told = CLAIRE_AT_THE_DESK.ask("invitation", structure_id="S1", email="autre@exemple.fr").body
    assert (told["outcome"], told["correspondents"], world.deliver()) == ("waiting", [], [])
    assert told["waiting"]["email"] == "autre@exemple.fr"
    told = KARIM.ask("invitation/confirmation", structure_id="S1").body
    assert told["outcome"] == "invited"
    [account], [message] = told["correspondents"], world.deliver()
    assert (message.to, account["identifier"] in message.text) == ("autre@exemple.fr", True)
    prove(world, visitor, Person(account["identifier"], "fontaine"))


def test_the_desk_ends_a_link_and_the_open_session_of_a_former_correspondent_is_refused(world: World) -> None:
    claire = claire_at_home(world)
    told = KARIM.ask("unlinking", CLAIRE, structure_id="S1")
    assert (told.status, told.body["correspondents"]) == (200, [])
    assert claire.get("/api/account/export").status == 401
    assert [message.to for message in world.deliver()][-1] == CLAIRE_MAIL
    kept = str(world.rows("accounts"))
    assert [said for said in (CLAIRE_MAIL, "MAIL#") if said in kept] == []


def test_the_desk_lists_structures_for_which_nobody_answers_with_their_people(world: World) -> None:
    told = KARIM.ask("structure/without")
    assert told.body["structures"] == [{"structure_id": "S1", "name": "Mairie de Mondomaine", "people": 5}]
    assert KARIM.ask("structure/without", after="S1").body == {"structures": []}
    invite(world)
    assert KARIM.ask("structure/without").body == {"structures": []}


def test_the_desk_s_other_acts_are_for_both_kinds_of_account(world: World, visitor: Visitor) -> None:
    invite(world)
    assert KARIM.ask("person", CLAIRE).body["structures"] == ["S1"]
    ask_code(world, visitor, CLAIRE_FONTAINE)
    world.advance(60)
    assert [KARIM.ask(path, CLAIRE).status for path in ("code", "counters")] == [200, 200]
    assert [message.to for message in world.deliver()] == [CLAIRE_MAIL]
    assert KARIM.ask("contact/check", CLAIRE, email=CLAIRE_MAIL).body == {"matches": True}


def test_the_correspondents_of_an_import_are_invited_where_the_mail_stood_before_it(world: World) -> None:
    said = {"correspondent_name": "Rose PETIT", "correspondent_email": "rose@exemple.fr"}
    first = world.import_rows([row("10000001", "Garcia", "Louis", **said)])
    again = world.import_rows([row("10000001", "Garcia", "Louis", **{**said, "correspondent_phone": "0123456780"})])
    told = KARIM.ask("invitations", import_id=first["import_id"])
    assert (told.body["invited"], [one["why"] for one in told.body["left"]]) == ([], ["mail"])
    assert KARIM.ask("invitations", import_id=again["import_id"]).body == {"invited": ["S1"], "left": []}
    assert "rose@exemple.fr" in [message.to for message in world.deliver()]


REFUSED = {"NoSuchKey": "import-not-found", "AccessDenied": "import-not-found", "InternalError": "unavailable"}


@pytest.mark.parametrize(("refused", "code"), REFUSED.items())
def test_an_import_that_s3_refuses_is_none_but_a_fault_is_told(world: World, refused: str, code: str) -> None:
    world.wire.fail("GetObject", aws_error(refused, 403))
    assert KARIM.ask("invitations", import_id="20200101T000000Z-0123456789ab").code == code
