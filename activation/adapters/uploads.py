"""The files and the contacts that correspondents send, in the table `accounts` (ports `Uploads`, `GivenContacts`)."""

from dataclasses import asdict
from typing import Any

from activation.adapters.dynamodb import DynamoWrite, Item, Table, from_attributes, to_attributes
from activation.domain.errors import StaleError
from activation.domain.findings import Changed, Finding
from activation.domain.records import from_record
from activation.domain.roster.given import REMEMBERED_SECONDS, SEVERAL
from activation.domain.upload_states import UploadState
from activation.domain.uploads import KEPT_SECONDS, LAPSE_SECONDS, ToConfirm, Upload, UploadProgress

_UPLOAD = "UPLOAD#"
_GIVEN = "GIVEN#"
_LATEST = "LATEST_IMPORT"
"""The record that names the upload whose step began last: one at a time, so that no two run at once."""


class DynamoUploads:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, sender: str, upload_id: str) -> Upload | None:
        item = self._table.get(**_key(sender, upload_id))
        return _upload(item) if item else None

    def latest(self, sender: str, *, most: int) -> list[Upload]:
        found = self._table.client.query(
            TableName=self._table.name,
            KeyConditionExpression="identifier = :sender AND begins_with(#record, :upload)",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues=to_attributes({":sender": sender, ":upload": _UPLOAD}),
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=most,
        )
        return [_upload(from_attributes(item)) for item in found["Items"]]

    def every(self, sender: str) -> list[Upload]:
        return [_upload(item) for item in self._table.query_prefix(_UPLOAD, identifier=sender)][::-1]

    def last_begun(self, sender: str) -> Upload | None:
        row = self._table.get(identifier=sender, record=_LATEST)
        return self.get(sender, row["upload_id"]) if row else None

    def send(self, upload: Upload) -> DynamoWrite:
        return self._table.put(_item(upload), condition="attribute_not_exists(identifier)")

    def begin(self, upload: Upload, last: Upload | None) -> list[DynamoWrite]:
        """Without `last`, the row must be missing or name an upload that is gone, whose last step is weeks ago."""
        ended = {"last": last.upload_id} if last else {"ended": upload.since - LAPSE_SECONDS}
        condition = "upload_id = :last" if last else "attribute_not_exists(upload_id) OR since <= :ended"
        values: dict[str, Any] = {"upload_id": upload.upload_id, "since": upload.since, **ended}
        write = self._table.update_write(
            {"identifier": upload.sender, "record": _LATEST},
            "SET upload_id = :upload_id, since = :since, erase_at = :erase_at",
            condition=condition,
            erase_at=upload.since + KEPT_SECONDS,
            **values,
        )
        return [write, *([self._check(last)] if last and last.upload_id != upload.upload_id else [])]

    def _check(self, last: Upload) -> DynamoWrite:
        """Refuses the transaction when `last`, which the sender's row names, has moved on since it was read."""
        return self._table.check(
            _key(last.sender, last.upload_id),
            condition="#state = :state AND since = :since",
            refuse=lambda _: StaleError(),
            name_state="state",
            state=last.state.value,
            since=last.since,
        )

    def save(self, before: Upload, after: Upload) -> DynamoWrite:
        admitted: dict[str, Any] = {"admitted": before.admitted_at} if before.admitted_at else {}
        is_same = "admitted_at = :admitted" if admitted else "attribute_not_exists(admitted_at)"
        return self._table.put(
            _item(after),
            condition=f"#state = :state AND since = :since AND {is_same}",
            name_state="state",
            state=before.state.value,
            since=before.since,
            **admitted,
        )

    def go_on(self, upload: Upload, rows: int) -> None:
        self._table.update(
            _key(upload.sender, upload.upload_id),
            "SET progress.done = progress.done + :rows",
            condition="#state = :state AND since = :since",
            name_state="state",
            state=upload.state.value,
            since=upload.since,
            rows=rows,
        )


class DynamoGivenContacts:
    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, sender: str) -> dict[str, str]:
        pages = self._table.client.get_paginator("query").paginate(
            TableName=self._table.name,
            KeyConditionExpression="identifier = :sender AND begins_with(#record, :given)",
            ProjectionExpression="#record, person",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues=to_attributes({":sender": sender, ":given": _GIVEN}),
            ConsistentRead=True,
        )
        rows = (from_attributes(item) for page in pages for item in page["Items"])
        return {row["record"].removeprefix(_GIVEN): row["person"] for row in rows}

    def give(self, sender: str, key: str, identifier: str, *, is_shared: bool, now: int) -> DynamoWrite:
        """A contact past its time that is not removed yet still counts: the cleanup comes every hour."""
        return self._table.update_write(
            {"identifier": sender, "record": f"{_GIVEN}{key}"},
            "SET person = :person, erase_at = :erase_at",
            condition="" if is_shared else "attribute_not_exists(person) OR person = :person",
            person=SEVERAL if is_shared else identifier,
            erase_at=now + REMEMBERED_SECONDS,
        )


def _key(sender: str, upload_id: str) -> dict[str, str]:
    return {"identifier": sender, "record": f"{_UPLOAD}{upload_id}"}


def _item(upload: Upload) -> Item:
    values: dict[str, Any] = asdict(upload)
    return {
        **_key(values.pop("sender"), values.pop("upload_id")),
        **values,
        "state": upload.state.value,
        "structures": list(upload.structures),
        "erase_at": upload.sent_at + KEPT_SECONDS,
    }


def _upload(item: Item) -> Upload:
    return from_record(
        Upload,
        {
            **item,
            "sender": item["identifier"],
            "upload_id": item["record"].removeprefix(_UPLOAD),
            "state": UploadState(item["state"]),
            "structures": tuple(item["structures"]),
            "progress": from_record(UploadProgress, item["progress"]),
            "findings": tuple(from_record(Finding, finding) for finding in item["findings"]),
            "confirm": tuple(from_record(ToConfirm, waiting) for waiting in item["confirm"]),
            "changes": tuple(
                from_record(Changed, change | {"columns": tuple(change["columns"])})
                for change in item.get("changes", ())
            ),
        },
    )
