"""The bodies of the calls on an account."""

from typing import Annotated, Literal

from pydantic import Field

from activation.api.bodies import CodeBody, ConsentBody, Maybe, RequestBody, ResponseBody, StepBody, Time
from activation.api.fields import Email, Mobile, TypedPassword
from activation.domain.accounts import Status
from activation.domain.contacts import Channel, Deliverability
from activation.domain.errors import NextStep
from activation.domain.flows import Purpose
from activation.domain.identifiers import Role
from activation.domain.menu import EntryState
from activation.domain.requests.states import AskReason, Origin, Party, RequestAct, RequestState
from activation.domain.upload_states import UploadState


class SessionTimesBody(ResponseBody):
    """A session's name, when it ends if nothing happens (`expires_at`), and when at the latest (`ends_at`)."""

    id: str = Field(description="A name, no secret, to send back as X-Session")
    expires_at: Time
    ends_at: Time


class ContactChangeBody(ResponseBody):
    """A new contact of an account in use, whose code is not typed yet; `destination` is masked."""

    code: CodeBody
    destination: str


class WhereBody(StepBody):
    """The visitor's position; `anonymous`, with neither session nor flow, is no error."""

    who: Literal["anonymous", "flow", "session"]
    purpose: Maybe[Purpose] = None
    destination: Maybe[str] = Field(default=None, description="Masked; only after a proven code or password")
    locked_until: Maybe[Time] = None
    session: Maybe[SessionTimesBody] = None
    role: Maybe[Role] = Field(default=None, description="With a session only: the kind of account")
    home: Maybe[str] = Field(default=None, description="With `role`: the path of its home", examples=["/compte"])
    contact_change: Maybe[ContactChangeBody] = None
    server_time: Time


class ChangeRequest(RequestBody):
    """The account's password, asked again before a contact is changed."""

    password: TypedPassword


class ChangeEmailRequest(ChangeRequest):
    """A new mail address."""

    email: Email


class ChangeMobileRequest(ChangeRequest):
    """A new mobile."""

    mobile: Mobile


class ConsentInForceBody(ResponseBody):
    """The consent decision in force."""

    consents: bool
    text_version: str
    decided_at: Time


class TermsInForceBody(ResponseBody):
    """The terms that the person accepted last."""

    version: str
    accepted_at: Time
    url: str


class PersonBody(ResponseBody):
    """The person: names from the roster, contacts and decisions from the account."""

    identifier: str
    first_name: str
    last_name: str
    birth_name: str
    email: Maybe[str] = None
    mobile: Maybe[str] = None
    channel: Maybe[Channel] = None
    consent: Maybe[ConsentInForceBody] = None
    terms: Maybe[TermsInForceBody] = None


class OnFileBody(ResponseBody):
    """The roster's contacts on channels where the person has proven none; masked, as a roster may be wrong."""

    email: Maybe[str] = None
    mobile: Maybe[str] = None


class CorrespondentBody(ResponseBody):
    """The person's correspondent; unknown members are left out."""

    structure: str
    may_follow_requests: bool = Field(description="Whether they may follow the person's benefit requests")
    name: Maybe[str] = None
    email: Maybe[str] = None
    phone: Maybe[str] = None


class MenuEntryBody(ResponseBody):
    """An entry of the menu."""

    id: str
    label: str
    state: EntryState
    url: str = Field(
        description="The path of its page; of a link, the address of another site", examples=["/compte/suivi"]
    )


class HomeBody(ResponseBody):
    """The home of an account."""

    next_step: NextStep
    person: PersonBody
    on_file: Maybe[OnFileBody] = Field(default=None, description="Contacts not verified yet, masked")
    consent_text: ConsentBody = Field(description="In force now; what a new decision is made on")
    correspondent: CorrespondentBody | None
    menu: list[MenuEntryBody]
    to_do: list[str]
    last_sign_in: Maybe[Time] = None


class HistoryLineBody(ResponseBody):
    """One line of the history."""

    at: Time
    kind: str
    label: str = Field(description="In French, for the person")


class HistoryBody(ResponseBody):
    """The account's history, latest first."""

    events: list[HistoryLineBody]


