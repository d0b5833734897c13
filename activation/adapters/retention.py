"""Finds and removes what was kept for its whole retention, in `accounts` and `structures` (port `Retention`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from activation.adapters.accounts import PROFILE, account_key
from activation.adapters.dynamodb import Item, Table, from_attributes, to_attributes
from activation.domain.accounts import Status
from activation.domain.retention import SECONDS, Act, Cutoffs, DataCategory, Due

PAGE_ROWS = 1_000

_DUE = {
    Act.CLOSE: "#status <> :closed AND (roster.end_date > :none AND roster.end_date < :today"
    " OR invited_until > :none AND invited_until < :today)",
    Act.DATE_PROOFS: "attribute_exists(undated_closing)",
    Act.ERASE: "#status = :closed AND closed_at <= :closed_by",
    Act.FORGET_BEFORE: "#record = :profile AND attribute_exists(journal.#before) AND journal.#at <= :imported_by",
    Act.REMOVE_EVENT: "begins_with(#record, :event) AND #at <= :happened_by",
    Act.REMOVE_PROOF: "erase_at <= :now",
}
"""The condition under which each act is due: it filters the scan, and is checked again when the act is done.

Only a row with an account has a status, a time of closing, a roster or an invitation.
"""

_NAMES = {"#record": "record", "#status": "status", "#before": "before", "#at": "at"}
_BEFORE_DUE = "attribute_exists(journal.#before) AND journal.#at <= :imported_by"
_INVITATION_DUE = "invitation.#until <= :now"
_PROOFS = ("CONSENT#", "TERMS#")


class DynamoRetention:
    def __init__(self, table: Table, employers: Table) -> None:
        self._table = table
        self._employers = employers

    def due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[Due]]:
        """One scan finds the due rows of every act. DynamoDB filters, so only due rows are transferred."""
        pages = self._table.client.get_paginator("scan").paginate(
            TableName=self._table.name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="identifier, #record, #status, closed_at, undated_closing, roster.end_date,"
            " invited_until",
            FilterExpression=" OR ".join(f"({condition})" for condition in _DUE.values()),
            ExpressionAttributeNames=_NAMES,
            ExpressionAttributeValues=_values(cutoffs),
            PaginationConfig={"PageSize": PAGE_ROWS},
        )
        for page in pages:
            yield [_due(from_attributes(item), cutoffs) for item in page["Items"]]

    def remove(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        return self._delete(_key(due), _DUE[due.act], cutoffs)

    def forget_before(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        request = self._request(_key(due), _DUE[Act.FORGET_BEFORE], cutoffs)
        try:
            self._table.client.update_item(**request, UpdateExpression="REMOVE journal.#before")
        except self._table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def erase(self, due: Due, *, cutoffs: Cutoffs) -> bool:
        profile = self._table.get(**account_key(due.identifier))
        if profile is None or "closed_at" not in profile:
            return False
        self._date_proofs(due.identifier, closed_at=profile["closed_at"])
        return self._delete(_key(due), _DUE[Act.ERASE], cutoffs)

    def employers_due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[str]]:
        pages = self._employers.client.get_paginator("scan").paginate(
            TableName=self._employers.name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="structure_id",
            FilterExpression=f"{_BEFORE_DUE} OR {_INVITATION_DUE}",
            **_employer_values(cutoffs),
        )
        for page in pages:
            yield [item["structure_id"]["S"] for item in page["Items"]]

    def forget_employer(self, structure_id: str, *, cutoffs: Cutoffs) -> bool:
        """Leaves a journal alone that a later import has replaced, and an invitation that was asked for anew."""
        values = _employer_values(cutoffs)
        return any(
            [
                self._forget_of(structure_id, "journal.#before", _BEFORE_DUE, values),
                self._forget_of(structure_id, "invitation", _INVITATION_DUE, values),
            ]
        )

    def _forget_of(self, structure_id: str, what: str, condition: str, values: Mapping[str, Any]) -> bool:
        used: dict[str, Any] = {
            name: {key: one for key, one in some.items() if key in f"{what} {condition}"}
            for name, some in values.items()
        }
        try:
            self._employers.client.update_item(
                TableName=self._employers.name,
                Key={"structure_id": {"S": structure_id}},
                UpdateExpression=f"REMOVE {what}",
                ConditionExpression=condition,
                **used,
            )
        except self._employers.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def date_proofs(self, due: Due) -> bool:
        """`undated_closing` is removed once every proof has its date: if this call breaks off, the next run goes on."""
        profile = self._table.get(**account_key(due.identifier)) or {}
        if "undated_closing" not in profile:
            return False
        self._date_proofs(due.identifier, closed_at=profile["undated_closing"])
        _, is_done = self._table.update(
            _key(due),
            "REMOVE undated_closing",
            condition="undated_closing = :closed_at",
            closed_at=profile["undated_closing"],
        )
        return is_done

    def _date_proofs(self, identifier: str, *, closed_at: int) -> None:
        for row in self._table.query(identifier=identifier):
            decided_at = row.get("decided_at", row.get("accepted_at", 0))
            if row["record"].startswith(_PROOFS) and "erase_at" not in row and decided_at <= closed_at:
                self._table.update(
                    {"identifier": identifier, "record": row["record"]},
                    "SET erase_at = :erase_at",
                    condition="attribute_exists(identifier)",
                    erase_at=closed_at + SECONDS[DataCategory.PROOFS],
                )

    def _delete(self, key: Mapping[str, str], condition: str, cutoffs: Cutoffs) -> bool:
        try:
            self._table.client.delete_item(**self._request(key, condition, cutoffs))
        except self._table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _request(self, key: Mapping[str, str], condition: str, cutoffs: Cutoffs) -> dict[str, Any]:
        """The arguments of a conditional call: the row, the condition, and only the names and values that it uses.

        DynamoDB refuses an empty map of names.
        """
        names = {name: value for name, value in _NAMES.items() if name in condition}
        return {
            "TableName": self._table.name,
            "Key": to_attributes(key),
            "ConditionExpression": condition,
            **({"ExpressionAttributeNames": names} if names else {}),
            "ExpressionAttributeValues": {
                name: value
                for name, value in _values(cutoffs).items()
                if name in condition.split() or f"{name})" in condition
            },
        }


def _values(cutoffs: Cutoffs) -> dict[str, Any]:
    return to_attributes(
        {
            ":profile": PROFILE,
            ":closed": Status.CLOSED.value,
            ":none": "",
            ":today": cutoffs.today,
            ":closed_by": cutoffs.of(DataCategory.CLOSED),
            ":imported_by": cutoffs.of(DataCategory.BEFORE_IMPORT),
            ":event": "EVENT#",
            ":happened_by": cutoffs.of(DataCategory.EVENTS),
            ":now": cutoffs.now,
        }
    )


def _employer_values(cutoffs: Cutoffs) -> dict[str, Any]:
    return {
        "ExpressionAttributeNames": {"#before": "before", "#at": "at", "#until": "until"},
        "ExpressionAttributeValues": to_attributes(
            {":imported_by": cutoffs.of(DataCategory.BEFORE_IMPORT), ":now": cutoffs.now}
        ),
    }


def _key(due: Due) -> dict[str, str]:
    return {"identifier": due.identifier, "record": due.record}


def _due(item: Item, cutoffs: Cutoffs) -> Due:
    return Due(item["identifier"], item["record"], _act(item, cutoffs))


def _act(item: Item, cutoffs: Cutoffs) -> Act:
    """The act that the row is due for. Closing and erasing come first: they also date proofs and remove undo data.

    A row that lacks an attribute raises nothing here: its act fails later, without the other rows of its page.
    """
    if item["record"].startswith("EVENT#"):
        return Act.REMOVE_EVENT
    if item["record"] != account_key(item["identifier"])["record"]:
        return Act.REMOVE_PROOF
    is_closed = item.get("status") == Status.CLOSED
    last_day = item.get("roster", {}).get("end_date") or item.get("invited_until", "")
    if not is_closed and "" < last_day < cutoffs.today:
        return Act.CLOSE
    if is_closed and item.get("closed_at", cutoffs.now) <= cutoffs.of(DataCategory.CLOSED):
        return Act.ERASE
    return Act.DATE_PROOFS if "undated_closing" in item else Act.FORGET_BEFORE
