"""The JSON bodies that several functions answer with."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from activation.domain.consent import ConsentText
from activation.domain.contacts import Channel
from activation.domain.errors import NextStep
from activation.domain.flows import Flow
from activation.domain.limits import Limits
from activation.domain.steps import OfferedContacts, Step
from activation.domain.times import rfc3339

Time = Annotated[
    str,
    Field(description="RFC 3339, UTC", examples=["2026-11-24T09:30:00Z"], json_schema_extra={"format": "date-time"}),
]


T = TypeVar("T")

Maybe = Annotated[T | None, Field(exclude_if=lambda value: value is None)]
"""A member that is left out of the answer when it is None."""


class RequestBody(BaseModel):
    """A body that a visitor sends: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class EmptyRequest(RequestBody):
    """A body without members: the browser's cookies say which flow or session is meant."""


class ResponseBody(BaseModel):
    """A body that we answer with."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class CodeBody(ResponseBody):
    """The code that was sent last: its number of digits and its times."""

    length: int = Field(description="6 or 8 digits")
    expires_at: Time
    resend_at: Time
    resends_left: int

    @classmethod
    def of(cls, flow: Flow, limits: Limits) -> "CodeBody":
        """The flow's latest code."""
        return cls(
            length=flow.latest_code.digits,
            expires_at=rfc3339(flow.latest_code.expires_at),
            resend_at=rfc3339(flow.resend_at(limits)),
            resends_left=flow.resends_left(limits),
        )


class ConsentBody(ResponseBody):
    """The consent text to decide on. The page shows exactly this text; the consent ledger stores its hash."""

    text_version: str
    text: str

    @classmethod
    def of(cls, text: ConsentText) -> "ConsentBody":
        """The body for that text."""
        return cls(text_version=text.version, text=text.text)


class ContactsBody(ResponseBody):
    """The contacts that prefill the choice of a channel, and the channels that need no code any more."""

    email: Maybe[str] = None
    mobile: Maybe[str] = None
    proven: list[Channel]

    @classmethod
    def of(cls, offered: OfferedContacts) -> "ContactsBody":
        """The body for those contacts."""
        return cls(email=offered.email, mobile=offered.mobile, proven=list(offered.proven))


class TermsLinkBody(ResponseBody):
    """The terms to accept."""

    version: str
    url: str
    replaces: Maybe[str] = Field(default=None, description="The version that the person accepted before")


class StepBody(ResponseBody):
    """The next step, with the data that its page needs."""

    next_step: NextStep
    flow: Maybe[str] = Field(default=None, description="The flow's id, to send back as X-Flow")
    code: Maybe[CodeBody] = None
    consent: Maybe[ConsentBody] = None
    contacts: Maybe[ContactsBody] = None
    terms: Maybe[TermsLinkBody] = None

    @classmethod
    def of(cls, step: Step, limits: Limits) -> "StepBody":
        """The body for that step."""
        return cls(**step_members(step, limits))


def step_members(step: Step, limits: Limits) -> dict[str, Any]:
    """The members of a `StepBody` for that step."""
    out = step.next_step in (NextStep.VERIFY_CODE, NextStep.VERIFY_CONTACT)
    return {
        "next_step": step.next_step,
        "flow": step.flow.flow_id if step.flow else None,
        "code": CodeBody.of(step.flow, limits) if step.flow and out else None,
        "consent": ConsentBody.of(step.consent) if step.consent else None,
        "contacts": ContactsBody.of(step.contacts) if step.contacts else None,
        "terms": step.terms and TermsLinkBody(version=step.terms.version, url=step.terms.url, replaces=step.replaces),
    }
