"""What a preference is set with."""

from pydantic import Field, StrictBool

from activation.api.bodies import RequestBody, ResponseBody
from activation.api.fields import Email, Mobile, Version
from activation.domain.contacts import Channel, Contact


class ConsentRequest(RequestBody):
    """A decision on the text of that version."""

    consents: StrictBool
    text_version: Version


class ChannelRequest(RequestBody):
    """Where later codes go; the chosen channel's contact may be a new one until the terms are accepted."""

    channel: Channel
    email: Email | None = None
    mobile: Mobile | None = None

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
