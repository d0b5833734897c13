"""The bodies of a correspondent's calls."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from activation.api.bodies import Maybe, RequestBody, ResponseBody, Time
from activation.api.fields import Identifier, Plain
from activation.domain.names import fold_name
from activation.domain.people_search import Lack
from activation.domain.requests.states import RequestState
from activation.domain.roster.columns import Column
from activation.domain.upload_states import UploadState
from activation.domain.uploads import Confirmation

_MOST_CELL = 500
"""The most characters that the schema takes, more than any cell may have: too long cells are refused by column."""


def _folded(typed: str) -> str:
    folded = fold_name(typed)
    if not folded:
        raise ValueError("nothing to search for")
    return folded


def _cells(row: object) -> object:
    """The row, if it is one. A fault is a client's own mistake: it names the row as a whole, and repeats no column.

    Raises ValueError for unknown columns, and for cells that are no text or longer than `_MOST_CELL`.
    """
    if not isinstance(row, Mapping) or not row or not all(_is_cell(*cell) for cell in row.items()):
        raise ValueError("no row")
    return row


def _is_cell(column: object, text: object) -> bool:
    return column in set(Column) and isinstance(text, str) and len(text) <= _MOST_CELL


def _words(confirm: object) -> object:
    """The list of words of `Confirmation`. Raises ValueError for anything else."""
    if not isinstance(confirm, list) or not all(word in set(Confirmation) for word in confirm):
        raise ValueError("no words to confirm with")
    return confirm


Confirmed = Annotated[
    list[Confirmation], BeforeValidator(_words), Field(description="The words of all that is to be confirmed")
]

StructureId = Annotated[
    str, StringConstraints(min_length=1, max_length=80), Field(description="As the home lists it", examples=["S1"])
]


class StructureBody(ResponseBody):
    """A structure that the correspondent answers for, and how many people it has; nobody is named."""

    id: str
    name: str
    people: int
    without_contact: int = Field(description="People without any contact in the roster: they can get no code")
    unreachable: int = Field(description="People of whom a contact in the roster came back")


class CountsBody(ResponseBody):
    """How many people the file changes, by kind of change. `arrivals` are confirmed by the CNAS."""

    created: int
    updated: int
    left: int
    unchanged: int
    arrivals: int


class SentFileBody(ResponseBody):
    """A file that was sent, in short form."""

    upload_id: str
    sent_at: Time
    state: UploadState
    counts: Maybe[CountsBody] = Field(default=None, description="Once the file is checked")


class SpaceBody(ResponseBody):
    """The correspondent's home."""

    structures: list[StructureBody] = Field(description="20 at most, in order of name")
    uploads: list[SentFileBody] = Field(description="The last ones, the latest first")
    after: Maybe[str] = Field(default=None, description="Send it back in the query for the next structures")


class SearchRequest(RequestBody):
    """The people to list in one structure: all, by the beginning of a name, by what they lack, or one person."""

    structure: StructureId
    name: (
        Annotated[
            str,
            StringConstraints(min_length=1, max_length=200),
            AfterValidator(_folded),
            Plain,
            Field(description="The beginning of a birth or usage name, with or without accents", examples=["Gar"]),
        ]
        | None
    ) = None
    missing: Lack | None = None
    identifier: Identifier | None = None
    after: Annotated[str, StringConstraints(max_length=4_000), Field(description="As the last page gave it")] | None = (
        None
    )


class DeclaredBody(ResponseBody):
    """The roster's data on a person; null for a contact that they gave to the CNAS themselves."""

    last_name: str
    usage_name: str
    first_name: str
    email: str | None
    mobile: str | None
    structure_id: str
    start_date: str = Field(description="`YYYY-MM-DD`, or empty: an attestation of rights needs it")
    end_date: str = Field(description="`YYYY-MM-DD`, or empty")


class DeclaredPersonBody(ResponseBody):
    """A person as the roster has them. Nothing here tells whether they activated."""

    identifier: str
    version: str = Field(description="Of this row: send it back to change it")
    row: DeclaredBody
    missing: Maybe[Lack] = Field(default=None, description="Left out where nothing is missing")


class PeopleBody(ResponseBody):
    """A page of people, in order of name."""

    people: list[DeclaredPersonBody] = Field(description="50 at most")
    after: Maybe[str] = Field(default=None, description="Send it back for the next page; left out on the last")


class FollowUpRequest(RequestBody):
    """The structure whose people's requests are asked for."""

    structure: StructureId
    after: Annotated[str, StringConstraints(max_length=4_000), Field(description="As the last page gave it")] | None = (
        None
    )


class FollowedRequestBody(ResponseBody):
    """A request as a correspondent may see it: without answers, messages and the words of decisions."""

    number: str
    label: str = Field(description="Its kind, in words")
    state: RequestState
    state_label: str
    sent_at: Maybe[Time] = None
    changed_at: Time
    asked: Maybe[str] = Field(default=None, description="What the person is to complete")
    deadline: Maybe[str] = Field(default=None, description="Until which day, `YYYY-MM-DD`")


class FollowedPersonBody(ResponseBody):
    """A person who consents, and their requests, the last changed first."""

    last_name: str
    usage_name: str
    first_name: str
    requests: list[FollowedRequestBody]


class FollowUpBody(ResponseBody):
    """The people of a page who consent and have something to show, in order of name; perhaps none."""

    people: list[FollowedPersonBody]
    after: Maybe[str] = Field(default=None, description="Send it back for the next page; left out on the last")


class ChangeRequest(RequestBody):
    """A row of a roster for one person. A column that is left out changes nothing."""

    identifier: Identifier
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    row: Annotated[
        dict[Column, str],
        BeforeValidator(_cells),
        Field(description="By the names of a roster's columns", examples=[{"email": "nom@exemple.fr"}]),
    ]
    confirm: Confirmed = Field(default=[])


class ChangeBody(ResponseBody):
    """The result of the change of a row."""

    outcome: Literal["updated", "left", "unchanged"]
    remarks: list[str] = Field(description="In French: what to know of it")


class SentBody(ResponseBody):
    """The name of a file that was sent, to ask for its state."""

    upload_id: str


class ProgressBody(ResponseBody):
    """How far the step under way has come, in rows; 0 of 0 before they are counted."""

    done: int
    total: int


class FindingBody(ResponseBody):
    """A fault or remark on a row, by the number that the spreadsheet shows, or on the file."""

    row: Maybe[int] = None
    column: Maybe[str] = None
    reason: str


class ChangedPersonBody(ResponseBody):
    """A person whom a checked file would change, named as the roster has them now."""

    row: int
    identifier: str
    last_name: str
    usage_name: str
    first_name: str
    leaves: bool = Field(description="Whether they would leave")
    columns: list[str] = Field(description="Of which the roster would say something else, in French")


class UploadBody(ResponseBody):
    """The state of a file that was sent."""

    upload_id: str
    state: UploadState
    progress: ProgressBody
    counts: Maybe[CountsBody] = Field(default=None, description="Once the file is checked")
    findings: list[FindingBody] = Field(description="200 at most; the report has more")
    changes: Maybe[list[ChangedPersonBody]] = Field(
        default=None, description="While it is checked, 99 at most: who leaves, then other names, then other contacts"
    )
    confirm: Maybe[list[str]] = Field(default=None, description="What must be confirmed by its word to apply the file")
    expires_at: Time = Field(description="Until when it may be applied, or its step may run")
    undo_until: Maybe[Time] = None


class ApplicationRequest(RequestBody):
    """The words of confirmation that the check asks for."""

    confirm: Confirmed = Field(default=[])
