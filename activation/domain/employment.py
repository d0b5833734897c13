"""What the roster says of somebody: their entry, the import that wrote it, and their employer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What a correspondent sends in about a person. Names as written; `end_date` is `YYYY-MM-DD` or empty.

    `shared`: others read one of these contacts: a roster had it for somebody else, or for the correspondent, too
    (docs/adr/0026).
    """

    last_name: str
    usage_name: str
    first_name: str
    email: str
    mobile: str
    structure_id: str
    end_date: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RosterJournal:
    """The import that last wrote a person, so that it can be undone for a day (docs/adr/0016).

    `version` is the one it wrote. `before` is what stood there: None for somebody new, and once the day is over.
    """

    import_id: str
    at: int
    version: int
    before: RosterEntry | None = None
    closed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """An employer and its correspondent, as the roster gives them; what is not known is empty."""

    structure_id: str
    name: str
    correspondent_name: str = ""
    correspondent_email: str = ""
    correspondent_phone: str = ""
