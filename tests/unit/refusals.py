"""The refusal that a call ends in, for tests to look at; and calls that end in one."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

E = TypeVar("E", bound=BaseException)
P = ParamSpec("P")


def refused(kind: type[E], call: Callable[P, object], *given: P.args, **named: P.kwargs) -> E:
    with pytest.raises(kind) as refusal:
        call(*given, **named)
    return refusal.value


def failing(error: Exception) -> Callable[..., None]:
    """Something that ends in that error, whatever it is given."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail
