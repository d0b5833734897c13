"""What a function may do is what it does, which the whole run is compared for; and how often it asks."""

import pytest
from argon2 import PasswordHasher

from activation.domain.people_search import PAGE_PEOPLE
from bench.trips import Recorder, Trip, chain, transactions, trips_of, units
from infra.traffic import BUDGETS, STEPS, WRITTEN, Budget
from tests.builders import PASSWORD, ROSTER
from tests.functions.calls import RECORDED, Call
from tests.functions.correspondents import claire_at_home
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


def test_coming_home_changing_the_password_and_proving_a_new_contact_are_activity(world: World, louis: Visitor) -> None:
    world.advance(A_WHILE)
    assert louis.get("/api/account").status == 200
    louis.put("/api/account/email", {"email": "louis@exemple.fr", "password": PASSWORD})
    [message] = [message for message in world.deliver() if message.has_code]
    world.advance(A_WHILE)
    assert louis.post("/api/account/contact/verification", {"code": message.code}).status == 200
    world.advance(A_WHILE)
    assert louis.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)}).status == 200
    assert {
        Call(function, "dynamodb:UpdateItem", "sessions") for function in ("account", "verify_code", "set_password")
    } <= RECORDED


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


def test_each_step_asks_of_aws_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = trips_of(world, monkeypatch)
    assert {name: Budget(len(trips), chain(trips), transactions(trips)) for name, trips in made.items()} == BUDGETS
    activation = [trip for steps in STEPS.values() for step, times in steps.items() for trip in made[step] * times]
    assert units(activation)[0] == WRITTEN


def test_a_page_of_the_follow_up_asks_the_same_whoever_consents(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three calls, and one for each person: nobody here consents. Whoever is shown costs one more, a transaction."""
    claire = claire_at_home(world)
    many = [{**ROSTER[0], "identifier": f"7{number:07}", "email": "", "mobile": ""} for number in range(PAGE_PEOPLE)]
    world.import_rows([*ROSTER, *many])
    recorder = Recorder(monkeypatch)
    assert claire.post("/api/correspondent/requests/search", {"structure": "S1"}).body.keys() == {"people", "after"}
    assert (len(recorder.trips), transactions(recorder.trips)) == (3 + PAGE_PEOPLE, 0)


def test_calls_that_overlap_count_once() -> None:
    first, beside, after = Trip("a", 0, 2), Trip("b", 1, 3), Trip("c", 3, 4)
    assert chain([first, beside]) == 1
    assert chain([first, beside, after]) == 2
