"""The objects that an import leaves in the bucket for its later steps, which another version may take."""

from collections.abc import Mapping
from typing import Any, TypeVar

Kept = TypeVar("Kept")


def of_object(kind: type[Kept], values: Mapping[str, Any]) -> Kept:
    """The dataclass that these values of an object make.

    An import may run, and be undone, while a version is rolled out or after it was taken back: as in the tables,
    values that this version does not know are a newer one's. What an older one did not write has a default.
    """
    known: Any = kind
    return kind(**{name: value for name, value in values.items() if name in known.__dataclass_fields__})
