"""An account at moto's server, where `dev` is deployed by CDK's own command line, and what was called there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import boto3
import pytest
from aws_cdk import App

from infra.app import add_stacks
from infra.assets import ASSETS
from infra.deployment.cloud import Cloud
from infra.deployment.steps import deploy
from infra.stages import ORDINARY, REGION, Stage
from tests.infra.aws_server import OUTPUTS
from tests.infra.resources import Resources

DEV = ORDINARY["dev"]
DATA, SERVICE, EDGE, WEB = (f"{DEV.prefix}-{stack}" for stack in ("data", "service", "edge", "web"))
AT = OUTPUTS["Address"]
Call = dict[str, Any]
REST = {
    "s3": {
        "?location": "GetBucketLocation",
        "?encryption": "GetBucketEncryption",
        "?list-type": "ListObjectsV2",
        "PUT ": "PutObject",
        "DELETE ": "DeleteObject",
    },
    "cloudfront": {"/invalidation?": "CreateInvalidation"},
}
"""The action of a call that says none, by a part of its method, path and query."""


class HereOnly(Cloud):
    """A stage's account at moto's: functions without code, little of a front, and an API that is said to answer."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__(stage)
        self._folder = folder

    def _read_front(self) -> dict[str, bytes]:
        return {"index.html": b"", "assets/now/api.js": b""}

    def build(self, standing_at: str | None) -> None:
        """Write the real templates, once for each address that they may be told of."""
        self._assembly = self._folder / f"{self._stage.name}-{'stands' if standing_at else 'first'}"
        if self._assembly.exists():
            return
        app = App(outdir=str(self._assembly), builtin_cloud_formation_validation=False)  # `make check` does it
        code = dict.fromkeys(ASSETS, self._folder / "code")
        add_stacks(app, self._stage, code, self._folder / "front", standing_at)
        app.synth()

    def await_api(self, address: str) -> None:
        """Note who is asked."""
        with (self._folder / "calls").open("a") as notes:
            notes.write(json.dumps({"action": "AwaitApi", "said": {"address": address}}) + "\n")


@dataclass(frozen=True)
class Account:
    """An account at moto's server, where `dev` is deployed from `folder`."""

    folder: Path
    port: int
    notes: TextIO
    dev: HereOnly

    @contextmanager
    def signed_in(self) -> Iterator[None]:
        """For boto3 and for CDK's command line; there is no node on the PATH."""
        with pytest.MonkeyPatch.context() as environment:
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                environment.setenv(name, "testing")
            environment.setenv("AWS_ENDPOINT_URL", f"http://localhost:{self.port}")  # the name that moto knows in URLs
            environment.setenv("PATH", str(self.folder))
            environment.setenv("NODE_COMPILE_CACHE", str(self.folder / "compiled"))  # node starts eleven times
            yield

    def calls(self) -> list[Call]:
        """What was called since the last time."""
        return [json.loads(line) for line in self.notes]

    def deploy(self) -> list[Call]:
        """Deploy `dev`; returns what was called."""
        with self.signed_in():
            self.calls()
            deploy(self.dev)
            return self.calls()

    def deployed(self, stack: str, calls: list[Call]) -> list[Resources]:
        """The templates of a stack, as they were deployed."""
        urls = [call["said"]["TemplateURL"] for call in change_sets(calls) if call["said"]["StackName"] == stack]
        with self.signed_in():
            return [Resources(self._template(url), stage=DEV) for url in urls]

    def _template(self, url: str) -> dict[str, Any]:
        bucket, _, key = urlsplit(url).path[1:].partition("/")
        found: dict[str, Any] = json.load(boto3.client("s3", REGION).get_object(Bucket=bucket, Key=key)["Body"])
        return found


def change_sets(calls: list[Call]) -> list[Call]:
    return [call for call in calls if call["action"] == "CreateChangeSet"]


def parameters(call: Call) -> dict[str, str]:
    """The parameters of a change set, by name; CDK's own left out."""
    found: dict[str, dict[str, str]] = {}
    for name, value in call["said"].items():
        if name.startswith("Parameters.member."):
            _, _, number, part = name.split(".")
            found.setdefault(number, {})[part] = value
    ours = [each for each in found.values() if each["ParameterKey"] != "BootstrapVersion"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in ours}


def called(call: Call) -> tuple[str, str]:
    """Service and action as AWS names them; S3 and CloudFront are told by method, path and query."""
    service, action, said = call["service"], call["action"], call["said"]
    if service not in REST:
        return service, action
    asked = [name for name in REST[service] if name in f"{action} {said['path']}?{said['query']}"]
    return service, REST[service][asked[0]] if asked else f"{action} {said['path']}?{said['query']}"


def milestones(calls: list[Call]) -> list[str]:
    """What a deployment changes, in its order; more of the same is left out."""
    return [name for name, _ in groupby(filter(None, map(milestone, calls)))]


def milestone(call: Call) -> str | None:
    said: dict[str, str] = call["said"]
    name: str | None
    match call["action"]:
        case "CreateChangeSet":
            name = said["StackName"]
        case "AwaitApi":
            name = f"{said['address']} answers"
        case "SetSMSAttributes":
            name = "limit SMS" if "MonthlySpendLimit" in said.values() else "log SMS"
        case "UpdateTerminationProtection":
            name = f"protect {said['StackName']}: {said['EnableTerminationProtection']}"
        case "PUT" if said["path"].startswith("/front/"):
            name = "upload"
        case "POST" if said["path"].endswith("/invalidation"):
            name = "invalidate"
        case _:
            name = None
    return name
