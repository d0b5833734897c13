"""The links of structures and their correspondents, and the owners of work mails (port `Links`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from activation.adapters.accounts import structure_of
from activation.adapters.dynamodb import DynamoWrite, Item, Table, from_attributes, read_together, to_attributes
from activation.adapters.tables import MAIL_PREFIX
from activation.domain.correspondents import LinkedStructure, WaitingInvitation
from activation.domain.employment import Structure
from activation.domain.records import from_record

READ_AT_ONCE = 100
"""How many rows one call reads at most."""

MAIL = "MAIL"


class DynamoLinks:
    def __init__(self, accounts: Table, structures: Table) -> None:
        self._accounts = accounts
        self._structures = structures

    def structures(self, structure_ids: Sequence[str]) -> dict[str, LinkedStructure]:
        found: dict[str, LinkedStructure] = {}
        for start in range(0, len(structure_ids), READ_AT_ONCE):
            keys = [to_attributes({"structure_id": one}) for one in structure_ids[start : start + READ_AT_ONCE]]
            asked = {self._structures.name: {"Keys": keys, "ConsistentRead": True}}
            rows = read_together(self._structures.client, asked)[self._structures.name]
            found |= {row["structure_id"]: linked_structure_of(row) for row in map(from_attributes, rows)}
        return found

    def save(self, before: LinkedStructure, after: LinkedStructure) -> DynamoWrite:
        """An empty list is stored as no attribute, so that « nobody answers » is written in one way only."""
        old, new = _values(before), _values(after)
        sets = ", ".join(f"{name} = :new_{name}" for name in new)
        removes = ", ".join(name for name in _NAMES if name not in new)
        conditions = [f"{name} = :old_{name}" if name in old else f"attribute_not_exists({name})" for name in _NAMES]
        return self._structures.update_write(
            {"structure_id": after.structure_id},
            " ".join(filter(None, (f"SET {sets}" if sets else "", f"REMOVE {removes}" if removes else ""))),
            condition=" AND ".join(("attribute_exists(structure_id)", *conditions)),
            **{f"new_{name}": value for name, value in new.items()},
            **{f"old_{name}": value for name, value in old.items()},
        )

    def without(self, *, after: str, most: int) -> list[Structure]:
        """Scans on after that key: the order of a scan stays the same, whatever is added meanwhile."""
        found: list[Structure] = []
        start: dict[str, Any] = {"ExclusiveStartKey": to_attributes({"structure_id": after})} if after else {}
        while len(found) < most:
            page = self._structures.client.scan(
                TableName=self._structures.name, FilterExpression="attribute_not_exists(correspondents)", **start
            )
            found += [structure_of(from_attributes(item)) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        return found[:most]

    def account_of_mail(self, mail_key: str) -> str | None:
        row = self._accounts.get(**_mail(mail_key))
        return row["account"] if row else None

    def claim_mail(self, mail_key: str, identifier: str) -> DynamoWrite:
        return self._accounts.put(
            {**_mail(mail_key), "account": identifier}, condition="attribute_not_exists(identifier)"
        )

    def release_mail(self, mail_key: str, identifier: str) -> DynamoWrite:
        return self._accounts.delete_write(_mail(mail_key), condition="account = :account", account=identifier)


_NAMES = ("correspondents", "invitation")


def _values(structure: LinkedStructure) -> Mapping[str, Any]:
    correspondents, waiting = list(structure.correspondents), structure.waiting
    return {
        **({"correspondents": correspondents} if correspondents else {}),
        **({"invitation": asdict(waiting)} if waiting else {}),
    }


def linked_structure_of(item: Item) -> LinkedStructure:
    """The structure of a row, with the identifiers of its correspondents."""
    waiting = item.get("invitation")
    return LinkedStructure(
        structure_of(item),
        tuple(item.get("correspondents", ())),
        from_record(WaitingInvitation, waiting) if waiting else None,
    )


def _mail(mail_key: str) -> dict[str, str]:
    return {"identifier": f"{MAIL_PREFIX}{mail_key}", "record": MAIL}
