"""The scheduler itself: who goes on, when, and what fails, is what the order says."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.orders import scheduler
from tests.orders.steps import Step
from tests.orders.turns import read_order, with_a_fault, with_two_changes, written


def steps(told: list[str], name: str, number: int) -> Callable[[], str]:
    def act() -> str:
        for place in range(1, number + 1):
            scheduler.pause(Step("Get"))
            told.append(f"{name}{place}")
        return name

    return act


def run(order: str, acts: dict[str, Callable[[], Any]]) -> dict[str, scheduler.Call]:
    return scheduler.run({name: (act, lambda: None) for name, act in acts.items()}, read_order(order))


@pytest.mark.parametrize(
    ("order", "done"),
    [
        ("A* B*", "A1 A2 A3 B1 B2"),
        ("A1 B* A*", "A1 B1 B2 A2 A3"),
        ("B1 A2 B* A*", "B1 A1 A2 B2 A3"),
        ("A0 B1", "B1 A1 A2 A3 B2"),
    ],
)
def test_turns_are_taken_as_the_order_says(order: str, done: str) -> None:
    told: list[str] = []
    calls = run(order, {"A": steps(told, "A", 3), "B": steps(told, "B", 2)})
    assert " ".join(told) == done
    assert {name: call.result for name, call in calls.items()} == {"A": "A", "B": "B"}


def test_a_call_s_own_threads_are_scheduled_with_it() -> None:
    told: list[str] = []

    def act() -> None:
        with scheduler.Pool(1) as pool:
            beside = pool.submit(steps(told, "beside", 2))
            steps(told, "own", 2)()
            beside.result()

    run("A*", {"A": act})
    assert told == ["own1", "own2", "beside1", "beside2"]
    told.clear()
    run("A'1 B* A*", {"A": act, "B": steps(told, "B", 1)})
    assert told[-1] == "beside2"
    assert told.index("B1") == 1


def test_who_sleeps_lets_the_others_go_on() -> None:
    told: list[str] = []

    def waits() -> None:
        scheduler.pause(Step("Get"))
        scheduler.sleep(1)
        told.append("A")

    run("A* B*", {"A": waits, "B": steps(told, "B", 1)})
    assert told == ["B1", "A"]


@pytest.mark.parametrize(("order", "seen"), [("A* B*", [False]), ("A1 B* A*", [True]), ("A0 B* A*", [False])])
def test_a_call_knows_whether_another_is_under_way(order: str, seen: list[bool]) -> None:
    told: list[bool] = []
    run(order, {"A": steps([], "A", 2), "B": lambda: told.append(scheduler.overlaps())})
    assert told == seen
    assert not scheduler.overlaps()


def test_what_a_call_raises_is_kept() -> None:
    def fails() -> None:
        raise ValueError

    assert isinstance(run("A*", {"A": fails})["A"].error, ValueError)


@pytest.mark.parametrize(("sign", "carried_out"), [("-", 0), ("~", 1), ("=", 2)])
def test_a_call_fails_as_its_sign_says(sign: str, carried_out: int) -> None:
    done: list[str] = []

    def ask() -> str:
        request = SimpleNamespace(headers={"amz-sdk-invocation-id": "i"}, url="https://aws.example")
        for _ in range(2):  # botocore tries twice
            try:
                scheduler.carried_out(request, Step("Put"), lambda _: done.append("done"))
            except ReadTimeoutError:
                continue
            return "answered"
        return "failed"

    call = run(f"A0{sign} A*", {"A": ask})["A"]
    assert len(done) == carried_out
    assert call.result == ("answered" if sign == "=" else "failed")


@pytest.mark.parametrize("line", ["A3 B1 A*", "A'2 B* A*", "A2- B* A*", "B0~ B* A*", "A1= A* B*"])
def test_an_order_is_read_as_it_is_written(line: str) -> None:
    assert written(read_order(line)) == line


@pytest.mark.parametrize("line", ["A", "3A", "A3 B", "A3!", "a1"])
def test_what_is_no_order_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is no turn"):
        read_order(line)


def test_the_shortest_orders_come_first() -> None:
    assert [written(order) for order in with_two_changes("A", "B", {"A": [1, 3], "B": []}, beside=True)] == [
        "A1 B* A*",
        "A3 B* A*",
        "A'1 B* A*",
        "A'3 B* A*",
    ]
    assert len(list(with_a_fault("A", "B", 2))) == 2 * 3 * 2


def test_steps_meet_where_one_writes_what_the_other_touches() -> None:
    row, other = ("accounts", "1"), ("accounts", "2")
    write, read = Step("Put", writes=frozenset({row})), Step("Get", reads=frozenset({row}))
    assert write.meets(read)
    assert read.meets(write)
    assert not read.meets(read)
    assert not write.meets(Step("Put", writes=frozenset({other})))
    assert Step("Scan", whole=frozenset({"accounts"})).meets(write)
