"""The queue `delivery-retry`, in SQS."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsRetryQueue:
    """Messages to try again later."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def put(self, message_id: str, *, delay: int) -> None:
        """Queue a message, to be tried after `delay` seconds."""
        self._client.send_message(QueueUrl=self._url, MessageBody=message_id, DelaySeconds=delay)

    def postpone(self, receipt: str, *, delay: int) -> None:
        """Have the queue deliver a received message again, after `delay` seconds."""
        self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=delay)
