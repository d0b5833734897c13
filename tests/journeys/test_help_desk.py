"""The help desk on the deployed product: signed calls only, from the terminal client as an agent runs it."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from support_cli.client import RefusedError
from tests.desk import desk, run, trust
from tests.people import START, invite
from tests.stack import Stack
from tests.visitor import Visitor, await_message


@pytest.fixture(autouse=True)
def trusted(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(product, monkeypatch)


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
