"""What the smoke test needs behind the service: somebody to activate, and their code."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import boto3

from activation.domain.code_digits import code_for, code_message
from activation.domain.flows import Purpose
from activation.domain.roster.imports import State
from infra.functions import ALIAS
from infra.stages import REGION, SMOKE_ROSTERS, Stage
from local.engine import Engine
from local.roster_bucket import RosterBucket
from local.running import NotRunningError, find_running
from smoke.site import Site, SmokeError

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Somebody to activate, as step 1 asks for them."""

    identifier: str
    last_name: str


class Backstage:
    """A stage, deployed or on this machine: enrols somebody new by a roster, computes codes by the stage's key."""

    def __init__(self, *, rosters: RosterBucket, keys: Any, code_key: str) -> None:
        self._rosters, self._keys, self._code_key = rosters, keys, code_key

    def enrol(self) -> Synthetic:
        """Somebody new in a roster of their own; SES's simulator takes their mail."""
        person = Synthetic(f"9{secrets.randbelow(10**9):09}", "Fictive")
        row = {
            "identifier": person.identifier,
            "last_name": person.last_name,
            "first_name": "Personne",
            "email": "success@simulator.amazonses.com",
            "structure_id": "fumee",
            "structure_name": "Essai automatique",
        }
        roster = f"{';'.join(row)}\n{';'.join(row.values())}\n"
        if self._rosters.apply("smoke.csv", roster.encode()) is not State.APPLIED:
            raise SmokeError("nobody could be enrolled")
        return person

    def code(self, flow_id: str) -> str:
        """The code, as the key makes it."""
        message = code_message(Purpose.ACTIVATION, flow_id)
        answer = self._keys.generate_mac(KeyId=self._code_key, MacAlgorithm="HMAC_SHA_256", Message=message)
        return code_for(answer["Mac"], number=1, digits=_DIGITS)


def backstage(stage: Stage, site: Site) -> Backstage:
    """What stands behind a stage: AWS, or the engine of `make run`. Raises SmokeError."""
    client = partial(boto3.client, region_name=REGION) if stage.has_edge else _engine_behind(site).client
    importer = client("lambda").get_function_configuration(
        FunctionName=stage.function_name("import_roster"), Qualifier=ALIAS
    )
    return Backstage(
        rosters=RosterBucket(client("s3"), importer["Environment"]["Variables"]["ROSTER_BUCKET"], folder=SMOKE_ROSTERS),
        keys=client("kms"),
        code_key=f"alias/{stage.prefix}-code",
    )


def _engine_behind(site: Site) -> Engine:
    try:
        return find_running(urlsplit(site.address).port or 0).engine
    except NotRunningError:
        raise SmokeError(f"nothing runs at {site.address}: start `make run`") from None
