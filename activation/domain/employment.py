"""The data of rosters on a person: the roster entry, the journal of the import that wrote it, and the employer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A roster's data on a person. Names are as written; the dates, of the person's rights, are `YYYY-MM-DD` or empty.

    `shared`: other people may read one of these contacts, because a roster gave it for another person or for the
    correspondent too (docs/adr/0026). `desk_email`, `desk_mobile`: the owner gave that contact to the help desk; their
    correspondent is not shown it.
    """

    last_name: str
    usage_name: str
    first_name: str
    email: str
    mobile: str
    structure_id: str
    end_date: str
    shared: bool = False
    start_date: str = ""
    desk_email: bool = False
    desk_mobile: bool = False


@dataclass(frozen=True, slots=True)
class RosterJournal:
    """The import that last wrote a person's row, so that it can be undone for a day (docs/adr/0016).

    `at` is the time of the import (epoch seconds), `version` the row's version that it wrote. `before` is the entry
    that it replaced: None for a new person, and once the day is over.
    """

    import_id: str
    at: int
    version: int
    before: RosterEntry | None = None
    closed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """An employer and its correspondent, as the roster gives them; unknown fields are empty."""

    structure_id: str
    name: str
    correspondent_name: str = ""
    correspondent_email: str = ""
    correspondent_phone: str = ""
