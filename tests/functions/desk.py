"""An agent of the help desk in front of its function: what the gateway hands over once it has checked a signature."""

import json
from dataclasses import dataclass
from typing import Any

from activation.adapters.dynamodb import from_attributes
from tests.functions.people import LOUIS
from tests.functions.response_contract import check_response_contract
from tests.functions.visitor import CONTEXT, Answer, gateway_event, handler
from tests.functions.world import World

REASON = "Appel : n'a pas reçu son code"
LISTS = ("requests/queue", "structure/without")
"""The calls that look at nobody in particular, and take no reason."""


@dataclass(frozen=True)
class Agent:
    """An agent, by the principal that signed."""

    arn: str | None = "arn:aws:sts::123456789012:assumed-role/HelpDesk/claire"

    def ask(self, path: str, identifier: str | None = None, *, reason: str = REASON, **more: object) -> Answer:
        """One call; `path` comes after `/support/`."""
        told = {} if path in LISTS else {"reason": reason}
        body = {**told, **({"identifier": identifier} if identifier else {}), **more}
        return self.send(path, body)

    def send(self, path: str, body: dict[str, Any]) -> Answer:
        headers = {"Content-Type": "application/json"}
        event = gateway_event("POST", f"/support/{path}", json.dumps(body), headers, "203.0.113.9")
        event["requestContext"]["identity"]["userArn"] = self.arn
        answer = handler("support")(event, CONTEXT)
        seen = Answer(answer["statusCode"], answer["multiValueHeaders"], answer.get("body") or "")
        check_response_contract(seen.status, seen.headers, seen.body, sent=body)
        return seen

    def line(self, identifier: str) -> str:
        return str(self.ask("person", identifier).body["status"]["line"])


CLAIRE = Agent()
KARIM = Agent("arn:aws:iam::123456789012:user/desk/karim")
GARCIA = LOUIS.identifier


def kinds(world: World, identifier: str = GARCIA) -> list[str]:
    """What the person's history holds, oldest first, moments of one second in any order."""
    rows = [from_attributes(row) for row in world.rows("accounts")]
    events = [row for row in rows if row["identifier"] == identifier and row["record"].startswith("EVENT#")]
    return [row["kind"] for row in sorted(events, key=lambda row: int(row["at"]))]


def close(identifier: str = GARCIA) -> None:
    assert CLAIRE.ask("closing", identifier).status == 200
    assert KARIM.ask("closing/confirmation", identifier).status == 200
