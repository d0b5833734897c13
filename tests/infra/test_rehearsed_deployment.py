"""A stage is deployed in an order that visitors never notice, as CDK's own command line does it (`make rehearsal`)."""

import json
import re
import socket
import subprocess
import sys
import time
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
from infra.assets import ASSETS, ROOT
from infra.deployment import bootstrap
from infra.deployment.cloud import Cloud
from infra.deployment.steps import DeploymentError, deploy
from infra.stages import EDGE_REGION, ORDINARY, REGION, Stage
from tests.infra.aws_server import OUTPUTS
from tests.resources import Resources
from web.build import build as build_front

pytestmark = pytest.mark.exhaustive  # that command line is started eleven times

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
        return [json.loads(line) for line in self.notes]

    def deploy(self) -> list[Call]:
        with self.signed_in():
            self.calls()
            deploy(self.dev)
            return self.calls()

    def deployed(self, stack: str, calls: list[Call]) -> list[Resources]:
        urls = [call["said"]["TemplateURL"] for call in change_sets(calls) if call["said"]["StackName"] == stack]
        with self.signed_in():
            s3, places = boto3.client("s3", REGION), [urlsplit(url).path[1:].partition("/") for url in urls]
            bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"] for bucket, _, key in places]
            return [Resources(json.load(body), stage=DEV) for body in bodies]


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


def named_in_the_documents() -> set[tuple[str, str]]:
    """Service and action of each call in the table « Calls of `make deploy` »."""
    table = (ROOT / "docs" / "deploy.md").read_text("utf-8").partition("## Calls of `make deploy`")[2]
    cells = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| ")]
    named = set()
    for cell in cells:
        service = ""
        for name, action in re.findall(r"(?:((?:[A-Z][A-Za-z0-9]* ?)+) )?`(\w+)`", cell):
            service = name.replace(" ", "").lower() or service
            if service:  # else it is the API at our own address
                named.add((service, action))
    return named


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    folder = tmp_path_factory.mktemp("deployment")
    (folder / "code").mkdir()
    (folder / "code" / "empty.py").touch()
    build_front(folder / "front")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "calls").open("a+") as notes:
        command = [sys.executable, "-m", "tests.infra.aws_server", str(port), notes.name]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
            try:
                deadline = time.monotonic() + 60
                while socket.socket().connect_ex(("127.0.0.1", port)):
                    assert time.monotonic() < deadline, "moto's server does not start"
                    time.sleep(0.1)
                yield Account(folder, port, notes, HereOnly(DEV, folder))
            finally:
                server.terminate()


@pytest.fixture(scope="module")
def bootstrapped(account: Account) -> list[Call]:
    """What the bootstrap called. Then the account has what a stack would make of ours."""
    with account.signed_in():
        bootstrap.main()
        called = account.calls()
        here = {"LocationConstraint": REGION}
        boto3.client("s3", REGION).create_bucket(Bucket=OUTPUTS["FrontBucket"], CreateBucketConfiguration=here)
        boto3.client("s3", REGION).put_object(Bucket=OUTPUTS["FrontBucket"], Key="former.html")
        boto3.client("secretsmanager", REGION).create_secret(Name=f"{DEV.prefix}-origin", SecretString="first")
    return called


@pytest.fixture(scope="module")
def first(account: Account, bootstrapped: list[Call]) -> list[Call]:
    assert bootstrapped
    return account.deploy()


@pytest.fixture(scope="module")
def rotated(account: Account, first: list[Call]) -> list[Call]:
    assert first
    with account.signed_in():
        account.calls()
        account.dev.renew_origin_secret()
        return account.calls()


@pytest.fixture(scope="module")
def following(account: Account, rotated: list[Call]) -> list[Call]:
    assert rotated
    return account.deploy()


def test_an_account_is_bootstrapped_in_both_regions(bootstrapped: list[Call]) -> None:
    made = {(call["region"], call["said"]["StackName"]) for call in change_sets(bootstrapped)}
    assert made == {(REGION, "CDKToolkit"), (EDGE_REGION, "CDKToolkit")}


