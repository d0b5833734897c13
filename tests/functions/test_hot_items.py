"""No row that many people's requests write goes unnoticed: each is named, with its rate, in `bench/hot_items.py`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from activation.adapters import breaker, budgets
from activation.adapters.tables import TABLES
from activation.domain.code_limits import BREAKER_WINDOW_SECONDS
from bench.hot_items import HOT_ITEMS, MOST_WRITES
from tests.builders import PASSWORD, row
from tests.functions.paths import ACCOUNT, ACTIVATION, CONTACT, OWN_PASSWORD, RESET, SESSION
from tests.functions.people import NEW_PASSWORD, Person, activate, both, credentials, prove, settle, sign_in
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor
from tests.functions.walks import latest_code
from tests.functions.world import World

_KEYS = {spec.name: (spec.partition_key, spec.sort_key) for spec in TABLES}
_WRITES = {"Put": "Item", "Update": "Key", "Delete": "Key"}
PEOPLE = tuple(Person(f"7000000{number}", "Roux") for number in range(4))
"""Two with a mail, two with a mobile; two and two in the same minutes."""

Row = tuple[str, str]
"""A table and a key in it."""


def written_by(done: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Row]:
    for operation, asked in done:
        if operation == "TransactWriteItems":
            for part in asked["TransactItems"]:
                ((kind, write),) = part.items()
                if kind in _WRITES:
                    yield _row(write["TableName"], write[_WRITES[kind]])
        elif operation.removesuffix("Item") in _WRITES:
            yield _row(asked["TableName"], asked[_WRITES[operation.removesuffix("Item")]])


def _row(table: str, attributes: dict[str, Any]) -> Row:
    return table, "/".join(attributes[key]["S"] for key in _KEYS[table] if key)


def live(world: World, person: Person) -> None:
    """All that somebody does: activation with mistakes, sign-in, changes, a forgotten password, leaving."""
    visitor, mobile = Visitor(), f"06{person.identifier}"
    by_mail = person in PEOPLE[::2]
    visitor.post(ACTIVATION, person.start_body)
    sent = world.deliver()
    world.advance(60)
    visitor.post(f"{ACTIVATION}/code")
    world.deliver()
    visitor.post(f"{ACTIVATION}/verification", {"code": "00000000"})
    if by_mail:
        report_mail(world.wire.asked("SendEmail")[-1]["EmailTags"][0]["Value"], "delivery", to=sent[0].to)
    visitor = Visitor()
    activate(world, visitor, person)
    settle(visitor)
    visitor.get(ACCOUNT)
    Visitor().post(SESSION, credentials(person, NEW_PASSWORD))
    world.deliver()
    other = sign_in(world, person)
    changed = {"email": f"neuf{person.identifier}@exemple.fr"} if not by_mail else {"mobile": mobile}
    [kind] = changed
    assert other.put(f"{ACCOUNT}/{kind}", {**changed, "password": PASSWORD}).next_step == "verify_contact"
    world.deliver()
    assert other.post(f"{CONTACT}/verification", {"code": latest_code(world)}).next_step == "home"
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    world.deliver()
    lost = Visitor()
    prove(world, lost, person, RESET)
    assert lost.post(f"{RESET}/password", both(PASSWORD)).next_step == "sign_in"
    world.deliver()
    other.delete(f"{ACCOUNT}/sessions")


def test_every_row_that_several_people_write_is_named_with_its_rate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them behind one address, in one structure."""
    monkeypatch.setattr(breaker, "SHARDS", 1)
    monkeypatch.setattr(budgets, "_key", lambda budget: {"scope": f"message#{budget.scope}"})  # hashed, all look alike
    world.set(WRONG_CODES_PER_10_MINUTES=1, STARTS_PER_PERSON_PER_HOUR=9, STARTS_PER_PERSON_PER_DAY=9, SMS_PER_HOUR=249)
    contacts = ({"email": "z{}@exemple.fr"}, {"mobile": "06{}"})
    rows = [row(person.identifier, person.last_name, "Zoé") for person in PEOPLE]
    for place, each in enumerate(rows):
        each |= {name: value.format(each["identifier"]) for name, value in contacts[place % 2].items()}
    world.import_rows(rows)
    writers: dict[Row, set[Person]] = defaultdict(set)
    for place, person in enumerate(PEOPLE):
        if place == len(PEOPLE) // 2:
            world.advance(BREAKER_WINDOW_SECONDS)
        before = len(world.wire.done)
        live(world, person)
        for written in written_by(world.wire.done[before:]):
            writers[written].add(person)
    shared = {written for written, people in writers.items() if len(people) > 1}
    unnamed = {written for written in shared if not any(item.is_at(*written) for item in HOT_ITEMS)}
    assert unnamed == set()
    seen = {item.name for item in HOT_ITEMS if any(item.is_at(*written) for written in shared)}
    assert seen == {item.name for item in HOT_ITEMS}


def test_none_is_written_more_often_than_half_of_what_a_key_takes() -> None:
    assert [item.name for item in HOT_ITEMS if item.writes > MOST_WRITES] == []
