"""Agents who link and unlink one correspondent and one structure at once: afterwards both rows say the same."""

import itertools
from dataclasses import dataclass
from functools import partial

import pytest

from activation.adapters.dynamodb import from_attributes
from activation.adapters.tables import ACCOUNTS, STRUCTURES
from support_cli.client import RefusedError
from tests.builders import row
from tests.desk import desk, trust
from tests.people import import_rows
from tests.races.test_races import at_once
from tests.stack import Stack
from tests.tables import row_of, rows

AGENTS = ("claire", "karim")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Town:
    """A structure of its own, whose correspondent nobody has invited yet."""

    product: Stack
    number: int

    @property
    def code(self) -> str:
        return f"R{self.number:04}"

    @property
    def mail(self) -> str:
        return f"zoe.roux{self.number}@ville.example"

    @property
    def row(self) -> dict[str, str]:
        of_town = {"structure_id": self.code, "structure_name": "Ville de Ronchères"}
        said = {"correspondent_name": "Zoé ROUX", "correspondent_email": self.mail}
        return row(f"7{self.number:03}0000", "Blanc", "Ida", **of_town, **said)

    def ask(self, agent: str, path: str, **body: str) -> str:
        """What the desk answers to that agent: nothing, or the first words of why it refuses."""
        try:
            desk(self.product, agent).ask(path, {"structure_id": self.code, "reason": "Déclaration", **body})
        except RefusedError as refused:
            return str(refused)
        return ""

    def invite(self, agent: str) -> str:
        return self.ask(agent, "invitation", last_name="Roux", first_name="Zoé")

    def unlink(self, agent: str, identifier: str) -> str:
        return self.ask(agent, "unlinking", identifier=identifier)

    def correspondents(self) -> list[str]:
        found = from_attributes(row_of(self.product, STRUCTURES, structure_id=self.code))
        return list(found.get("correspondents", []))

    def accounts(self) -> dict[str, tuple[str, list[str]]]:
        """The accounts of its correspondent's name and mail: their status, and the structures that they name."""
        profiles = (
            from_attributes(found) for found in rows(self.product, ACCOUNTS) if found["record"]["S"] == "CORRESPONDENT"
        )
        own = [profile for profile in profiles if self.mail in str(profile)]
        return {profile["identifier"]: (profile["status"], list(profile.get("structures", []))) for profile in own}


@pytest.fixture
def town(product: Stack, monkeypatch: pytest.MonkeyPatch) -> Town:
    trust(product, monkeypatch)
    made = Town(product, next(_numbers))
    import_rows(product, [made.row])
    return made


def test_of_invitations_at_once_one_account_comes_and_both_rows_name_each_other(town: Town) -> None:
    refusals = at_once([partial(town.invite, agent) for agent in AGENTS * 3])
    assert "" in refusals
    [(identifier, (status, structures))] = town.accounts().items()
    assert (status, structures, town.correspondents()) == ("invited", [town.code], [identifier])


def test_of_a_link_that_is_made_and_ended_at_once_both_rows_say_the_same(town: Town) -> None:
    assert town.invite("claire") == ""
    [first] = town.accounts()
    calls = [partial(town.unlink, "claire", first), partial(town.invite, "karim"), partial(town.unlink, "karim", first)]
    at_once(calls * 2)
    linked = {name for name, (status, structures) in town.accounts().items() if town.code in structures}
    closed = {name for name, (status, _) in town.accounts().items() if status == "closed"}
    assert set(town.correspondents()) == linked
    assert linked & closed == set()
    assert len(linked) <= 1