def test_the_first_deployment_goes_from_the_data_to_the_front(first: list[Call]) -> None:
    assert milestones(first) == [
        *(DATA, SERVICE, "log SMS", EDGE, WEB),
        *(SERVICE, f"{AT} answers"),  # which could not know its address before
        *(DATA, f"protect {DATA}: true", "upload", "invalidate", "limit SMS"),
    ]


def test_the_table_names_each_call_and_no_other(first: list[Call], rotated: list[Call], following: list[Call]) -> None:
    arrived = {called(call) for call in (*first, *rotated, *following) if call["action"] != "AwaitApi"}
    assert arrived == named_in_the_documents()


def test_each_stack_is_told_its_parameters(first: list[Call]) -> None:
    told = [parameters(call) for call in change_sets(first)]
    version = told[1]["OriginVersion"]
    both = {"OriginVersion": version, "FormerOriginVersion": version}
    assert told == [{}, both, {}, {"OriginVersion": version, "FirewallArn": OUTPUTS["FirewallArn"]}, both, {}]


def test_roles_with_names_are_allowed(first: list[Call]) -> None:
    for call in change_sets(first):
        allowed = {value for name, value in call["said"].items() if name.startswith("Capabilities.")}
        assert "CAPABILITY_NAMED_IAM" in allowed


def origins_told(service: Resources) -> list[str]:
    """What functions are told of the site's address, one each."""
    told = [function["Environment"]["Variables"] for function in service.of_type("AWS::Lambda::Function").values()]
    return [variables["PUBLIC_ORIGINS"] for variables in told if "PUBLIC_ORIGINS" in variables]


def test_another_origin_makes_other_versions(account: Account, first: list[Call]) -> None:
    services = account.deployed(SERVICE, first)
    before, after = (service.of_type("AWS::Lambda::Version").keys() for service in services)
    assert len(origins_told(services[0])) == len(before - after) == len(after - before)


def test_no_template_is_larger_than_cloudformation_takes(account: Account, first: list[Call]) -> None:
    most = {"Resources": 500, "Outputs": 200, "Parameters": 200}
    for stack in (DATA, SERVICE, EDGE, WEB):
        for found in account.deployed(stack, first):
            assert len(json.dumps(found.template)) <= 1_000_000
            assert not [part for part, count in most.items() if len(found.template.get(part, {})) > count]


def test_a_second_stage_is_refused_in_an_account(account: Account, first: list[Call]) -> None:
    assert first
    with account.signed_in(), pytest.raises(DeploymentError) as refusal:
        deploy(HereOnly(ORDINARY["staging"], account.folder))
    assert str(refusal.value) == (
        "this account has the stage dev: each stage must have an account of its own (docs/deploy.md, step 1)"
    )


def test_the_next_one_never_takes_off_the_protection_and_deploys_each_stack_once(following: list[Call]) -> None:
    done = [DATA, SERVICE, "log SMS", EDGE, WEB, f"{AT} answers", "upload", "invalidate", "limit SMS"]
    assert milestones(following) == done


def test_the_api_takes_a_new_secret_before_cloudfront_sends_it(first: list[Call], following: list[Call]) -> None:
    former = parameters(change_sets(first)[1])["OriginVersion"]
    _, service, _, web = [parameters(call) for call in change_sets(following)]
    assert service["FormerOriginVersion"] == former != service["OriginVersion"]
    assert web["OriginVersion"] == service["OriginVersion"]


def test_the_service_keeps_to_its_own_address(account: Account, first: list[Call], following: list[Call]) -> None:
    served = [set(origins_told(service)) for service in account.deployed(SERVICE, [*first, *following])]
    assert served == [{"https://not-deployed.invalid"}, {AT}, {AT}]


def test_only_a_stage_that_stands_can_not_be_deleted(
    account: Account, first: list[Call], following: list[Call]
) -> None:
    protected = [
        {table["DeletionProtectionEnabled"] for table in data.of_type("AWS::DynamoDB::Table").values()}
        for data in account.deployed(DATA, [*first, *following])
    ]
    assert protected == [{False}, {True, False}, {True, False}]
