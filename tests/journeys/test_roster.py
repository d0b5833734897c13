"""A roster from the bucket to the tables and back, through the deployed machine and its roles."""

import pytest

from activation.domain.roster.imports import INCOMING, ImportPaths, UploadOption
from local.roster import RosterCommandError, Rosters, last_import, of_sort
from local.running import running_on
from tests.in_memory.roster import as_csv, line
from tests.stack import Stack

SENDER = "agent@cnas.example"


@pytest.fixture
def rosters(product: Stack) -> Rosters:
    return Rosters(running_on(product.deployment))


def people() -> list[dict[str, str]]:
    return [*(line(f"7{number:07}") for number in range(30)), line("70009999", last_name="?")]


def send(rosters: Rosters, rows: list[dict[str, str]], **said: str) -> str:
    options = {UploadOption[name.upper()]: value for name, value in said.items()}
    return rosters.send("personnes.csv", as_csv(rows), options)


def test_a_roster_is_checked_applied_undone_and_told_of(product: Stack, rosters: Rosters) -> None:
    not_applied = send(rosters, people(), sender=SENDER)
    checked = rosters.report(not_applied)
    assert (checked["state"], checked["lines"][0]) == ("checked", "30 créations, 0 modification, 0 sortie, 0 inchangée")
    for import_id in (not_applied, "nobody's"):
        with pytest.raises(RosterCommandError):
            rosters.undo(import_id)
    applied = send(rosters, people(), apply="yes")
    assert rosters.report(applied)["state"] == "applied"
    assert last_import(of_sort(INCOMING, rosters.reported())) == applied
    again = rosters.report(send(rosters, people(), apply="yes"))
    assert again["lines"][0] == "0 création, 0 modification, 0 sortie, 30 inchangées"
    rosters.undo(applied)
    assert rosters.report(applied)["lines"][0] == "30 personnes remises comme avant."
    with pytest.raises(RosterCommandError, match="déjà annulé"):
        last_import(of_sort(INCOMING, rosters.reported()))
    assert rosters.report(send(rosters, people()))["lines"][0].startswith("30 créations")
    findings = (rosters.read(ImportPaths(applied).report("csv")) or b"").decode("utf-8-sig").splitlines()
    assert "32;refus;nom de naissance;un nom a au moins une lettre" in findings
    assert [message.subject for message in product.messages() if message.to == SENDER] == [
        "CNAS : fichier contrôlé, rien n'est importé (personnes.csv)"
    ]
