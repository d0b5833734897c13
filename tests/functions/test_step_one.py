"""Step 1 asks nothing and tells nothing; how often it may be asked."""

from collections.abc import Mapping

import pytest

from tests.functions.paths import ACTIVATION, RESET
from tests.functions.people import LOUIS, STRANGER, Person, prove
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World


@pytest.mark.parametrize("path", [ACTIVATION, RESET])
@pytest.mark.parametrize("person", [LOUIS, STRANGER])
def test_a_throttle_key_starts_three_times_an_hour_and_a_refused_start_leaves_nothing_behind(
    world: World, path: str, person: Person
) -> None:
    def start() -> Answer:
        return Visitor().post(path, person.start_body)

    assert [start().status for _ in range(3)] == [202] * 3
    before, refused = world.everything(), start()
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-codes"), "2026-11-24T10:00:00Z")
    assert (refused.headers["Retry-After"], refused.cookies) == (["1800"], {})
    assert world.everything() == before


def start_from(source: str, address: str, number: int, forged: Mapping[str, str] | None = None) -> Answer:
    """Somebody's start from that address: as the gateway sees it, or as CloudFront says before the gateway."""
    told = {"CloudFront-Viewer-Address": f"{address}:4711"} if source == "cloudfront" else {}
    visitor = Visitor(address="203.0.113.200" if told else address)
    return visitor.post(ACTIVATION, Person(f"2000000{number}", "X").start_body, {**(forged or {}), **told})


@pytest.mark.parametrize("source", ["gateway", "cloudfront"])
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["198.51.100.7"] * 3, "198.51.100.8"),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:3:4:5:6"], "2001:db8:1:3::1"),
        (["198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7"], "::ffff:198.51.100.8"),
    ],
)
def test_an_address_starts_so_often_in_five_minutes(
    world: World, source: str, addresses: list[str], other: str
) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=3)
    for number, address in enumerate(addresses):
        assert start_from(source, address, number).status == 202
    refused = start_from(source, addresses[0], 9)
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-requests"), world.in_(300))
    assert start_from(source, other, 9).status == 202
    world.advance(300)
    assert start_from(source, addresses[0], 9).status == 202


@pytest.mark.parametrize("source", ["gateway", "cloudfront"])
def test_what_a_client_writes_about_its_address_is_not_believed(world: World, source: str) -> None:
    world.set(CLIENT_ADDRESS=source, STARTS_PER_IP_PER_5_MINUTES=2)
    statuses = []
    for number in range(4):
        forged = dict.fromkeys(("X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP"), f"192.0.2.{number}")
        forged["CloudFront-Viewer-Address"] = f"192.0.2.{number}:443"  # in its place CloudFront writes its own
        statuses.append(start_from(source, "198.51.100.7", number, forged).status)
    assert statuses == [202, 202, 429, 429]


def test_a_success_gives_an_address_nothing_back(world: World) -> None:
    world.set(STARTS_PER_IP_PER_5_MINUTES=3)
    prove(world, Visitor(), LOUIS)
    assert [Visitor().post(ACTIVATION, STRANGER.start_body).status for _ in range(3)] == [202, 202, 429]
