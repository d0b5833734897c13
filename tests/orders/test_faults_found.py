"""Orders that once broke something, each by the name of what broke."""

import pytest

from tests.functions.visitor import Answer
from tests.orders.actors import actors
from tests.orders.invariants import broken, profiles
from tests.orders.scenes import SCENES, brought
from tests.orders.search import Search
from tests.orders.simulation import Outcome, Simulation
from tests.orders.turns import read_order

LOUIS = "10000001"
UPLOADS = "POST /api/correspondent/uploads"
UPLOAD = "POST /api/correspondent/uploads/{upload_id}"


def come_of(simulated: Simulation, scene: str, order: str, *names: str) -> Outcome:
    by_name = {actor.name: actor for actor in actors()}
    cast = dict(zip("ABC", (by_name[name] for name in names), strict=False))
    return simulated.run(scene, cast, read_order(order))


def test_what_the_cleanup_notes_while_somebody_writes_is_not_lost(simulated: Simulation) -> None:
    outcome = come_of(simulated, "invited", "A1 B* A*", "/support/contact", "purge_expired")
    person = profiles(outcome.after)[LOUIS]
    assert "code_sent_at" in person
    assert person["roster"]["email"] == "corrige@exemple.fr"


RESET, SIGN_IN = "POST /api/password-reset/password", "POST /api/session"
CONFIRMED, CLOSED = "/support/arrivals/confirmation", "/support/closing/confirmation"
ONCE_BROKEN = {
    "a password and a reset leave no counter below zero": ("home", "B4 A* B*", RESET, "PUT /api/account/password"),
    "nor do two of them": ("space", "C2 B5 A* C* B*", RESET, SIGN_IN, "PUT /api/account/email"),
    "a file is taken back though its arrivals are admitted": ("space", "A6 B* A*", f"{UPLOAD}/undoing", CONFIRMED),
    "a batch tried again counts whoever was closed as before": ("declared", "A6~ A* B*", "import_roster", CLOSED),
    "an agent who is shown no arrivals leaves no line of having seen them": ("declared", "A*", "/support/arrivals"),
}


@pytest.mark.parametrize("once", ONCE_BROKEN.values(), ids=ONCE_BROKEN)
def test_what_was_once_broken_is_whole(simulated: Simulation, once: tuple[str, ...]) -> None:
    scene, order, *names = once
    assert broken(come_of(simulated, scene, order, *names)) == []


def test_the_same_message_twice_at_once_is_written_once(simulated: Simulation) -> None:
    write = "POST /api/requests/{request_id}/message"
    outcome = come_of(simulated, "requesting", "A'3 B* A*", write, write)
    assert len(outcome.after["requests"]) == len(outcome.before["requests"]) + 1


@pytest.mark.parametrize(("path", "order"), [("/support/lock", "A2 B* A*"), ("/support/counters", "A4 B* A*")])
def test_of_two_agents_who_lift_one_lock_at_once_one_has_done_it(simulated: Simulation, path: str, order: str) -> None:
    outcome = come_of(simulated, "home", order, path, path)
    assert [answer.code for answer in outcome.answers.values() if isinstance(answer, Answer)] == [
        "nothing-to-lift",
        None,
    ]


def test_where_an_agent_confirms_an_invitation_meanwhile_many_are_invited_but_nobody_else_there(
    simulated: Simulation,
) -> None:
    outcome = come_of(simulated, "space", "A4 B* A*", "/support/invitation/confirmation", "/support/invitations")
    [there] = [row for row in outcome.after["structures"] if row["structure_id"] == "S2"]
    assert len(there["correspondents"]) == 1


def test_of_a_file_that_is_sent_and_one_that_is_applied_at_once_one_is_refused(simulated: Simulation) -> None:
    outcome = come_of(simulated, "space", "A5 B* A*", UPLOADS, f"{UPLOAD}/application")
    assert sorted(answer.status for answer in outcome.answers.values() if isinstance(answer, Answer)) == [202, 429]


def test_what_an_operator_undoes_is_no_progress_of_a_step_of_the_file_s_sender(simulated: Simulation) -> None:
    outcome = come_of(simulated, "space", "A* B*", f"{UPLOAD}/undoing", "import_roster undo")
    [undoing] = [row for row in outcome.after["accounts"] if row.get("state") == "undoing"]
    assert undoing["progress"] == {"done": 0, "of": 0}


def test_whoever_takes_a_file_back_twice_counts_its_rows_once(simulated: Simulation) -> None:
    outcome = come_of(simulated, "declared", "A6 B* A*", "import_roster undo", "import_roster undo")
    [undone] = [row for row in outcome.after["accounts"] if row.get("state") == "undone"]
    assert undone["progress"] == {"done": 1, "of": 1}


def test_an_undo_takes_nobody_away_who_activates_meanwhile(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCENES, "brought", brought)
    by_name = {actor.name: actor for actor in actors()}
    undo, activate = by_name["import_roster undo"], by_name["POST /api/activation/password"]
    assert LOUIS not in profiles(search.simulation.alone("brought", undo).after)
    search.pair("brought", undo, activate, faults=6)
    assert not search.found, search.told()


def test_a_search_finds_what_one_may_not_do(search: Search) -> None:
    """The search itself: two who decide at once give one of two results, and it says how many orders it tried."""
    [consent] = [actor for actor in actors() if actor.name == "PUT /api/account/consent"]
    [other] = [actor for actor in actors(1) if actor.name == "PUT /api/account/consent"]
    for name, actor in (("A", consent), ("B", other)):
        search.simulation.alone("onboarding", actor, name)
    before = search.simulation.orders
    search.pair("onboarding", consent, other, faults=0, most=4)
    assert search.found == []
    assert search.simulation.orders - before == 6
