"""A flow dies with what it stood on, and nobody is handed a dead one."""

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    CHANNEL,
    CONTACT,
    DAY,
    HOUR,
    LOUIS,
    LOUIS_MAIL,
    NEW_PASSWORD,
    RESET,
    SESSION,
    ask_code,
    both,
    credentials,
    sign_in,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

SESSIONS, EMAIL = "/api/account/sessions", "/api/account/email"


def test_a_reset_begun_before_signing_out_everywhere_ends_there(world: World, louis: Visitor) -> None:
    thief = Visitor()
    code = ask_code(world, thief, LOUIS, RESET).code
    louis.call("DELETE", SESSIONS)
    world.advance(61)
    assert thief.post(f"{RESET}/code").status == 202
    assert world.deliver() == []
    assert thief.post(f"{RESET}/verification", {"code": code}).said == (200, "set_password")
    assert thief.post(f"{RESET}/password", both(NEW_PASSWORD)).said == (401, "flow-expired")


def test_signing_in_again_after_everywhere_opens_a_flow_that_works(world: World, louis: Visitor) -> None:
    other = Visitor()
    other.post(SESSION, credentials(LOUIS))
    world.deliver()
    louis.call("DELETE", SESSIONS)
    assert other.post(SESSION, credentials(LOUIS)).status == 202
    [message] = world.deliver()
    assert other.post(f"{SESSION}/verification", {"code": message.code}).said == (200, "home")


def test_choosing_the_channel_that_is_chosen_already_tells_nobody(world: World, louis: Visitor) -> None:
    before = world.rows("accounts")
    for _ in range(3):
        world.advance(HOUR // 10)
        assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert world.deliver() == []
    assert world.rows("accounts") == before


def change_mail(world: World, visitor: Visitor, address: str) -> None:
    visitor.put(EMAIL, {"email": address, "password": PASSWORD})
    [message] = [message for message in world.deliver() if message.has_code]
    assert visitor.post(f"{CONTACT}/verification", {"code": message.code}).status == 200
    world.deliver()


def test_a_sign_in_begun_before_a_contact_change_does_not_open_by_the_replaced_contact(
    world: World, louis: Visitor
) -> None:
    thief = Visitor()
    assert thief.post(SESSION, credentials(LOUIS)).status == 202
    [message] = world.deliver()
    assert message.to == LOUIS_MAIL
    change_mail(world, louis, "louis@nouveau.fr")
    assert thief.post(f"{SESSION}/verification", {"code": message.code}).said == (401, "flow-expired")
    world.advance(61)
    assert thief.post(f"{SESSION}/code").status == 202
    [again] = world.deliver()
    assert again.to == "louis@nouveau.fr"


def test_who_changed_the_contact_is_shut_out_by_the_owner_s_reset(world: World, louis: Visitor) -> None:
    thief, owner = sign_in(world, LOUIS), Visitor()
    change_mail(world, thief, "voleur@exemple.fr")
    code = ask_code(world, owner, LOUIS, RESET)
    assert code.to == LOUIS_MAIL
    owner.post(f"{RESET}/verification", {"code": code.code})
    assert owner.post(f"{RESET}/password", both(NEW_PASSWORD)).status == 200
    told = [message.to for message in world.deliver()]
    assert sorted(told) == [LOUIS_MAIL, "voleur@exemple.fr", "voleur@exemple.fr"]
    assert thief.get(ACCOUNT).status == louis.get(ACCOUNT).status == 401
    back = sign_in(world, LOUIS, NEW_PASSWORD)
    assert back.get(ACCOUNT).body["person"]["email"] == LOUIS_MAIL
    world.advance(4 * DAY)
    assert ask_code(world, Visitor(), LOUIS, RESET).to == LOUIS_MAIL


def test_former_contacts_leave_the_export_when_their_72_hours_are_over(world: World, louis: Visitor) -> None:
    change_mail(world, louis, "louis@nouveau.fr")
    assert len(louis.get(f"{ACCOUNT}/export").body["former_contacts"]) == 1
    world.advance(3 * DAY)
    assert sign_in(world, LOUIS).get(f"{ACCOUNT}/export").body["former_contacts"] == []
    profile = world.row("accounts", identifier=LOUIS.identifier, record="PROFILE")
    assert profile["former"] == {"L": []}


def test_choosing_a_channel_after_home_leaves_the_verification_of_a_new_contact_alone(louis: Visitor) -> None:
    louis.put(EMAIL, {"email": "louis@nouveau.fr", "password": PASSWORD})
    assert louis.put(CHANNEL, {"channel": "email"}).said == (200, "home")
    assert "contact_change" in louis.get(SESSION).body


def test_the_same_address_in_capitals_is_the_same(louis: Visitor) -> None:
    refused = louis.put(EMAIL, {"email": LOUIS_MAIL.upper(), "password": PASSWORD})
    assert refused.faults == {("#/email", "unchanged")}
