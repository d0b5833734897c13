"""A stage is deployed in an order that visitors never notice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.assets import Platform
from infra.deployment.cloud import Cloud
from infra.deployment.steps import DeploymentError, Outputs, deploy
from infra.stages import STAGES
from web.build import served_assets, version_of

OUTPUTS = {
    "ServiceStack": {"SmsLogRole": "arn:role"},
    "EdgeStack": {"FirewallArn": "arn:firewall", "CertificateArn": "arn:certificate"},
    "WebStack": {"Address": "https://front", "FrontBucket": "bucket", "DistributionId": "D1"},
}


@dataclass
class Recorded:
    """A target that only writes down what it is told; `standing` are the stacks of an earlier deployment."""

    standing: set[str] = field(default_factory=set)
    healthy: bool = True
    done: list[tuple[object, ...]] = field(default_factory=list)

    def build(self) -> None:
        """Nothing to build."""
        self.done.append(("build",))

    def deploy(self, stack: str, parameters: Mapping[str, str]) -> None:
        """Note it."""
        self.standing.add(stack)
        self.done.append((stack, dict(parameters)))

    def outputs(self, stack: str) -> Outputs:
        """What the stack would put out."""
        return OUTPUTS[stack] if stack in self.standing else {}

    def origin_secret_versions(self) -> tuple[str, str]:
        """Two versions."""
        return "v2", "v1"

    def log_sms(self, role: str) -> None:
        """Note it."""
        self.done.append(("log_sms", role))

    def await_api(self, address: str) -> None:
        """Answer, or don't."""
        self.done.append(("await_api", address))
        if not self.healthy:
            raise DeploymentError("the API does not answer")

    def upload_front(self, bucket: str) -> None:
        """Note it."""
        self.done.append(("upload_front", bucket))

    def invalidate(self, distribution: str) -> None:
        """Note it."""
        self.done.append(("invalidate", distribution))


VERSIONS = {"OriginVersion": "v2", "FormerOriginVersion": "v1"}
EDGE = {"FirewallArn": "arn:firewall", "CertificateArn": "arn:certificate"}


def test_the_api_takes_a_new_secret_before_cloudfront_sends_it_and_the_front_comes_last() -> None:
    target = Recorded()
    assert deploy(target, STAGES["prod"]) == "https://front"
    assert target.done == [
        ("build",),
        ("DataStack", {}),
        ("ServiceStack", VERSIONS),
        ("log_sms", "arn:role"),
        ("EdgeStack", {}),
        ("WebStack", {"OriginVersion": "v2", **EDGE}),
        ("await_api", "https://front"),
        ("upload_front", "bucket"),
        ("invalidate", "D1"),
    ]


def test_without_a_domain_the_service_is_told_its_address_once_there_is_one() -> None:
    target = Recorded()
    deploy(target, STAGES["dev"])
    told = [step[1] for step in target.done if step[0] == "ServiceStack"]
    assert told == [VERSIONS, {**VERSIONS, "PublicOrigin": "https://front"}]


def test_later_the_address_is_never_forgotten_in_between() -> None:
    target = Recorded(standing={"WebStack"})
    deploy(target, STAGES["dev"])
    told = [step[1] for step in target.done if step[0] == "ServiceStack"]
    assert told == [{**VERSIONS, "PublicOrigin": "https://front"}] * 2


def test_no_page_is_uploaded_before_the_api_answers() -> None:
    target = Recorded(healthy=False)
    with pytest.raises(DeploymentError):
        deploy(target, STAGES["prod"])
    assert ("upload_front", "bucket") not in target.done


def test_functions_that_are_not_compiled_are_not_deployed() -> None:
    with pytest.raises(DeploymentError, match=r"python9\.9 is needed"):
        Cloud(replace(STAGES["dev"], platform=Platform("lambda", uv_name="any", python="9.9"))).build()


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield Cloud(STAGES["dev"])


def test_a_rotation_keeps_the_value_before(cloud: Cloud) -> None:
    boto3.client("secretsmanager", "eu-west-3").create_secret(
        Name="account-activation-dev-origin", SecretString="first"
    )
    first = cloud.origin_secret_versions()
    assert first[0] == first[1]
    cloud.renew_origin_secret()
    current, former = cloud.origin_secret_versions()
    assert former == first[0] != current


def test_what_a_stack_puts_out_is_read_and_a_stack_that_is_not_there_puts_nothing_out() -> None:
    cloudformation = boto3.client("cloudformation", "eu-west-3", aws_access_key_id="a", aws_secret_access_key="b")
    stack = {
        "StackName": "account-activation-dev-web",
        "CreationTime": datetime(2026, 11, 24, tzinfo=UTC),
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": "Address", "OutputValue": "https://front"}],
    }
    named = {"StackName": "account-activation-dev-web"}
    with Stubber(cloudformation) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack]}, named)
        stub.add_client_error("describe_stacks", "ValidationError", expected_params=named)
        cloud = Cloud(STAGES["dev"], lambda *_: cloudformation)
        assert cloud.outputs("WebStack") == {"Address": "https://front"}
        assert cloud.outputs("WebStack") == {}


def test_the_bucket_holds_the_front_and_nothing_else(cloud: Cloud) -> None:
    s3 = boto3.client("s3", "eu-west-3")
    s3.create_bucket(Bucket="front", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
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
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, uploaded: dict[str, float], kept: set[str]
) -> None:
    s3 = boto3.client("s3", "eu-west-3")
    s3.create_bucket(Bucket="front", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    now = datetime.now(UTC).replace(tzinfo=None)
    for version, days in uploaded.items():
        with monkeypatch.context() as then:
            then.setattr("moto.s3.models.utcnow", lambda days=days: now - timedelta(days=days))
            for name in ("api.js", "style.css"):
                s3.put_object(Bucket="front", Key=f"assets/{version}/{name}", Body=b"")
    cloud.upload_front("front")
    keys = {found["Key"] for found in s3.list_objects_v2(Bucket="front")["Contents"]}
    assert {version for version in uploaded if f"assets/{version}/api.js" in keys} == kept
    assert {version for version in uploaded if f"assets/{version}/style.css" in keys} == kept


def test_sns_is_told_to_log_and_what_it_may_spend(cloud: Cloud) -> None:
    cloud.log_sms("arn:aws:iam::123456789012:role/sms")
    told = boto3.client("sns", "eu-west-3").get_sms_attributes()["attributes"]
    assert told["DeliveryStatusIAMRole"] == "arn:aws:iam::123456789012:role/sms"
    assert (told["DefaultSMSType"], told["MonthlySpendLimit"]) == ("Transactional", "50")
