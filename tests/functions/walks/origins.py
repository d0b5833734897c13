"""Who comes to a walk, and where they stand when it begins."""

from collections.abc import Callable

from tests.builders import ROSTER, row
from tests.functions import correspondents
from tests.functions.paths import SESSION
from tests.functions.people import LOUIS, at_home, credentials, in_session
from tests.functions.requests import sent
from tests.functions.visitor import Visitor
from tests.functions.world import World


def anybody(_: World) -> Visitor:
    """A browser that knows nothing yet."""
    return Visitor()


def after(ready: Callable[[World], Visitor]) -> Callable[[World], Visitor]:
    """Another browser, once Louis is where `ready` leads him."""

    def origin(world: World) -> Visitor:
        ready(world)
        return Visitor()

    return origin


def louis_at_home(world: World) -> Visitor:
    return at_home(world, LOUIS)


def louis_dated(world: World) -> Visitor:
    """Louis at home; a roster has said since when there are rights."""
    louis = louis_at_home(world)
    world.import_rows([{**row, "start_date": "2020-09-01"} for row in ROSTER])
    return louis


def louis_in_session(world: World) -> Visitor:
    """Louis, with everything to decide."""
    return in_session(world, LOUIS)


def louis_locked(world: World) -> Visitor:
    """Louis at home, where somebody else tried ten passwords."""
    louis = louis_at_home(world)
    for _ in range(10):
        Visitor().post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    return louis


def claire_of_two_structures(world: World) -> Visitor:
    world.import_rows([row("20000002", "Marin", "Zoé", structure_id="S2", structure_name="CCAS de Mondomaine")])
    correspondents.invite(world, "S1", "S2")
    return Visitor()


def claire_follows_louis(world: World) -> Visitor:
    """Claire at home; Louis, who consents, has sent a claim."""
    sent(louis_at_home(world))
    return correspondents.claire_at_home(world)


def awa_shares_her_mobile(world: World) -> Visitor:
    """Somebody else came with Awa's mobile: her code names her employer."""
    world.import_rows([*ROSTER, row("20000002", "N'Diaye", "Ibrahima", mobile="0623456789")])
    return Visitor()


def about_to_be_locked(world: World) -> Visitor:
    """A browser where the next wrong code locks the throttle key."""
    world.set(WRONG_CODES_PER_PERSON=1)
    return Visitor()
