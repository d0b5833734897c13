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
"""More characters than any cell may have: those that are too long are refused in words, by their column."""


def _folded(typed: str) -> str:
    folded = fold_name(typed)
    if not folded:
        raise ValueError("nothing to search for")
    return folded


def _cells(row: object) -> object:
    """The row, if it is one. What is wrong with it is told of the row: a client's own mistake, and no name is repeated.

    Raises ValueError for unknown columns, and for cells that are no text or longer than any may be.
    """
    if not isinstance(row, Mapping) or not row or not all(_is_cell(*cell) for cell in row.items()):
        raise ValueError("no row")
    return row


def _is_cell(column: object, text: object) -> bool:
    return column in set(Column) and isinstance(text, str) and len(text) <= _MOST_CELL


def _words(confirm: object) -> object:
    """The words, if they are some. Raises ValueError for others."""
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
    """How many people by what becomes of them. `arrivals` are confirmed by the CNAS."""

    created: int
    updated: int
    left: int
    unchanged: int
    arrivals: int


class SentFileBody(ResponseBody):
    """A file that was sent, in short."""

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
    """Whom to list, in one structure: everybody, or whose name begins so, or who lacks something, or one person."""

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
    """What the roster says of somebody; null for a contact that they gave to the CNAS themselves."""

    last_name: str
    usage_name: str
    first_name: str
    email: str | None
    mobile: str | None
    structure_id: str
    start_date: str = Field(description="`YYYY-MM-DD`, or empty: an attestation of rights needs it")
    end_date: str = Field(description="`YYYY-MM-DD`, or empty")


class DeclaredPersonBody(ResponseBody):
    """Somebody as the roster has them. Nothing here tells whether they activated."""

    identifier: str
    version: str = Field(description="Of this row: send it back to change it")
    row: DeclaredBody
    missing: Maybe[Lack] = Field(default=None, description="Left out where nothing is missing")


class PeopleBody(ResponseBody):
    """A page of people, in order of name."""

    people: list[DeclaredPersonBody] = Field(description="50 at most")
    after: Maybe[str] = Field(default=None, description="Send it back for the next page; left out on the last")


class FollowUpRequest(RequestBody):
    """Of which structure's people the requests are."""

    structure: StructureId
    after: Annotated[str, StringConstraints(max_length=4_000), Field(description="As the last page gave it")] | None = (
        None
    )


class FollowedRequestBody(ResponseBody):
    """A request as a correspondent may see it: nothing that was answered, written or decided in words."""

    number: str
    label: str = Field(description="Its kind, in words")
    state: RequestState
    state_label: str
    sent_at: Maybe[Time] = None
    changed_at: Time
    asked: Maybe[str] = Field(default=None, description="What the person is to complete")
    deadline: Maybe[str] = Field(default=None, description="Until which day, `YYYY-MM-DD`")


class FollowedPersonBody(ResponseBody):
    """Somebody who consents, and their requests, the last change first."""

    last_name: str
    usage_name: str
    first_name: str
    requests: list[FollowedRequestBody]


class FollowUpBody(ResponseBody):
    """Of a page of people those who consent and have something to show, in order of name; perhaps nobody."""

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
    """What became of the row."""

    outcome: Literal["updated", "left", "unchanged"]
    remarks: list[str] = Field(description="In French: what to know of it")


class SentBody(ResponseBody):
    """The name of a file that was sent, to ask what becomes of it."""

    upload_id: str


class ProgressBody(ResponseBody):
    """How far the step under way has come, in rows; 0 of 0 before they are counted."""

    done: int
    total: int


class FindingBody(ResponseBody):
    """What there is to say of a row, by the number that the spreadsheet shows, or of the file."""

    row: Maybe[int] = None
    column: Maybe[str] = None
    reason: str


class ChangedPersonBody(ResponseBody):
    """Somebody of whom a checked file would change something, named as the roster has them now."""

    row: int
    identifier: str
    last_name: str
    usage_name: str
    first_name: str
    leaves: bool = Field(description="Whether they would leave")
    columns: list[str] = Field(description="Of which the roster would say something else, in French")


class UploadBody(ResponseBody):
    """What became of a file."""

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
    """What the check asks to confirm."""

    confirm: Confirmed = Field(default=[])
