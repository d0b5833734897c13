"""What the smoke test needs behind the service: somebody to activate, and their code."""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Protocol

import boto3

from activation.domain.codes import code_for, code_message
from activation.domain.flows import Purpose
from infra.names import ALIAS
from infra.stages import REGION, Stage
from tests.smoke.site import Site, SmokeError

_DIGITS = 6
_INBOX_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Somebody to activate, as step 1 asks for them."""

    identifier: str
    last_name: str


class Backstage(Protocol):
    """Where people come from, and codes."""

    def enrol(self) -> Synthetic:
        """Somebody who has not activated yet."""

    def code(self, flow_id: str) -> str:
        """The first code of an activation."""


class AwsBackstage:
    """A deployed stage: enrols somebody new through the roster's function, computes the code from its key."""

    def __init__(self, *, functions: Any, keys: Any, enrolment: str, code_key: str) -> None:
        self._functions, self._keys = functions, keys
        self._enrolment, self._code_key = enrolment, code_key

    def enrol(self) -> Synthetic:
        """See the port. SES's own simulator takes the mail."""
        person = Synthetic(f"9{secrets.randbelow(10**9):09}", "Fictive")
        row = {
            "identifier": person.identifier,
            "last_name": person.last_name,
            "first_name": "Personne",
            "email": "success@simulator.amazonses.com",
            "structure_id": "fumee",
            "structure_name": "Essai automatique",
        }
        answer = self._functions.invoke(
            FunctionName=self._enrolment,
            Qualifier=ALIAS,
            Payload=json.dumps({"action": "apply", "rows": [row]}).encode(),
        )
        enrolled = json.load(answer["Payload"])
        if "FunctionError" in answer or enrolled.get("refused"):
            raise SmokeError("nobody could be enrolled")
        return person

    def code(self, flow_id: str) -> str:
        """See the port."""
        message = code_message(Purpose.ACTIVATION, flow_id)
        answer = self._keys.generate_mac(KeyId=self._code_key, MacAlgorithm="HMAC_SHA_256", Message=message)
        return code_for(answer["Mac"], issue=1, digits=_DIGITS)


class LocalBackstage:
    """`make run`: one of the demo people, who can be activated once a run, and the inbox."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def enrol(self) -> Synthetic:
        """See the port."""
        self._before = len(self._messages())
        return Synthetic("10000004", "D’Almeida-Cœur")

    def code(self, flow_id: str) -> str:
        """See the port."""
        deadline = time.monotonic() + _INBOX_SECONDS
        while time.monotonic() < deadline:
            for message in self._messages()[self._before :]:
                found = [word for word in message["text"].split() if word.isdigit() and len(word) == _DIGITS]
                if found:
                    return str(found[0])
            time.sleep(0.2)
        raise SmokeError(f"no code came for {flow_id}: was this person activated before? Start `make run` again")

    def _messages(self) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self._site.expect(200, "GET", "/inbox/messages").body
        return messages


def backstage(stage: Stage, site: Site) -> Backstage:
    """What stands behind a stage."""
    if not stage.has_edge:
        return LocalBackstage(site)
    return AwsBackstage(
        functions=boto3.client("lambda", region_name=REGION),
        keys=boto3.client("kms", region_name=REGION),
        enrolment=stage.function_name("import_roster"),
        code_key=f"alias/{stage.prefix}-code",
    )
