"""The refusal that a call ends in, for tests to look at."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

E = TypeVar("E", bound=BaseException)
P = ParamSpec("P")


def refused(kind: type[E], call: Callable[P, object], *given: P.args, **named: P.kwargs) -> E:
    with pytest.raises(kind) as refusal:
        call(*given, **named)
    return refusal.value
