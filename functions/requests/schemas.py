"""The bodies of the calls on requests and documents."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from activation.api.bodies import Maybe, RequestBody, ResponseBody, Time
from activation.api.fields import Plain
from activation.domain.requests.documents import DocumentState
from activation.domain.requests.kinds import MOST_TEXT_CHARACTERS, FieldType
from activation.domain.requests.states import Party, RequestAct, RequestState

_ID = re.compile(r"[0-9A-Za-z-]{1,40}")


def _by_id(answers: object) -> object:
    """The answers, if they are a map of texts. A fault is a client's own mistake: it repeats no name.

    Raises ValueError for names that no field has, and for answers that are no text.
    """
    if not isinstance(answers, Mapping) or not all(_is_answer(*answer) for answer in answers.items()):
        raise ValueError("no answers")
    return answers


def _is_answer(field: object, text: object) -> bool:
    return isinstance(field, str) and _ID.fullmatch(field) is not None and isinstance(text, str)


Id = Annotated[str, StringConstraints(pattern=f"^{_ID.pattern}$")]
Day = Annotated[str, Field(description="A day", json_schema_extra={"format": "date"}, examples=["2026-12-24"])]
Answers = Annotated[
    dict[str, str],
    BeforeValidator(_by_id),
    Field(description="What is answered, by the field's id; an empty answer is none"),
]


class OpenRequest(RequestBody):
    """The kind of request to open, and the id of the request that a claim is about."""

    kind: Id
    about: Id | None = None


class SaveRequest(RequestBody):
    """The answers of a draft, and the version at which they were read."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    fields: Answers


class CompleteRequest(RequestBody):
    """The answers that complete a request."""

    fields: Answers


class MessageRequest(RequestBody):
    """A message for the CNAS."""

    text: Annotated[str, Plain, StringConstraints(min_length=1, max_length=MOST_TEXT_CHARACTERS)]


class VerificationRequest(RequestBody):
    """The code of a document, as typed or scanned."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ListedBody(ResponseBody):
    """A request in the list. `yours`: the person must act next."""

    id: str
    number: str
    kind: str
    label: str
    state: RequestState
    state_label: str
    sentence: str
    yours: bool
    changed_at: Time


class KindBody(ResponseBody):
    """A kind that may be opened; `draft` is the id of the person's draft, if there is one."""

    id: str
    label: str
    summary: str
    draft: Maybe[str] = None


class RequestsBody(ResponseBody):
    """The person's requests, and the kinds that they may open."""

    requests: list[ListedBody]
    kinds: list[KindBody]


class ChoiceBody(ResponseBody):
    """An answer to choose. One that is not sent (`sends`) has an advice."""

    id: str
    label: str
    sends: bool
    advice: Maybe[str] = None


class FieldBody(ResponseBody):
    """A question, and its answer if there is one."""

    id: str
    type: FieldType
    label: str
    hint: Maybe[str] = None
    obligatory: bool
    choices: Maybe[list[ChoiceBody]] = None
    min: Maybe[str | int] = None
    max: Maybe[str | int] = None
    value: Maybe[str] = None


class LineBody(ResponseBody):
    """A line of the timeline: the act, the party, the words."""

    at: Time
    act: RequestAct
    by: Party
    label: str
    words: Maybe[str] = None


class ShownRequestBody(ListedBody):
    """A request with all that its page shows. `acts`: those allowed now; `deadline`: until when one is awaited."""

    fields: list[FieldBody]
    acts: list[str]
    timeline: list[LineBody]
    deadline: Maybe[Day] = None
    about: Maybe[str] = None
    version: int


class QrBody(ResponseBody):
    """A QR code as an SVG path in a square of `size` modules, its quiet zone within."""

    size: int
    path: str


class AttestedBody(ResponseBody):
    """The facts that a document attests."""

    kind: str
    attests: str
    last_name: str
    first_name: str
    identifier: str
    employer: str
    attention: str
    since: Day
    until: Day
    issued_at: Time


class DocumentBody(AttestedBody):
    """A document to show or print, its code, and whether it still holds."""

    number: str
    state: DocumentState
    code: str
    url: str
    qr: QrBody


class VerifiedBody(ResponseBody):
    """Whether a document holds, and while it does the facts that it attests."""

    state: Literal["valid", "expired", "withdrawn", "unknown"]
    shown: Maybe[AttestedBody] = None
