"""The read members of the events of SES and SNS (Amazon SES Developer Guide, "Contents of event data")."""

import re
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from activation.domain.outbox import DeliveryEvent
from functions.record_delivery.service import Report, SummaryReport

_EVENTS = {
    "Delivery": DeliveryEvent.DELIVERED,
    "DeliveryDelay": DeliveryEvent.DELAYED,
    "Complaint": DeliveryEvent.COMPLAINED,
    "Reject": DeliveryEvent.REJECTED,
}


_ImportId = Annotated[str, Field(pattern=r"^\d{8}T\d{6}Z-[0-9a-f]{12}$")]


class Tags(BaseModel):
    """The tags of a mail, a message's or a roster summary's; SES gives a list for each."""

    message_id: Annotated[list[UUID], Field(min_length=1, max_length=1)] | None = None
    import_id: Annotated[list[_ImportId], Field(min_length=1, max_length=1)] | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if (self.message_id is None) == (self.import_id is None):
            raise ValueError("a mail is a message or a summary")
        return self


class Mail(BaseModel):
    """The mail that the event is about."""

    destination: Annotated[list[str], Field(min_length=1, max_length=1, repr=False)]
    tags: Tags


_STATUS = re.compile(r"(?<![\d.])5\.(\d{1,3}\.\d{1,3})(?![\d.])")
_OF_THE_SENDER = frozenset({"1.7", "1.8"})


class BouncedRecipient(BaseModel):
    """The answer of the recipient's provider; SES leaves out the members that the provider did not give."""

    status: str = ""
    diagnostic_code: Annotated[str, Field(alias="diagnosticCode", repr=False)] = ""

    def is_unknown(self) -> bool:
        """Whether the provider says for good that there is no such recipient: 5.1.x (RFC 3463, 3.2).

        5.1.7 and 5.1.8 are about the sender's address. SES makes 5.5.0 of a refusal that had no such status.
        """
        found = _STATUS.search(self.status) or _STATUS.search(self.diagnostic_code)
        return found is not None and found[1].startswith("1.") and found[1] not in _OF_THE_SENDER


class Bounce(BaseModel):
    """Why a mail came back: permanent, transient, or undetermined when SES cannot tell."""

    bounce_type: Annotated[Literal["Permanent", "Transient", "Undetermined"], Field(alias="bounceType")]
    bounce_sub_type: Annotated[str, Field(alias="bounceSubType")] = ""
    recipients: Annotated[list[BouncedRecipient], Field(alias="bouncedRecipients")] = []

    def event(self) -> DeliveryEvent:
        """The kind of report that the bounce is, on the mail and its address.

        SES gives 5.1.1 also for mail that it did not send. Its own list (`Suppressed`) has addresses that bounced as
        invalid, and says so; the account's list has complaints too, and says nothing of the address.
        """
        kind = self.bounce_type, self.bounce_sub_type
        if self.bounce_type == "Permanent":
            is_unknown = any(recipient.is_unknown() for recipient in self.recipients)
            is_listed = self.bounce_sub_type == "OnAccountSuppressionList"
            return DeliveryEvent.BOUNCED if is_unknown and not is_listed else DeliveryEvent.BLOCKED
        return DeliveryEvent.ANSWERED if kind == ("Transient", "General") else DeliveryEvent.BOUNCED_FOR_NOW


class SesEvent(BaseModel):
    """An event of the configuration set."""

    event_type: Annotated[
        Literal["Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject"], Field(alias="eventType")
    ]
    mail: Mail
    bounce: Bounce | None = None

    def report(self) -> Report | SummaryReport:
        """The event as a report of the domain."""
        tags, [address] = self.mail.tags, self.mail.destination
        if tags.import_id:
            return SummaryReport(tags.import_id[0], self._event())
        [message_id] = tags.message_id or []
        return Report(str(message_id), self._event(), address)

    def _event(self) -> DeliveryEvent:
        if self.event_type != "Bounce":
            return _EVENTS[self.event_type]
        return self.bounce.event() if self.bounce else DeliveryEvent.BOUNCED_FOR_NOW


class SmsNotification(BaseModel):
    """The SMS that a line of the delivery-status log is about, by SNS's id."""

    message_id: Annotated[str, Field(alias="messageId")]


_NO_SMS = (
    "invalid phone number",
    "phone number is opted out",
    "phone has blocked sms",
    "phone is on a blocked list",
    "destination is on a blocked list",
)
"""The lasting failures among SNS's, which it reports in words (Developer Guide, "SMS delivery failure reasons")."""


class SmsDelivery(BaseModel):
    """The number of an SMS, and the answer of its operator."""

    destination: Annotated[str, Field(repr=False)]
    response: Annotated[str, Field(alias="providerResponse", repr=False)] = ""


class SmsStatus(BaseModel):
    """A line of SNS's delivery-status log."""

    notification: SmsNotification
    delivery: SmsDelivery
    status: Literal["SUCCESS", "FAILURE"]

    def event(self) -> DeliveryEvent:
        """The kind of report that the line is, on the SMS and its number."""
        if self.status == "SUCCESS":
            return DeliveryEvent.DELIVERED
        said = self.delivery.response.casefold()
        return DeliveryEvent.NUMBER_REFUSED if any(words in said for words in _NO_SMS) else DeliveryEvent.FAILED
