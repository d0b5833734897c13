"""What a preference is set with."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from activation.api.bodies import RequestBody, ResponseBody
from activation.api.fields import Version
from activation.domain.contacts import Channel, Contact, parse_email, parse_mobile

MOST_CHARACTERS = 320
"""The longest mail address there is (RFC 5321)."""

Email = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS), Field(examples=["nom@exemple.fr"])]
Mobile = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS), Field(examples=["06 12 34 56 78"])]


class ConsentRequest(RequestBody):
    """A decision on the text of that version."""

    consents: StrictBool
    text_version: Version


class ChannelRequest(RequestBody):
    """Where later codes go; the chosen channel's contact may be a new one until the terms are accepted."""

    channel: Channel
    email: Annotated[Email, AfterValidator(lambda typed: parse_email(typed).value)] | None = None
    mobile: Annotated[Mobile, AfterValidator(lambda typed: parse_mobile(typed).value)] | None = None

    @property
    def contact(self) -> Contact | None:
        """The contact typed for the chosen channel."""
        value = self.email if self.channel is Channel.EMAIL else self.mobile
        return Contact(self.channel, value) if value else None


class TermsRequest(RequestBody):
    """The version that is accepted."""

    version: Version


class TermsBody(ResponseBody):
    """The terms in force, and what proves which document that is."""

    version: str
    date: str = Field(description="YYYY-MM-DD")
    sha256: str = Field(description="Of the document, in hexadecimal")
    url: str
