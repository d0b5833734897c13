"""What SES and SNS send, and only what is read of it (Amazon SES Developer Guide, "Contents of event data")."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from activation.domain.outbox import DeliveryEvent
from functions.record_delivery.service import MailReport

_EVENTS = {
    "Delivery": DeliveryEvent.DELIVERED,
    "DeliveryDelay": DeliveryEvent.DELAYED,
    "Complaint": DeliveryEvent.COMPLAINED,
    "Reject": DeliveryEvent.REJECTED,
}


class Tags(BaseModel):
    """The tags that the mail was sent with; SES gives a list for each."""

    message_id: Annotated[list[UUID], Field(min_length=1, max_length=1)]


class Mail(BaseModel):
    """The mail that the event is about."""

    destination: Annotated[list[str], Field(min_length=1, max_length=1, repr=False)]
    tags: Tags


class Bounce(BaseModel):
    """Why a mail came back: permanent, transient, or undetermined when SES cannot tell."""

    bounce_type: Annotated[Literal["Permanent", "Transient", "Undetermined"], Field(alias="bounceType")]


class SesEvent(BaseModel):
    """An event of the configuration set."""

    event_type: Annotated[
        Literal["Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject"], Field(alias="eventType")
    ]
    mail: Mail
    bounce: Bounce | None = None

    def report(self) -> MailReport:
        """The event as a report of the domain."""
        [message_id], [address] = self.mail.tags.message_id, self.mail.destination
        return MailReport(str(message_id), self._event(), address)

    def _event(self) -> DeliveryEvent:
        if self.event_type != "Bounce":
            return _EVENTS[self.event_type]
        for_good = self.bounce is not None and self.bounce.bounce_type == "Permanent"
        return DeliveryEvent.BOUNCED if for_good else DeliveryEvent.BOUNCED_FOR_NOW


class SmsNotification(BaseModel):
    """The SMS that a line of the delivery-status log is about, by SNS's id."""

    message_id: Annotated[str, Field(alias="messageId")]


class SmsStatus(BaseModel):
    """A line of SNS's delivery-status log. The number and the operator's words in it are not read."""

    notification: SmsNotification
    status: Literal["SUCCESS", "FAILURE"]
