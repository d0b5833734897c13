"""Step 1 asks nothing and tells nothing; how often it may be asked."""

import re
from collections.abc import Callable, Mapping

import pytest

from tests.functions.people import (
    ACTIVATION,
    DAY,
    HOUR,
    INES,
    LOUIS,
    RESET,
    ROSE,
    SESSION,
    STRANGER,
    YANN,
    Person,
    credentials,
    flow_id,
    prove,
)
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r"\.[A-Za-z0-9_-]{43};")


def seen(answer: Answer) -> tuple[int, str, str]:
    """All that a stranger sees, less what differs between any two calls."""
    return answer.status, TOKEN.sub("<token>", UUID.sub("<uuid>", str(answer.headers))), UUID.sub("<id>", answer.text)


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
def test_everybody_gets_the_same_answer(world: World, louis: Visitor, path: str) -> None:
    nobody = [
        STRANGER,
        YANN,
        Person("10000001", "Garci"),
        Person("10000001", "Louis"),
        Person("10000004", "Almeida"),
        Person("10000001", "!?"),
        Person("1", "x"),
    ]
    model = seen(Visitor().post(path, LOUIS.start_body))
    assert {seen(Visitor().post(path, person.start_body)) for person in [INES, ROSE, *nobody]} == {model}
    assert model[0] == 202
    assert louis
    assert world


def test_only_who_answers_to_the_name_gets_a_code(world: World, louis: Visitor) -> None:
    for person in (STRANGER, YANN, Person("10000002", "Ndiay"), Person("10000005", "Rose"), Person("10000003", "")):
        if person.last_name:
            Visitor().post(ACTIVATION, person.start_body)
    assert world.deliver() == []
    Visitor().post(ACTIVATION, LOUIS.start_body)
    [notice] = world.deliver()
    assert "déjà" in notice.text
    assert not notice.has_code
    assert louis


def test_nobody_gets_a_code_after_their_last_day(world: World) -> None:
    row = {"identifier": "10000009", "last_name": "Durand", "structure_id": "S1", "email": "durand@exemple.fr"}
    world.import_rows([row | {"end_date": "2026-11-24"}])
    durand = Person("10000009", "Durand")
    Visitor().post(ACTIVATION, durand.start_body)
    assert len(world.deliver()) == 1
    world.advance(DAY)
    Visitor().post(ACTIVATION, durand.start_body)
    assert world.deliver() == []


@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_the_same_throttle_key_again_in_one_browser_is_a_resend_and_no_start(
    world: World, visitor: Visitor, person: Person
) -> None:
    first = visitor.post(ACTIVATION, person.start_body)
    held = visitor.cookies.copy()
    early = visitor.post(ACTIVATION, {"identifier": person.identifier, "last_name": person.last_name.upper()})
    assert (early.said, early.body) == (first.said, first.body)
    for left in (3, 2, 1, 0, 0):
        world.advance(60)
        assert visitor.post(ACTIVATION, person.start_body).body["code"]["resends_left"] == left
    assert visitor.cookies == held
    [throttle] = [row for row in world.rows("limits") if row["scope"]["S"].startswith("throttle#")]
    assert (throttle["starts_of_day"], throttle["starts_of_hour"]) == ({"N": "1"}, {"N": "1"})


def test_another_throttle_key_opens_another_flow_and_changes_the_cookie(visitor: Visitor) -> None:
    flows = []
    for person in (LOUIS, STRANGER, INES):
        visitor.post(ACTIVATION, person.start_body)
        flows.append(flow_id(visitor))
    visitor.post(RESET, INES.start_body)
    assert len({*flows, flow_id(visitor)}) == 4


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_throttle_key_starts_three_times_an_hour_and_five_a_day(world: World, path: str, person: Person) -> None:
    def start() -> Answer:
        return Visitor().post(path, person.start_body)

    assert [start().status for _ in range(3)] == [202] * 3
    refused = start()
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), "2026-11-24T10:00:00Z")
    assert refused.headers["Retry-After"] == ["1800"]
    world.advance(1_799)
    assert start().status == 429
    world.advance(1)
    assert [start().status for _ in range(2)] == [202] * 2
    refused = start()
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), "2026-11-25T00:00:00Z")
    world.advance(HOUR)
    assert start().body["retry_at"] == "2026-11-25T00:00:00Z"
    world.advance(13 * HOUR)
    assert start().status == 202


