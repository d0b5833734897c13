"""Mail by Amazon SES (port `MailSender`)."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit

from activation.domain.outbox import RefusedByProviderError
from activation.observability import metrics

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import BodyTypeDef, MessageHeaderTypeDef


_HEADERS: "list[MessageHeaderTypeDef]" = [
    {"Name": "Auto-Submitted", "Value": "auto-generated"},
    {"Name": "X-Auto-Response-Suppress", "Value": "All"},
]
"""Headers that ask for no automatic reply: RFC 3834, section 5, and Exchange's own ([MS-OXCMAIL])."""


class SesMailSender:
    """`tag`: the name of the tag with a mail's `message_id`; it tells which kind of mail a report is about."""

    def __init__(self, client: "SESV2Client", *, sender: str, configuration_set: str, tag: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set
        self._tag = tag

    def send(self, to: str, *, subject: str, text: str, html: str, message_id: str, is_code: bool = False) -> str:
        """The mail has our `message_id` as a tag, so that SES's events can be matched to the message.

        The `message_id` is a header too: by it mail programs keep mails of one subject out of one thread (Gmail's own).
        """
        own: MessageHeaderTypeDef = {"Name": "X-Entity-Ref-ID", "Value": message_id}
        body: BodyTypeDef = {
            "Text": {"Data": text, "Charset": "UTF-8"},
            "Html": {"Data": html, "Charset": "UTF-8"},
        }
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": body,
                        "Headers": [*_HEADERS, own],
                    }
                },
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": self._tag, "Value": message_id}],
            )
        except (self._client.exceptions.MessageRejected, self._client.exceptions.BadRequestException) as error:
            raise RefusedByProviderError(type(error).__name__) from None
        metrics().add_metric("MailsSent", MetricUnit.Count, 1)
        if is_code:
            metrics().add_metric("CodesSentByMail", MetricUnit.Count, 1)
        return answer["MessageId"]
