"""Draws the architecture into `README.md` and `docs/architecture.md`; with `--check`, fails when they have drifted.

python docs/architecture.py [--check]

Functions, their calls, what they are told of and the tables come from the code; the ways between AWS's services, which
no data of ours holds, are written here.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from activation.adapters.tables import TABLES
from activation.config import (
    AgentSettings,
    ApiSettings,
    ArrivalsSettings,
    BucketSettings,
    CodeKeySettings,
    DeliverySettings,
    DocumentKeySettings,
    ImportedMailsSettings,
    MailKeySettings,
    MenuSettings,
    PepperKeySettings,
    RosterSettings,
    Settings,
)
from infra.functions import FUNCTIONS
from infra.routes import ROUTES, SUPPORT_ROUTES

ROOT = Path(__file__).parent.parent
_BEGIN, _END = "<!-- architecture -->", "<!-- end -->"
_TOLD_OF: dict[type[Settings], tuple[str, ...]] = {
    CodeKeySettings: ("code_key",),
    PepperKeySettings: ("pepper_key",),
    DocumentKeySettings: ("document_key",),
    MailKeySettings: ("mail_key",),
    DeliverySettings: ("ses", "sns", "retries"),
    RosterSettings: ("ses", "rosters"),
    **dict.fromkeys((ArrivalsSettings, BucketSettings, ImportedMailsSettings), ("rosters",)),
    **dict.fromkeys((AgentSettings, ApiSettings, MenuSettings), ()),
}
"""The services that a function with those settings uses; one without a row fails the drawing."""
_READ = {"GetItem", "BatchGetItem", "Query", "Scan", "ConditionCheckItem"}

_HEAD = """flowchart LR
  visitor(["Beneficiary, correspondent"]) --> cloudfront["CloudFront, firewall"]
  cloudfront --> front[("S3: the static front")]
  cloudfront -->|/api| api["API Gateway, firewall"]
  agent([Help desk agent]) -->|signed by IAM| desk["API Gateway of the help desk"]
  operator([Operator]) -->|roster| rosters[("S3: rosters, reports")] -->|upload| machine["Step Functions"]
  clock["EventBridge Scheduler"] -->|every hour| purge_expired
  clock -->|every night| import_roster
  machine --> import_roster
  code_key{{"KMS: codes"}}
  pepper_key{{"KMS: peppers"}}
  document_key{{"KMS: documents"}}
  mail_key{{"KMS: work mails"}}"""

_TAIL = """  ses["SES: mail"] -->|events over a topic| record_delivery
  sns["SNS: SMS"] -->|delivery log| record_delivery
  retries["SQS: retries"] --> deliver_message
  retries -->|given up| dead_letters["SQS: dead letters, alarm"]"""


def drawing() -> Iterator[str]:
    """The whole, in Mermaid."""
    yield _HEAD
    yield '  subgraph functions["Lambda, one function per step"]'
    yield from (f"    {spec.name}" for spec in FUNCTIONS)
    yield "  end"
    yield f'  subgraph tables["DynamoDB, {len(TABLES)} tables under a key of ours"]'
    yield from (f"    {table.name}[({table.name})]" for table in TABLES)
    yield "  end"
    yield "  functions --> tables"
    for gateway, routes in (("api", ROUTES), ("desk", SUPPORT_ROUTES)):
        for function, calls in Counter(route.function for route in routes).items():
            yield f"  {gateway} -->|{calls} call{'s' * (calls > 1)}| {function}"
    yield from (f"  {table.name} -->|stream| deliver_message" for table in TABLES if table.stream)
    for spec in FUNCTIONS:
        used = dict.fromkeys(service for group in spec.settings for service in _TOLD_OF[group])
        yield from (f"  {spec.name} --> {service}" for service in used)
    yield _TAIL


def matrix() -> Iterator[str]:
    """What each function does with which table, as a Markdown table."""
    yield f"| | {' | '.join(f'`{table.name}`' for table in TABLES)} | what it does |"
    yield f"| --- |{' --- |' * len(TABLES)} --- |"
    for spec in FUNCTIONS:
        marks = " | ".join(_mark(spec.tables.get(table, ())) for table in TABLES)
        yield f"| `{spec.name}` | {marks} | {spec.description.removesuffix('.')} |"


def _mark(actions: tuple[str, ...]) -> str:
    """R for reading, W for writing."""
    return "R" * bool(_READ.intersection(actions)) + "W" * bool(set(actions) - _READ)


def main() -> int:
    """Write or check both files; 1 when one has drifted."""
    is_check = "--check" in sys.argv
    parts = {"README.md": ["```mermaid", *drawing(), "```"], "docs/architecture.md": [*matrix()]}
    for name, lines in parts.items():
        file = ROOT / name
        former = file.read_text(encoding="utf-8")
        before, rest = former.split(_BEGIN)
        text = "\n".join([before + _BEGIN, *lines, _END + rest.partition(_END)[2]])
        if is_check and text != former:
            print(f"{name} does not show what the code says: run `make architecture`")
            return 1
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
