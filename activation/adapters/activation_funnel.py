"""The activation funnel: reads the outbox, whose rows live a day, and the profiles (port `ActivationFunnel`)."""

from collections.abc import Iterator

from activation.adapters.accounts import PROFILE, account_key
from activation.adapters.dynamodb import Item, Table, from_attributes, to_attributes
from activation.domain.accounts import Status
from activation.domain.activation_funnel import FunnelStage
from activation.domain.outbox import DeliveryEvent, DeliveryState, MessageKind
from activation.domain.ports import CodeTimes

PAGE_ROWS = 1_000
_DELIVERED_AT = f"{DeliveryEvent.DELIVERED.value}_at"


class DynamoActivationFunnel:
    def __init__(self, accounts: Table, outbox: Table) -> None:
        self._accounts = accounts
        self._outbox = outbox

    def sent_codes(self, *, segment: int, segments: int, since: int) -> Iterator[list[CodeTimes]]:
        pages = self._outbox.client.get_paginator("scan").paginate(
            TableName=self._outbox.name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="identifier, finished_at, #delivered",
            FilterExpression="kind = :code AND #state = :sent AND (finished_at >= :since OR #delivered >= :since)"
            " AND attribute_exists(identifier) AND attribute_exists(finished_at)",
            ExpressionAttributeNames={"#state": "state", "#delivered": _DELIVERED_AT},
            ExpressionAttributeValues=to_attributes(
                {":code": MessageKind.CODE.value, ":sent": DeliveryState.SENT.value, ":since": since}
            ),
            PaginationConfig={"PageSize": PAGE_ROWS},
        )
        for page in pages:
            rows = map(from_attributes, page["Items"])
            yield [CodeTimes(row["identifier"], row["finished_at"], row.get(_DELIVERED_AT)) for row in rows]

    def note(self, code: CodeTimes) -> None:
        delivered = ", code_delivered_at = if_not_exists(code_delivered_at, :delivered)" if code.delivered_at else ""
        self._accounts.update(
            account_key(code.identifier),
            f"SET code_sent_at = if_not_exists(code_sent_at, :sent){delivered}",
            condition="#status = :invited",
            name_status="status",
            invited=Status.INVITED.value,
            sent=code.sent_at,
            **({"delivered": code.delivered_at} if code.delivered_at else {}),
        )

    def everybody(self) -> Iterator[FunnelStage]:
        pages = self._accounts.client.get_paginator("scan").paginate(
            TableName=self._accounts.name,
            ProjectionExpression="roster.structure_id, #status, code_sent_at, code_delivered_at",
            FilterExpression="#record = :profile",
            ExpressionAttributeNames={"#record": "record", "#status": "status"},
            ExpressionAttributeValues={":profile": {"S": PROFILE}},
            PaginationConfig={"PageSize": PAGE_ROWS},
        )
        for page in pages:
            yield from (_stage(from_attributes(item)) for item in page["Items"])


def _stage(item: Item) -> FunnelStage:
    return FunnelStage(
        item["roster"]["structure_id"], Status(item["status"]), "code_sent_at" in item, "code_delivered_at" in item
    )
