"""What this version of the service stored, or another one."""

from collections.abc import Mapping
from typing import Any, TypeVar

Record = TypeVar("Record")


def from_record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """The dataclass that these values make, of a row or of an import's object.

    Values that it does not know are a newer version's: while one is rolled out, and once it was taken back, both
    versions read the same. What an older version did not write has a default.
    """
    known: Any = kind
    return kind(**{name: value for name, value in values.items() if name in known.__dataclass_fields__})