def test_an_invented_name_uses_up_nobodys_starts(visitor: Visitor) -> None:
    for number in range(6):
        Visitor().post(ACTIVATION, Person("10000001", f"Garci{number}").start_body)
        Visitor().post(RESET, LOUIS.start_body)
    assert visitor.post(ACTIVATION, LOUIS.start_body).status == 202


def test_a_refused_start_leaves_nothing_behind(world: World, visitor: Visitor) -> None:
    for _ in range(3):
        Visitor().post(ACTIVATION, LOUIS.start_body)
    before = world.everything()
    refused = visitor.post(ACTIVATION, LOUIS.start_body)
    assert refused.status == 429
    assert visitor.cookies == {}
    assert world.everything() == before


def from_address(address: str) -> Visitor:
    return Visitor(address=address)


def from_viewer(address: str) -> Visitor:
    visitor = Visitor(address="203.0.113.200")
    call = visitor.call

    def with_address(*args: object, headers: Mapping[str, str | None] | None = None, **more: object) -> Answer:
        return call(*args, headers={"CloudFront-Viewer-Address": f"{address}:4711", **(headers or {})}, **more)  # type: ignore[arg-type]  # passed on as they came

    visitor.call = with_address  # type: ignore[method-assign]  # this browser stands behind the edge
    return visitor


@pytest.mark.parametrize(("source", "browser"), [("gateway", from_address), ("cloudfront", from_viewer)])
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["198.51.100.7"] * 3, "198.51.100.8"),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"], "2001:db8:1:3::1"),
        (["198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7"], "::ffff:198.51.100.8"),
    ],
)
def test_an_address_starts_so_often_in_five_minutes(
    world: World, source: str, browser: Callable[[str], Visitor], addresses: list[str], other: str
) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=3)
    for number, address in enumerate(addresses):
        assert browser(address).post(ACTIVATION, Person(f"2000000{number}", "X").start_body).status == 202
    refused = browser(addresses[0]).post(ACTIVATION, STRANGER.start_body)
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-requests"), world.in_(300))
    assert browser(other).post(ACTIVATION, STRANGER.start_body).status == 202
    world.advance(300)
    assert browser(addresses[0]).post(ACTIVATION, STRANGER.start_body).status == 202


def test_sign_ins_count_against_the_address_too_before_any_password(world: World, louis: Visitor) -> None:
    world.set(STARTS_PER_IP_PER_5_MINUTES=4, WRONG_PASSWORDS=2)  # the first one went to the activation
    asked = [Visitor().post(SESSION, credentials(LOUIS, "Une-Autre-Phrase-77")).status for _ in range(2)]
    assert [*asked, Visitor().post(ACTIVATION, STRANGER.start_body).status] == [401, 401, 202]
    world.wire.done.clear()
    assert Visitor().post(SESSION, credentials(LOUIS)).said == (429, "too-many-requests")
    assert world.wire.asked("GenerateMac") == []
    assert louis


@pytest.mark.parametrize(("source", "browser"), [("gateway", from_address), ("cloudfront", from_viewer)])
def test_what_a_client_writes_about_its_address_is_not_believed(
    world: World, source: str, browser: Callable[[str], Visitor]
) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=2)
    statuses = []
    for number in range(4):
        forged = dict.fromkeys(("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"), f"192.0.2.{number}")
        if source == "gateway":  # CloudFront writes its own in its place
            forged["CloudFront-Viewer-Address"] = f"192.0.2.{number}:443"
        statuses.append(
            browser("198.51.100.7").post(ACTIVATION, Person(f"2000000{number}", "X").start_body, forged).status
        )
    assert statuses == [202, 202, 429, 429]


def test_the_table_holds_no_address(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    assert visitor.address not in world.everything()


def test_a_success_gives_an_address_nothing_back(world: World) -> None:
    world.set(STARTS_PER_IP_PER_5_MINUTES=3)
    prove(world, Visitor(), LOUIS)
    assert [Visitor().post(ACTIVATION, STRANGER.start_body).status for _ in range(3)] == [202, 202, 429]
