"""The port `DeclaredPeople` in memory."""

from collections.abc import Sequence

from activation.domain.accounts import Status
from activation.domain.identifiers import Role
from activation.domain.names import fold_name
from activation.domain.people_search import Numbers, Order, Place
from activation.domain.standing import Standing
from tests.fakes.accounts import FakeAccounts


class FakeDeclaredPeople:
    """Over `accounts`; `looks` counts the reads."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self.looks = 0

    def numbers(self, structure_ids: Sequence[str]) -> dict[str, Numbers]:
        def of(structure_id: str) -> Numbers:
            keys = [place.key for place in self._all(structure_id, Order.STANDING)]
            missing, bounced = (
                sum(key.startswith(f"{standing}#") for key in keys) for standing in (Standing.MISSING, Standing.BOUNCED)
            )
            return Numbers(len(keys), missing, bounced)

        return {one: of(one) for one in structure_ids}

    def places(self, structure_id: str, order: Order, prefix: str, after: Place | None, *, most: int) -> list[Place]:
        self.looks += 1
        found = [place for place in self._all(structure_id, order) if place.key.startswith(prefix)]
        behind = [place for place in found if after is None or _place(place) > _place(after)]
        return behind[:most]

    def _all(self, structure_id: str, order: Order) -> list[Place]:
        found = []
        for account in self._accounts.rows.values():
            if account.role is not Role.BENEFICIARY:
                continue
            owner = account.beneficiary
            keys = {
                Order.LAST_NAME: fold_name(owner.roster.last_name),
                Order.USAGE_NAME: fold_name(owner.roster.usage_name),
                Order.STANDING: f"{owner.standing}#{fold_name(owner.roster.last_name)}",
            }
            is_there = order is not Order.STANDING or account.status is not Status.CLOSED
            if owner.roster.structure_id == structure_id and keys[order] and is_there:
                found.append(Place(keys[order], account.identifier))
        return sorted(found, key=_place)


def _place(place: Place) -> tuple[str, str]:
    return place.key, place.identifier
