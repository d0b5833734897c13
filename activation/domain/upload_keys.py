"""The keys of an upload's objects and the id of its import: they say whose file it is, and what is ordered of it."""

import re
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class UploadPaths:
    """The keys of an upload's objects in the bucket. The sender is read from them, and from nothing else."""

    sender: str
    upload_id: str

    @property
    def file(self) -> str:
        """The file as it was sent."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/file"

    @property
    def application(self) -> str:
        """The sender's order to apply it."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/application"

    @property
    def undoing(self) -> str:
        """The sender's order to take it back."""
        return f"{UPLOADED}{self.sender}/{self.upload_id}/undoing"

    @property
    def import_id(self) -> str:
        """The name of the import that applies the upload."""
        return f"{self.sender}-{self.upload_id}"

    @property
    def arrivals_import_id(self) -> str:
        """The name of the import that takes its arrivals in, once an agent orders it."""
        return f"{self.import_id}{OF_ARRIVALS}"

    @property
    def arrivals(self) -> str:
        """The key of an agent's order to take its arrivals in; only the help desk has the right to write there."""
        return f"{ADMITTED}{self.sender}/{self.upload_id}/arrivals"


class Order(StrEnum):
    """What an object of an upload orders; the value ends its key."""

    FILE = "file"
    APPLICATION = "application"
    UNDOING = "undoing"
    ARRIVALS = "arrivals"


@dataclass(frozen=True, slots=True)
class Rights:
    """In whose name an import changes people: a correspondent's, within the structures that they answer for.

    With `admits` an agent has confirmed people from elsewhere. With `creates` whoever is unknown needs no agent.
    """

    sender: str
    admits: bool = False
    creates: bool = False


UPLOADED = "correspondents/"

ADMITTED = "arrivals/"

OF_ARRIVALS = "-arrivals"
"""Ends the id of the import of an upload's arrivals."""

_KEY = re.compile(
    f"(?:{UPLOADED}(?P<sender>C[0-9]{{8}})/(?P<upload>[0-9TZ]{{16}}-[0-9a-f]{{12}})/(?P<order>file|application|undoing)"
    f"|{ADMITTED}(?P<of>C[0-9]{{8}})/(?P<admitted>[0-9TZ]{{16}}-[0-9a-f]{{12}})/arrivals)"
)

_IMPORT = re.compile(r"(?P<sender>C[0-9]{8})-(?P<upload>[0-9TZ]{16}-[0-9a-f]{12})(?P<arrivals>-arrivals)?")


def order_of(key: str) -> tuple[UploadPaths, Order] | None:
    """The upload that an object's key names, and what is ordered of it; None for a key that is no upload's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    if found["of"]:
        return UploadPaths(found["of"], found["admitted"]), Order.ARRIVALS
    return UploadPaths(found["sender"], found["upload"]), Order(found["order"])


def upload_of(import_id: str) -> UploadPaths | None:
    """The upload that the import is; None for an operator's, and for the import of an upload's arrivals."""
    found = _IMPORT.fullmatch(import_id)
    return UploadPaths(found["sender"], found["upload"]) if found and not found["arrivals"] else None


def rights_of(import_id: str) -> Rights | None:
    """In whose name that import changes people; None for an operator's."""
    found = _IMPORT.fullmatch(import_id)
    return Rights(found["sender"], admits=bool(found["arrivals"])) if found else None
