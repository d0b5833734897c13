"""The people of structures as the indexes of `accounts` know them (port `DeclaredPeople`)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from activation.adapters.accounts import PROFILE
from activation.adapters.dynamodb import Table, to_attributes
from activation.adapters.tables import BY_LAST_NAME, BY_STANDING, BY_USAGE_NAME, IndexSpec
from activation.domain.parallel import run_all
from activation.domain.people_search import Numbers, Place, SortOrder
from activation.domain.standing import Standing

_INDEXES = {SortOrder.LAST_NAME: BY_LAST_NAME, SortOrder.USAGE_NAME: BY_USAGE_NAME, SortOrder.STANDING: BY_STANDING}
_COUNTED = ("", f"{Standing.MISSING}#", f"{Standing.BOUNCED}#")


class DynamoDeclaredPeople:
    def __init__(self, accounts: Table) -> None:
        self._accounts = accounts

    def numbers(self, structure_ids: Sequence[str]) -> dict[str, Numbers]:
        """Three counts for each structure: no data of any person is transferred."""
        counts = run_all([partial(self._count, one, prefix) for one in structure_ids for prefix in _COUNTED])
        each = len(_COUNTED)
        return {one: Numbers(*counts[place * each :][:each]) for place, one in enumerate(structure_ids)}

    def places(
        self, structure_id: str, order: SortOrder, prefix: str, after: Place | None, *, most: int
    ) -> list[Place]:
        index = _INDEXES[order]
        begins: dict[str, Any] = {}
        if after:
            key = {"identifier": after.identifier, "record": PROFILE, "structure_id": structure_id}
            begins = {"ExclusiveStartKey": to_attributes({**key, index.sort_key: after.key})}
        found = self._accounts.client.query(**self._asked(index, structure_id, prefix), **begins, Limit=most)
        return [Place(item[index.sort_key]["S"], item["identifier"]["S"]) for item in found["Items"]]

    def _count(self, structure_id: str, prefix: str) -> int:
        """A page of an index counts some 7,000 people; only the largest structures have more."""
        asked = self._asked(BY_STANDING, structure_id, prefix)
        pages = self._accounts.client.get_paginator("query").paginate(**asked, Select="COUNT")
        return sum(page["Count"] for page in pages)

    def _asked(self, index: IndexSpec, structure_id: str, prefix: str) -> dict[str, Any]:
        begins = " AND begins_with(#key, :prefix)" if prefix else ""
        return {
            "TableName": self._accounts.name,
            "IndexName": index.name,
            "KeyConditionExpression": f"structure_id = :structure{begins}",
            "ExpressionAttributeValues": to_attributes({":structure": structure_id, ":prefix": prefix or None}),
            **({"ExpressionAttributeNames": {"#key": index.sort_key}} if prefix else {}),
        }
