"""Reads stored records, also those that another version of the service wrote."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def from_record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Make a dataclass of the values of a stored row, or of an object in the bucket of imports.

    Values without a field of that name are ignored: a newer version of the service wrote them, during a rollout or
    before a rollback. A field that an older version did not write gets its default, so every new field needs one.
    """
    return kind(**{name: value for name, value in values.items() if name in kind.__dataclass_fields__})
