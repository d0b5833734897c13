"""The help desk on the deployed product: signed calls only, from the terminal client as an agent runs it."""

import io
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.credentials import Credentials
from rich.console import Console

from support_cli.__main__ import main
from support_cli.client import RefusedError, SignedDesk
from tests.people import START, come_home, invite, start
from tests.stack import Stack
from tests.visitor import Visitor, await_message


def told(product: Stack, name: str) -> dict[str, str]:
    """What the agent's shell reads before the client."""
    (agent,) = (agent for agent in product.agents if agent.name == name)
    lines = agent.file.read_text().splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def desk(product: Stack, name: str, **changes: str) -> SignedDesk:
    """The deployed API for that agent."""
    said = {**told(product, name), **changes}
    credentials = Credentials(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"])
    return SignedDesk(said["SUPPORT_URL"], said["AWS_REGION"], credentials)


@pytest.fixture(autouse=True)
def trusted(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's certificate, as the agent's shell has it."""
    monkeypatch.setenv("AWS_CA_BUNDLE", told(product, "claire")["AWS_CA_BUNDLE"])


def run(product: Stack, name: str, *line: str) -> str:
    """What the terminal shows to that agent."""
    shown = io.StringIO()
    main(
        ["--reason", "Appel du jour", *line],
        Console(file=shown, width=160),
        desk=lambda _: desk(product, name),
        ask=pytest.fail,
    )
    return shown.getvalue()


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(RefusedError) as refused:
        call()
    return str(refused.value)


def test_an_agent_helps_somebody_whose_contact_was_wrong(product: Stack) -> None:
    someone = invite(product, last_name="Lambert-Duc")
    assert "prêt" in run(product, "claire", "find", someone.identifier)
    assert someone.identifier in run(product, "claire", "find", "--structure", "S1", "--name", "lambert")
    before = {message.id for message in product.messages()}
    run(product, "claire", "correct-contact", someone.identifier, "--email", "corrige@mondomaine.com")
    assert "coordonnées" in await_message(product, before, to=someone.contact, with_code=False).text
    assert "Il faut un autre agent" in run(product, "claire", "confirm-contact", someone.identifier)
    assert "prêt" in run(product, "karim", "confirm-contact", someone.identifier)
    visitor = Visitor(product)
    visitor.ask_code(lambda: visitor.post(START, someone.start_body), to="corrige@mondomaine.com")
    assert "code envoyé" in run(product, "karim", "find", someone.identifier)


def test_a_code_is_sent_again_to_the_waiting_page(product: Stack) -> None:
    someone = invite(product)
    _, first = start(product, someone)
    before = {message.id for message in product.messages()}
    shown = ""
    while "Un code vient d'être demandé" in (shown := run(product, "claire", "send-again", someone.identifier)):
        pass
    again = await_message(product, before, to=someone.contact, with_code=True)
    assert first not in shown
    assert again.text not in shown


def test_two_agents_close_an_account(product: Stack) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    run(product, "claire", "close", someone.identifier)
    labels = [line["label"] for line in visitor.get("/api/account/history").body["events"]]
    assert "Le service d'assistance a demandé la fermeture de votre compte. Motif : Appel du jour" in labels
    before = {message.id for message in product.messages()}
    assert "fermé" in run(product, "karim", "confirm-closing", someone.identifier)
    assert "fermé" in await_message(product, before, to=someone.contact, with_code=False).subject
    assert visitor.get("/api/session").body["who"] == "anonymous"


def test_a_call_without_a_right_signature_is_refused_before_the_function(product: Stack) -> None:
    someone = invite(product)
    body = json.dumps({"identifier": someone.identifier, "reason": "Sans droit"})
    pool = product.deployment.engine.pool(1)
    path = f"{product.deployment.support_path}/support/person"
    unsigned = pool.request("POST", path, body=body, headers={"Content-Type": "application/json"})
    assert (unsigned.status, b"Camille" in unsigned.data) == (403, False)
    forged = desk(product, "claire", AWS_SECRET_ACCESS_KEY="not-the-key")
    unknown = desk(product, "claire", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE")
    for stranger in (forged, unknown):
        assert "AWS" in refusal(partial(stranger.ask, "person", json.loads(body)))


def test_a_principal_without_the_agents_policy_may_not_call(product: Stack) -> None:
    iam = product.deployment.engine.client("iam")
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = desk(
        product, "claire", AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"]
    )
    told = refusal(lambda: stranger.ask("person", {"identifier": "10000001", "reason": "Sans droit"}))
    assert told.startswith("Vos identifiants AWS n'ont pas accès à ce service")


def test_the_desk_is_not_on_the_public_host(product: Stack) -> None:
    for path in ("/support/person", "/api/support/person"):
        assert Visitor(product).call("POST", path, {}).status in (403, 404, 405)
