"""A stage is deployed in an order that visitors never notice."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import Any, Literal, TextIO
from unittest.mock import create_autospec
from urllib.parse import urlsplit

import boto3
import pytest
from aws_cdk import App
from botocore.stub import Stubber
from moto import mock_aws

from infra.app import add_stacks
from infra.assets import ASSETS, ROOT, Platform
from infra.deployment import bootstrap
from infra.deployment.cdk import cdk
from infra.deployment.cloud import Cloud
from infra.deployment.steps import DeploymentError, Target, deploy
from infra.stages import EDGE_REGION, ORDINARY, REGION, Stage
from tests.infra.aws_server import OUTPUTS
from tests.infra.resources import Resources
from web.build import OPERATOR, served_assets, version_of
from web.build import build as build_front

pytestmark = pytest.mark.xdist_group("templates")  # CDK is started once; one account for all

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


def known_operator(folder: Path) -> Path:
    """`web/operator.json` as if it were filled in."""
    file = folder / "operator.json"
    file.write_text(OPERATOR.read_text("utf-8").replace("à renseigner", "renseigné"), "utf-8")
    return file


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


def test_a_try_after_an_api_that_did_not_answer_protects_the_data_at_its_beginning() -> None:
    done: list[str] = []

    def deployed(stack: str, parameters: Mapping[str, str]) -> None:
        assert all(parameters.values())
        done.append(stack)

    stage = create_autospec(Target, instance=True)
    stage.other_stages.return_value = []
    stage.build.side_effect = lambda standing_at: done.append(f"templates for {standing_at}")
    stage.deploy.side_effect = deployed
    stage.outputs.side_effect = lambda stack: OUTPUTS if stack in done else {}
    stage.origin_secret_versions.return_value = ("first", "first")
    stage.await_api.side_effect = [DeploymentError("the API does not answer"), None]
    with pytest.raises(DeploymentError, match="does not answer"):
        deploy(stage)
    began = len(done)
    assert deploy(stage) == AT
    assert done[:2] == ["templates for None", "DataStack"]  # not protected
    assert done[began:] == [f"templates for {AT}", "DataStack", "ServiceStack", "EdgeStack", "WebStack"]
    assert stage.await_api.call_count == 2


def test_cdk_runs_where_there_is_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    cdk("--version")
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    assert capfd.readouterr().out.startswith(f"{pinned} ")


def test_functions_that_are_not_compiled_are_not_deployed(tmp_path: Path) -> None:
    stage = replace(ORDINARY["dev"], platform=Platform("lambda", uv_name="any", python="9.9"))
    with pytest.raises(DeploymentError, match=r"python9\.9 is needed"):
        Cloud(stage, operator_file=known_operator(tmp_path)).build(None)


@pytest.mark.parametrize("stage", sorted(ORDINARY.keys() - {"local"}))
def test_no_stage_is_deployed_while_the_operator_is_unknown(stage: str) -> None:
    cloud = Cloud(ORDINARY[stage], lambda *_: None)
    refusal = r"^web/operator\.json is not filled in: address, .*step 6\)$"
    with pytest.raises(DeploymentError, match=refusal):
        cloud.build(None)
    with pytest.raises(DeploymentError, match=refusal):
        cloud.upload_front("front")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield Cloud(ORDINARY["dev"], operator_file=known_operator(tmp_path))


def stubbed(service: Literal["cloudformation", "sns"]) -> Any:
    """A client whose answers a stub gives."""
    return boto3.client(service, REGION, aws_access_key_id="a", aws_secret_access_key="b")


def test_a_stage_that_was_deleted_is_no_other_stage() -> None:
    cloudformation = stubbed("cloudformation")
    stacks = {
        "account-activation-dev-data": "UPDATE_COMPLETE",
        "account-activation-prod-data": "ROLLBACK_COMPLETE",
        "account-activation-staging-data": "DELETE_COMPLETE",
        "account-activation-staging-web": "CREATE_COMPLETE",
        "somebody-elses-data": "CREATE_COMPLETE",
    }
    made = datetime(2026, 11, 24, tzinfo=UTC)
    listed = [{"StackName": name, "StackStatus": status, "CreationTime": made} for name, status in stacks.items()]
    with Stubber(cloudformation) as stub:
        stub.add_response("list_stacks", {"StackSummaries": listed}, {})
        assert Cloud(DEV, lambda *_: cloudformation).other_stages() == ["prod"]


@pytest.fixture
def s3(cloud: Cloud) -> Any:
    """A client, where the front's bucket is."""
    assert cloud
    client = boto3.client("s3", "eu-west-3")
    client.create_bucket(Bucket="front", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return client


def test_the_front_that_is_uploaded_is_as_the_stage_switches_it(s3: Any, tmp_path: Path) -> None:
    stage = replace(DEV, menu={"budget": "masqué"}, benefits={"permis": "masqué"})
    Cloud(stage, operator_file=known_operator(tmp_path)).upload_front("front")
    guide = "compte/demander-une-prestation.html"
    read = {key: s3.get_object(Bucket="front", Key=key)["Body"].read().decode() for key in ("plan-du-site.html", guide)}
    assert "/compte/budget" not in read["plan-du-site.html"]
    assert "jour-permis" not in read[guide]
    assert "jour-naissance-adoption" in read[guide]


def test_a_benefit_that_can_not_be_switched_so_stops_the_deployment_with_a_sentence(tmp_path: Path) -> None:
    cloud = Cloud(replace(DEV, benefits={"reclamation": "masqué"}), operator_file=known_operator(tmp_path))
    with pytest.raises(DeploymentError, match="reclamation is no benefit of the guide"):
        cloud.build(None)


def test_the_bucket_holds_the_front_and_nothing_else(cloud: Cloud, s3: Any) -> None:
    for former in ("former.html", "assets/former/api.js"):
        s3.put_object(Bucket="front", Key=former, Body=b"")
    cloud.upload_front("front")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket="front")["Contents"]]
    assert [key for key in keys if "former" in key] == ["assets/former/api.js"]
    assets = f"assets/{version_of(served_assets())}"
    sent = {key: s3.head_object(Bucket="front", Key=key) for key in keys if "former" not in key}
    kinds = {key: head["ContentType"] for key, head in sent.items()}
    assert kinds["index.html"] == "text/html; charset=utf-8"
    assert kinds[f"{assets}/icon.svg"] == "image/svg+xml"
    assert kinds[f"{assets}/api.js"] == "text/javascript; charset=utf-8"
    kept = {key: head["CacheControl"] for key, head in sent.items() if "CacheControl" in head}
    assert kept == dict.fromkeys((key for key in sent if key.startswith(assets)), "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    ("uploaded", "kept"),
    [
        ({"first": 30}, {"first"}),  # served until this minute
        ({"first": 30, "second": 0.9}, {"first", "second"}),
        ({"first": 30, "second": 1.1}, {"second"}),
        ({"first": 0.3, "second": 30, "third": 0.2}, {"first", "second", "third"}),
    ],
)
def test_former_assets_stay_for_a_day_after_others_replaced_them(
    s3: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uploaded: dict[str, float], kept: set[str]
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    for version, days in uploaded.items():
        with monkeypatch.context() as then:
            then.setattr("moto.s3.models.utcnow", lambda days=days: now - timedelta(days=days))
            for name in ("api.js", "style.css"):
                s3.put_object(Bucket="front", Key=f"assets/{version}/{name}", Body=b"")
    HereOnly(DEV, tmp_path).upload_front("front")
    keys = {found["Key"] for found in s3.list_objects_v2(Bucket="front")["Contents"]}
    for name in ("api.js", "style.css"):
        assert {version for version in uploaded if f"assets/{version}/{name}" in keys} == kept


def test_sns_is_told_to_log_and_then_what_it_may_spend(cloud: Cloud) -> None:
    cloud.log_sms("arn:aws:iam::123456789012:role/sms")
    cloud.limit_sms()
    told = boto3.client("sns", "eu-west-3").get_sms_attributes()["attributes"]
    assert told["DeliveryStatusIAMRole"] == "arn:aws:iam::123456789012:role/sms"
    assert (told["DefaultSMSType"], told["MonthlySpendLimit"]) == ("Transactional", "1")


def test_a_sum_for_sms_that_aws_refuses_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    sns = stubbed("sns")
    with Stubber(sns) as stub:
        stub.add_client_error(
            "set_sms_attributes", "InvalidParameter", expected_params={"attributes": {"MonthlySpendLimit": "5000"}}
        )
        Cloud(ORDINARY["prod"], lambda *_: sns).limit_sms()
    assert "Ask for 5000 (docs/deploy.md, step 3)" in capsys.readouterr().err


Answers = dict[str, tuple[int, str]]
STRANGER, INCOMPLETE = (200, '{"who": "anonymous"}'), (422, '{"code": "invalid-request"}')


@contextmanager
def api_that(answers: Answers) -> Iterator[str]:
    """An API that answers so, by method, and refuses whoever does not say what they are."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers[self.command] if self.headers["User-Agent"] else (403, "")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815  # the library's name

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("answers", "passes"),
    [
        ({"GET": STRANGER, "POST": INCOMPLETE}, True),
        ({"GET": STRANGER, "POST": (403, '{"code": "origin-rejected"}')}, False),
        ({"GET": STRANGER, "POST": (403, "")}, False),
        ({"GET": STRANGER, "POST": (503, '{"code": "unavailable"}')}, False),
        ({"GET": (503, '{"code": "unavailable"}'), "POST": INCOMPLETE}, False),
        ({"GET": (200, "[]"), "POST": INCOMPLETE}, False),
    ],
)
def test_a_stage_stands_once_it_takes_what_its_pages_send(
    monkeypatch: pytest.MonkeyPatch, answers: Answers, passes: bool
) -> None:
    monkeypatch.setattr("infra.deployment.cloud._API_SECONDS", -1)
    with api_that(answers) as address, nullcontext() if passes else pytest.raises(DeploymentError, match="refuses"):
        Cloud(DEV).await_api(address)
