"""A stage is deployed in an order that visitors never notice, as CDK's own command line does it (`make rehearsal`)."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import boto3
import pytest

from infra.assets import ROOT
from infra.deployment import bootstrap
from infra.deployment.steps import DeploymentError, deploy
from infra.stages import EDGE_REGION, ORDINARY, REGION
from tests.infra.account import (
    AT,
    DATA,
    DEV,
    EDGE,
    SERVICE,
    WEB,
    Account,
    Call,
    HereOnly,
    called,
    change_sets,
    milestones,
    parameters,
)
from tests.infra.aws_server import OUTPUTS
from tests.infra.resources import Resources
from web.build import build as build_front

pytestmark = pytest.mark.exhaustive  # that command line is started eleven times


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
                await_port(port)
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
    """What the first deployment called."""
    assert bootstrapped
    return account.deploy()


@pytest.fixture(scope="module")
def rotated(account: Account, first: list[Call]) -> list[Call]:
    """What a rotation called."""
    assert first
    with account.signed_in():
        account.calls()
        account.dev.renew_origin_secret()
        return account.calls()


@pytest.fixture(scope="module")
def following(account: Account, rotated: list[Call]) -> list[Call]:
    """What the next deployment called, after a rotation."""
    assert rotated
    return account.deploy()


def await_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < deadline, "moto's server does not start"
        time.sleep(0.1)


def test_an_account_is_bootstrapped_in_both_regions(bootstrapped: list[Call]) -> None:
    made = {(call["region"], call["said"]["StackName"]) for call in change_sets(bootstrapped)}
    assert made == {(REGION, "CDKToolkit"), (EDGE_REGION, "CDKToolkit")}


def test_the_first_deployment_goes_from_the_data_to_the_front(first: list[Call]) -> None:
    assert milestones(first) == [
        *(DATA, SERVICE, "log SMS", EDGE, WEB),
        *(SERVICE, f"{AT} answers"),  # which could not know its address before
        *(DATA, f"protect {DATA}: true", "upload", "invalidate", "limit SMS"),
    ]


def test_the_table_of_calls_names_what_a_deployment_calls_and_nothing_else(
    first: list[Call], rotated: list[Call], following: list[Call]
) -> None:
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


def test_the_service_serves_its_own_address_and_keeps_it(
    account: Account, first: list[Call], following: list[Call]
) -> None:
    served = [set(origins_told(service)) for service in account.deployed(SERVICE, [*first, *following])]
    assert served == [{"https://not-deployed.invalid"}, {AT}, {AT}]


def test_a_first_deployment_that_failed_can_be_deleted_and_a_stage_that_stands_cannot(
    account: Account, first: list[Call], following: list[Call]
) -> None:
    protected = [
        {table["DeletionProtectionEnabled"] for table in data.of_type("AWS::DynamoDB::Table").values()}
        for data in account.deployed(DATA, [*first, *following])
    ]
    assert protected == [{False}, {True, False}, {True, False}]
