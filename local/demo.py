"""The people that the local run starts from."""

import csv
from pathlib import Path

from local.deployment import Deployment

ROSTER = Path(__file__).with_name("demo_roster.csv")
Row = dict[str, str]


def rows() -> list[Row]:
    """The demo people, as their correspondents would send them in."""
    with ROSTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_people(deployment: Deployment) -> None:
    """Take the demo people in as any roster is taken in. Raises DeploymentError."""
    deployment.invoke("import_roster", {"action": "apply", "rows": rows()})


def described() -> list[str]:
    """A line for each of the demo people: who they are and where messages reach them."""
    return [
        f"{row['identifier']}  {row['first_name']} {_last_names(row)}: "
        + (", ".join(filter(None, (row["email"], row["mobile"]))) or "sans contact")
        for row in rows()
    ]


def _last_names(row: Row) -> str:
    return f"{row['usage_name']} ({row['last_name']})" if row["usage_name"] else row["last_name"]
