"""The bodies of the help desk's calls and answers."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from activation.api.bodies import Maybe, RequestBody, ResponseBody, Time
from activation.api.fields import Email, Identifier, LastName, Mobile, Plain
from activation.domain.accounts import Status
from activation.domain.contacts import Channel, Contact
from activation.domain.names import fold_name
from functions.support.account_status import AccountStatus
from functions.support.arrivals import OnFile
from functions.support.invitations import Left, Outcome

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
    Field(description="The person reads it", examples=["Appel : n'a pas reçu son code"]),
]


class ReasonedRequest(RequestBody):
    """A look or an act, with its reason. A list is no line in anybody's history, and has no reason."""

    reason: Reason


class PersonRequest(ReasonedRequest):
    """A look at a person, or an act for them."""

    identifier: Identifier


class SearchRequest(ReasonedRequest):
    """A search by structure and by letters of a name."""

    structure_id: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        Plain,
        Field(description="Its id, or words of its name"),
    ]
    last_name: LastName


StructureId = Annotated[
    str, StringConstraints(min_length=1, max_length=200), Plain, Field(description="A structure's id", examples=["S1"])
]


class StructureRequest(ReasonedRequest):
    """A look at a structure, or an act for it."""

    structure_id: StructureId


class WithoutRequest(RequestBody):
    """The structures for which nobody answers, after one of them."""

    after: Annotated[str, StringConstraints(max_length=200), Plain] = ""


def _is_name(name: str) -> str:
    if not (fold_name(name) and name.isprintable()) or any(map(str.isdecimal, name)):
        raise ValueError("no name")
    return name


Name = Annotated[LastName, AfterValidator(_is_name)]
"""A name with a letter, without digits and without characters that control a terminal."""


class InvitationRequest(StructureRequest):
    """The person to invite; the structure's roster gives what is left out."""

    last_name: Name | None = None
    first_name: Name | None = None
    email: Email | None = None


class InvitationsRequest(ReasonedRequest):
    """The structures of an import whose correspondents are to be invited, after one of them."""

    import_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,60}$")]
    after: Annotated[str, StringConstraints(max_length=200), Plain] = ""


class UnlinkingRequest(PersonRequest):
    """A correspondent, and the structure that they answer for no more."""

    structure_id: StructureId


class NameRequest(PersonRequest):
    """The birth name, as the caller's papers have it."""

    last_name: Name


class ContactRequest(PersonRequest):
    """One contact, as the caller says it: either `email` or `mobile`."""

    email: Email | None = None
    mobile: Mobile | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "ContactRequest":
        if (self.email is None) == (self.mobile is None):
            raise ValueError("one contact")
        return self

    @property
    def contact(self) -> Contact:
        """That contact."""
        return Contact(Channel.EMAIL, self.email) if self.email else Contact(Channel.SMS, self.mobile or "")


class FoundPersonBody(ResponseBody):
    """The data by which people are told apart."""

    identifier: str
    first_name: str
    last_name: str
    birth_name: str
    structure_id: str


class FoundStructureBody(ResponseBody):
    """A structure that the search may mean."""

    structure_id: str
    name: str


class FoundBody(ResponseBody):
    """The result of a search."""

    people: list[FoundPersonBody]
    has_more: bool = Field(description="Whether the name must be written further out")
    structures: list[FoundStructureBody] = Field(description="Those that it looked in, ten at most")
    has_more_structures: bool = Field(description="Whether more than ten have this name: it looked in none of them")


class ContactCheckBody(ResponseBody):
    """Whether the caller's contact is on file."""

    matches: bool


class ContactBody(ResponseBody):
    """A contact, masked."""

    channel: Channel
    masked: str
    is_proven: bool
    deliverability: Maybe[str] = Field(default=None, description="complained or undeliverable")
    held_until: Maybe[str] = Field(
        default=None, description="Put right by one agent; nothing goes there before. Paris time"
    )


class StatusBody(ResponseBody):
    """The account status of the person."""

    standing: AccountStatus
    line: str
    sentence: str = Field(description="What to say to the caller")


class TimelineBody(ResponseBody):
    """One line of the history."""

    at: Time
    when: str = Field(description="In mainland France's time")
    kind: str
    label: str
    agent: Maybe[str] = None


class NameCorrectionBody(ResponseBody):
    """A birth name that one agent asked for and another confirms."""

    last_name: str
    agent: str
    until: str = Field(description="In mainland France's time")


class RosterSaysBody(ResponseBody):
    """The structure's correspondent as its roster has them; the name split in two as an invitation would have it."""

    name: str
    email: str
    phone: str
    last_name: str
    first_name: str


class CorrespondentBody(ResponseBody):
    """A correspondent of the structure; `state` is their account's."""

    identifier: str
    first_name: str
    last_name: str
    state: Status
    masked: list[str] = Field(description="Where they were invited")
    invited_until: Maybe[str] = Field(default=None, description="The last day of the invitation, YYYY-MM-DD")


class WaitingInvitationBody(ResponseBody):
    """An invitation that one agent asked for and another confirms."""

    last_name: str
    first_name: str
    email: str
    agent: str
    until: str = Field(description="In mainland France's time")


class ArrivalsRequest(ReasonedRequest):
    """The arrivals of a correspondent's file."""

    upload: Annotated[
        str,
        StringConstraints(pattern=r"^C[0-9]{8}-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}$"),
        Field(description="The file, as its sender's history names it"),
    ]


class ArrivalBody(ResponseBody):
    """A person whom the file would take in; `on_file`: their stored state."""

    identifier: str
    last_name: str
    first_name: str
    structure_id: str
    on_file: OnFile


class ArrivalsBody(ResponseBody):
    """The people who arrive with a file: the first hundred, and how many there are."""

    upload: str
    sender: str
    number: int
    people: list[ArrivalBody]
    is_done: bool = Field(description="An agent has taken them in")


class StructureFileBody(ResponseBody):
    """A structure: its roster's data, its correspondents, and the invitation that waits."""

    structure_id: str
    name: str
    roster: RosterSaysBody
    correspondents: list[CorrespondentBody]
    waiting: Maybe[WaitingInvitationBody] = None
    outcome: Maybe[Outcome] = Field(default=None, description="What became of an invitation")


class LonelyStructureBody(ResponseBody):
    """A structure without a correspondent, and how many people it has."""

    structure_id: str
    name: str
    people: int


class WithoutBody(ResponseBody):
    """Fifty structures without a correspondent."""

    structures: list[LonelyStructureBody]
    after: Maybe[str] = Field(default=None, description="There are more: ask for those after this one")


class LeftBody(ResponseBody):
    """A structure whose correspondent an agent must invite one by one, and why."""

    structure_id: str
    name: str
    why: Left


class InvitationsBody(ResponseBody):
    """The outcomes for fifty structures of an import; those that have a correspondent already are in neither list."""

    invited: list[str] = Field(description="Ids of structures")
    left: list[LeftBody]
    after: Maybe[str] = Field(default=None, description="There are more: ask for those after this one")


class FileBody(ResponseBody):
    """A person's file."""

    identifier: str
    first_name: str
    last_name: str
    birth_name: str
    structure_id: str = Field(description="Empty for a correspondent")
    structure: Maybe[str] = None
    structures: Maybe[list[str]] = Field(default=None, description="For a correspondent: those that they answer for")
    state: Status
    status: StatusBody
    contacts: list[ContactBody]
    closing_asked_by: Maybe[str] = None
    name_correction: Maybe[NameCorrectionBody] = None
    timeline: list[TimelineBody] = Field(description="Latest first")
