"""What a deployment asks of its account and leaves there, step by step."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal
from unittest.mock import create_autospec

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.assets import ROOT, Platform
from infra.deployment.cdk import cdk
from infra.deployment.cloud import Cloud
from infra.deployment.steps import DeploymentError, Target, deploy
from infra.stages import ORDINARY, REGION
from tests.infra.aws_server import OUTPUTS
from web.build import OPERATOR, served_assets, version_of

DEV = ORDINARY["dev"]


def known_operator(folder: Path) -> Path:
    file = folder / "operator.json"
    file.write_text(OPERATOR.read_text("utf-8").replace("à renseigner", "renseigné"), "utf-8")
    return file


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
    assert deploy(stage) == OUTPUTS["Address"]
    assert done[:2] == ["templates for None", "DataStack"]  # not protected
    assert done[began:] == [f"templates for {OUTPUTS['Address']}", "DataStack", "ServiceStack", "EdgeStack", "WebStack"]
    assert stage.await_api.call_count == 2


def test_cdk_runs_where_there_is_no_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    cdk("--version")
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    assert capfd.readouterr().out.startswith(f"{pinned} ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"platform": Platform("lambda", uv_name="any", python="9.9")}, r"python9\.9 is needed"),
        ({"benefits": {"reclamation": "masqué"}}, "reclamation is no benefit of the guide"),
    ],
)
def test_what_can_not_be_built_stops_the_deployment_with_a_sentence(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(DeploymentError, match=said):
        Cloud(replace(DEV, **change), operator_file=known_operator(tmp_path)).build(None)


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
    cloud: Cloud, s3: Any, monkeypatch: pytest.MonkeyPatch, uploaded: dict[str, float], kept: set[str]
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    for version, days in uploaded.items():
        with monkeypatch.context() as then:
            then.setattr("moto.s3.models.utcnow", lambda days=days: now - timedelta(days=days))
            for name in ("api.js", "style.css"):
                s3.put_object(Bucket="front", Key=f"assets/{version}/{name}", Body=b"")
    monkeypatch.setattr(cloud, "_read_front", lambda: {"index.html": b"", "assets/now/api.js": b""})
    cloud.upload_front("front")
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
        Thread(target=server.serve_forever, args=(0.01,)).start()
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
