"""SMS by Amazon SNS (port `SmsSender`)."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit

from activation.domain.outbox import NumberRefusedError, RefusedByProviderError
from activation.observability import metrics

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsSmsSender:
    def __init__(self, client: "SNSClient", *, sender_id: str) -> None:
        self._client = client
        self._sender_id = sender_id

    def send(self, to: str, text: str, *, is_code: bool = False) -> str:
        try:
            answer = self._client.publish(
                PhoneNumber=to,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                    "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": self._sender_id},
                },
            )
        except self._client.exceptions.OptedOutException as error:
            raise NumberRefusedError(type(error).__name__) from None
        except (
            self._client.exceptions.InvalidParameterException,
            self._client.exceptions.InvalidParameterValueException,
        ) as error:
            # SNS says « Invalid parameter: PhoneNumber Reason: … is opted out », or « … is not valid to publish to ».
            is_number = "PhoneNumber" in str(error)
            raise (NumberRefusedError if is_number else RefusedByProviderError)(type(error).__name__) from None
        metrics().add_metric("SmsSent", MetricUnit.Count, 1)
        if is_code:
            metrics().add_metric("CodesSentBySms", MetricUnit.Count, 1)
        return answer["MessageId"]