class ConsentLineBody(ResponseBody):
    """A line of the consent ledger: the decision, the text that was decided on, and how."""

    at: Time
    purpose: str
    text_version: str
    consents: bool
    channel: str
    structure_id: str


class TermsLineBody(ResponseBody):
    """An acceptance of the terms."""

    at: Time
    version: str
    channel: str


class RosterBody(ResponseBody):
    """The roster entry that the correspondent sent. `shared`: others have the same mail or mobile in the roster.

    `desk_email`, `desk_mobile`: the person gave this contact to the help desk in place of the correspondent's.
    """

    last_name: str
    usage_name: str
    first_name: str
    email: str
    mobile: str
    structure_id: str
    end_date: str
    start_date: str
    shared: bool
    desk_email: bool
    desk_mobile: bool


class InvitationBody(ResponseBody):
    """The data of a correspondent's invitation, and the ids of the structures that they answer for."""

    last_name: str
    other_name: str
    first_name: str
    email: str
    mobile: str
    structures: list[str]


class FormerContactsBody(ResponseBody):
    """The contacts as they stood before a change of the last 72 hours."""

    changed_at: Time
    email: Maybe[str] = None
    mobile: Maybe[str] = None


class KnownBrowserBody(ResponseBody):
    """A browser from which the person signed in."""

    last_entered_at: Time


class AskedBody(ResponseBody):
    """The completion that the person was asked for: what, why, by which day."""

    what: str
    reason: AskReason
    before: str
    words: str


class ExportedLineBody(ResponseBody):
    """A line of a request's timeline."""

    at: Time
    act: RequestAct
    by: Party
    state: RequestState
    words: Maybe[str] = None


class ExportedRequestBody(ResponseBody):
    """A request, with its timeline."""

    id: str
    number: str
    kind: str
    kind_version: str
    state: RequestState
    origin: Origin
    opened_at: Time
    sent_at: Maybe[Time] = None
    changed_at: Time
    ended_at: Maybe[Time] = None
    structure_id: Maybe[str] = None
    about: Maybe[str] = None
    answers: dict[str, str]
    asked: Maybe[AskedBody] = None
    words: Maybe[str] = None
    document_id: Maybe[str] = None
    timeline: list[ExportedLineBody]


class ExportedDocumentBody(ResponseBody):
    """A document that was issued; `since` and `until` are days."""

    document_id: str
    identifier: str
    request_id: str
    kind: str
    attests: str
    last_name: str
    first_name: str
    structure_id: str
    employer: str
    attention: str
    since: str
    until: str
    issued_at: Time


class ExportedUploadBody(ResponseBody):
    """A file that a correspondent sent; its rows are in its report."""

    id: str
    sent_at: Time
    state: UploadState
    structures: list[str]
    counts: dict[str, int]
    applied_at: Maybe[Time] = None
    confirmed_at: Maybe[Time] = Field(default=None, description="When the CNAS took in who arrived with it")


class ExportBody(ResponseBody):
    """Everything that is stored about the person (RGPD art. 15 and 20), without hashes, tokens and counters."""

    person: PersonBody
    status: Status
    code_sent_at: Maybe[Time] = None
    code_delivered_at: Maybe[Time] = None
    signed_in_at: Maybe[Time] = None
    previously_signed_in_at: Maybe[Time] = None
    former_contacts: list[FormerContactsBody]
    known_browsers: list[KnownBrowserBody]
    roster: Maybe[RosterBody] = None
    invitation: Maybe[InvitationBody] = Field(default=None, description="In place of `roster`, for a correspondent")
    deliverability: Annotated[
        dict[str, Deliverability],
        Field(description="Ce que les opérateurs ont signalé de mes contacts"),
    ]
    correspondent: Maybe[CorrespondentBody] = None
    consents: list[ConsentLineBody]
    terms: list[TermsLineBody]
    events: list[HistoryLineBody]
    requests: list[ExportedRequestBody]
    documents: list[ExportedDocumentBody]
    uploads: Maybe[list[ExportedUploadBody]] = Field(default=None, description="A correspondent's files of 30 days")
