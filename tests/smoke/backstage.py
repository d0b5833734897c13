"""What the smoke test needs behind the service: somebody to activate, and their code."""

import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3

from activation.domain.codes import code_for, code_message
from activation.domain.flows import Purpose
from infra.functions import ALIAS
from infra.stages import REGION, Stage
from local.engine import Engine
from local.running import NotRunningError, find_running
from tests.smoke.site import Site, SmokeError

_DIGITS = 6


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
    """A stage, deployed or on this machine: enrols somebody new by the roster's function, computes codes by its key."""

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
        return code_for(answer["Mac"], number=1, digits=_DIGITS)


def backstage(stage: Stage, site: Site) -> Backstage:
    """What stands behind a stage: AWS, or the engine of `make run`. Raises SmokeError."""
    client = partial(boto3.client, region_name=REGION) if stage.has_edge else _engine_behind(site).client
    return AwsBackstage(
        functions=client("lambda"),
        keys=client("kms"),
        enrolment=stage.function_name("import_roster"),
        code_key=f"alias/{stage.prefix}-code",
    )


def _engine_behind(site: Site) -> Engine:
    try:
        return find_running(urlsplit(site.address).port or 0).engine
    except NotRunningError:
        raise SmokeError(f"nothing runs at {site.address}: start `make run`") from None
