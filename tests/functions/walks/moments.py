"""A walk's world before and behind each act, to come back to."""

from tests.functions.deployment import forget_settings
from tests.functions.visitor import Visitor
from tests.functions.walks.acts import Act
from tests.functions.world import World


class Moment:
    """A world as it stands before an act, to come back to."""

    def __init__(self, world: World, visitor: Visitor, name: str) -> None:
        self._world, self._name = world, name
        self._now, self._done = world.now, list(world.wire.done)
        world.deployment.remember(name, visitor.cookies)

    def again(self) -> Visitor:
        """Put the world back as it was, functions newly started; returns the browser of then."""
        forget_settings()
        cookies = self._world.deployment.recall(self._name)
        self._world.now, self._world.wire.done[:] = self._now, self._done
        self._world.wire.mend()
        return Visitor(cookies or {})


def calls_of(world: World, visitor: Visitor, act: Act) -> list[str]:
    """The operations that the act asks of AWS when nothing fails."""
    heard = len(world.wire.done)
    assert act.do(world, visitor).said == act.says, act.name
    return [operation for operation, _ in world.wire.done[heard:]]
