"""From step 1 to home, as a person goes."""

from tests.builders import PASSWORD
from tests.functions.world import Visitor, World


def activate(world: World, visitor: Visitor, identifier: str, last_name: str) -> None:
    started = visitor.post("/api/activation", {"identifier": identifier, "last_name": last_name})
    assert (started.status, started.next_step) == (202, "verify_code"), started
    [message] = world.deliver()
    verified = visitor.post("/api/activation/verification", {"code": message.code})
    assert (verified.status, verified.next_step) == (200, "set_password"), verified
    entered = visitor.post("/api/activation/password", {"password": PASSWORD, "confirmation": PASSWORD})
    assert (entered.status, entered.next_step) == (200, "give_consent"), entered


def test_a_person_with_a_mail_activates_their_account(world: World) -> None:
    visitor = Visitor()
    activate(world, visitor, "10000001", "garcia")
    [confirmation] = world.deliver()
    assert (confirmation.channel, confirmation.to) == ("email", "louis.garcia@mondomaine.com")
    consented = visitor.put("/api/account/consent", {"consents": True, "text_version": "1"})
    assert consented.next_step == "choose_channel", consented
    chosen = visitor.put("/api/account/code-channel", {"channel": "email"})
    assert chosen.next_step == "accept_terms", chosen
    agreed = visitor.put("/api/account/terms", {"version": "1"})
    assert agreed.next_step == "home", agreed
    home = visitor.get("/api/account")
    assert home.status == 200, home
    assert len(home.body["menu"]) == 11
