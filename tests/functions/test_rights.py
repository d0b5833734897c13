"""What a function may do is what it does: the whole run of these tests is compared with the template at its end.

Here: that the comparison can fail, and the calls that only happen after a while.
"""

import pytest
from argon2 import PasswordHasher

from tests.builders import PASSWORD
from tests.functions.calls import RECORDED, Call
from tests.functions.paths import OWN_PASSWORD, SESSION
from tests.functions.people import LOUIS, NEW_PASSWORD, activate, both, credentials, settle
from tests.functions.rights import differences
from tests.functions.visitor import Visitor
from tests.functions.world import World

A_WHILE = 400
"""Seconds after which a call is noted as the session's latest: more than a tenth of its idle time."""


def test_a_call_without_a_right_is_missing_and_a_right_without_a_call_is_spare() -> None:
    done = {Call("account", "dynamodb:GetItem", "accounts"), Call("account", "dynamodb:Scan", "accounts")}
    allowed = {Call("account", "dynamodb:GetItem", "accounts"), Call("account", "dynamodb:PutItem", "accounts")}
    assert differences(done, allowed) == [
        "missing: account dynamodb:Scan accounts",
        "spare: account dynamodb:PutItem accounts",
    ]
    assert differences(done, done) == []


def test_changing_the_password_is_activity(world: World, louis: Visitor) -> None:
    world.advance(A_WHILE)
    assert louis.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)}).status == 200
    assert Call("set_password", "dynamodb:UpdateItem", "sessions") in RECORDED


def test_proving_a_new_contact_is_activity(world: World, louis: Visitor) -> None:
    louis.put("/api/account/email", {"email": "louis@exemple.fr", "password": PASSWORD})
    [message] = [message for message in world.deliver() if message.has_code]
    world.advance(A_WHILE)
    assert louis.post("/api/account/contact/verification", {"code": message.code}).status == 200
    assert Call("verify_code", "dynamodb:UpdateItem", "sessions") in RECORDED


def test_an_older_hash_is_renewed_at_sign_in(world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(
            "activation.domain.credentials.hasher", lambda: PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
        )
        activate(world, visitor, LOUIS)
        settle(visitor)
    before = world.profile()["password"]
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (202, "verify_code")
    after = world.profile()["password"]
    assert before != after
    assert Call("sign_in", "dynamodb:PutItem", "accounts") in RECORDED
