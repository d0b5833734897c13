"""What a person does with their requests, and an agent with them."""

from typing import Any

from tests.functions.desk import Agent
from tests.functions.paths import REQUESTS
from tests.functions.people import LOUIS
from tests.functions.visitor import Answer, Visitor

CLAIM = {"objet": "jamais-arrive", "explication": "Mes chèques ne sont jamais arrivés."}
IN_A_MONTH = "2026-12-24"


def opened(visitor: Visitor, kind: str = "reclamation", **more: str) -> dict[str, Any]:
    """A draft of that kind, or the document's request."""
    answer = visitor.post(REQUESTS, {"kind": kind, **more})
    assert answer.status in (200, 201), answer.text
    return dict(answer.body)


def saved(visitor: Visitor, request: dict[str, Any], **answers: str) -> Answer:
    return visitor.put(f"{REQUESTS}/{request['id']}", {"version": request["version"], "fields": answers})


def act(visitor: Visitor, request: dict[str, Any], what: str, body: object = None) -> Answer:
    """An act of the person's: `sending`, `withdrawal`, `completion`, `message`."""
    return visitor.post(f"{REQUESTS}/{request['id']}/{what}", body or {})


def sent(visitor: Visitor) -> dict[str, Any]:
    draft = opened(visitor)
    assert saved(visitor, draft, **CLAIM).status == 200
    return dict(act(visitor, draft, "sending").body)


def handle(agent: Agent, request: dict[str, Any], what: str, who: str = LOUIS.identifier, **more: str) -> Answer:
    return agent.ask(f"requests/{what}", who, number=request["number"], **more)
