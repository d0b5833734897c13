"""The bodies of the calls on preferences."""

from pydantic import Field, StrictBool

from activation.api.bodies import RequestBody, ResponseBody
from activation.api.fields import Email, Mobile, Version
from activation.domain.contacts import Channel, Contact


class ConsentRequest(RequestBody):
    """A decision on the text of that version."""

    consents: StrictBool
    text_version: Version


class ChannelRequest(RequestBody):
    """The channel for later codes; until the terms are accepted, the contact sent for it may be a new one."""

    channel: Channel
    email: Email | None = None
    mobile: Mobile | None = None

    @property
    def contact(self) -> Contact | None:
        """The contact typed for the chosen channel."""
        value = self.email if self.channel is Channel.EMAIL else self.mobile
        return Contact(self.channel, value) if value else None


class TermsRequest(RequestBody):
    """The version of the terms that the person accepts."""

    version: Version


class TermsBody(ResponseBody):
    """The terms in force, with the hash of the document."""

    version: str
    date: str = Field(description="YYYY-MM-DD", json_schema_extra={"format": "date"})
    sha256: str = Field(description="Of the document, in hexadecimal")
    url: str
