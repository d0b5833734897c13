"""AWS, as a deployment sees it."""

import json
import mimetypes
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.app import STANDING_AT
from infra.assets import ROOT, is_compiled
from infra.deployment.cdk import cdk
from infra.deployment.steps import DeploymentError, Outputs
from infra.edge_functions import ASSETS, KEPT_FOR_GOOD
from infra.stages import EDGE_REGION, PRODUCT, REGION, Stage
from web.build import OPERATOR, OperatorUnknownError
from web.build import build as build_front

_STACKS = {"DataStack": "data", "ServiceStack": "service", "EdgeStack": "edge", "WebStack": "web"}
_DATA_STACK = re.compile(rf"{re.escape(PRODUCT)}-(?P<stage>\w+)-{_STACKS['DataStack']}")
_NO_HEADERS: Mapping[str, str] = {}
_API_SECONDS, _EVERY_SECONDS = 300, 5
_FORMER_ASSETS_KEPT = timedelta(days=1)
"""How long former assets stay after their replacement: for pages that were loaded before, here or in a cache."""


class Cloud:
    """A stage's account, with the credentials of whoever deploys (port `Target`)."""

    def __init__(
        self, stage: Stage, client: Callable[[str, str], Any] | None = None, *, operator_file: Path = OPERATOR
    ) -> None:
        self._stage = stage
        self._operator_file = operator_file
        self._client = client or _client
        self._assembly = ROOT / "cdk.out" / stage.name

    def other_stages(self) -> Sequence[str]:
        pages = self._client("cloudformation", REGION).get_paginator("list_stacks").paginate()
        standing = (stack for page in pages for stack in page["StackSummaries"])
        found = (
            _DATA_STACK.fullmatch(stack["StackName"]) for stack in standing if stack["StackStatus"] != "DELETE_COMPLETE"
        )
        return sorted({match["stage"] for match in found if match} - {self._stage.name})

    def build(self, standing_at: str | None) -> None:
        self._read_front()
        if not is_compiled(self._stage.platform):
            raise DeploymentError(f"python{self._stage.platform.python} is needed to compile what the functions carry")
        environment = {**os.environ, "CDK_OUTDIR": str(self._assembly), "STAGE": self._stage.name}
        environment[STANDING_AT] = standing_at or ""
        if subprocess.run([sys.executable, "-m", "infra.app"], check=False, env=environment, cwd=ROOT).returncode:
            raise DeploymentError("the templates could not be written: see above")

    def deploy(self, stack: str, parameters: Mapping[str, str]) -> None:
        """Deploys with CDK's own command line, from the templates as written; parameters go by the stack's name."""
        named = self._stack_name(stack)
        told = [word for name, value in parameters.items() for word in ("--parameters", f"{named}:{name}={value}")]
        quiet = ["--require-approval", "never", "--exclusively", "--progress", "events"]
        cdk("deploy", stack, "--app", str(self._assembly), *quiet, *told)

    def outputs(self, stack: str) -> Outputs:
        try:
            (found,) = self._client("cloudformation", _region_of(stack)).describe_stacks(
                StackName=self._stack_name(stack)
            )["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return {}
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def origin_secret_versions(self) -> tuple[str, str]:
        answer = self._client("secretsmanager", REGION).list_secret_version_ids(SecretId=self._origin_secret)
        by_label = {label: version["VersionId"] for version in answer["Versions"] for label in version["VersionStages"]}
        return by_label["AWSCURRENT"], by_label.get("AWSPREVIOUS", by_label["AWSCURRENT"])

    def renew_origin_secret(self) -> None:
        """Give the origin secret a new value; its present value becomes the former one."""
        secrets = self._client("secretsmanager", REGION)
        value = secrets.get_random_password(PasswordLength=48, ExcludePunctuation=True)["RandomPassword"]
        secrets.put_secret_value(SecretId=self._origin_secret, SecretString=value)

    def _stack_name(self, stack: str) -> str:
        return f"{self._stage.prefix}-{_STACKS[stack]}"

    @property
    def _origin_secret(self) -> str:
        return f"{self._stage.prefix}-origin"

    def log_sms(self, role: str) -> None:
        self._client("sns", REGION).set_sms_attributes(
            attributes={
                "DefaultSMSType": "Transactional",
                "DefaultSenderID": self._stage.sms_sender_id,
                "DeliveryStatusIAMRole": role,
                "DeliveryStatusSuccessSamplingRate": "100",
            }
        )

    def limit_sms(self) -> None:
        dollars = self._stage.sms_dollars_per_month
        try:
            self._client("sns", REGION).set_sms_attributes(attributes={"MonthlySpendLimit": str(dollars)})
        except ClientError as error:
            sys.stderr.write(
                f"warning: AWS refuses a spend limit for SMS of {dollars} dollars a month"
                f" ({error.response['Error']['Code']}): SMS stop at what it granted this account, 1 dollar at first."
                f" Ask for {dollars} (docs/deploy.md, step 3), then deploy again.\n"
            )

    def await_api(self, address: str) -> None:
        deadline = time.monotonic() + _API_SECONDS
        while not (_answers(address) and _takes_posts(address)):
            if time.monotonic() > deadline:
                raise DeploymentError(
                    f"the API does not answer at {address}, or refuses what its pages send."
                    " With a domain of your own: does its record lead to CloudFront? (docs/deploy.md, step 8)"
                )
            time.sleep(_EVERY_SECONDS)

    def upload_front(self, bucket: str) -> None:
        s3 = self._client("s3", REGION)
        front = self._read_front()
        for name in sorted(front, key=lambda name: not name.startswith(ASSETS[1:])):  # before the pages that name them
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            if kind.startswith("text/"):
                kind += "; charset=utf-8"
            kept = {"CacheControl": KEPT_FOR_GOOD[1]} if name.startswith(ASSETS[1:]) else {}
            s3.put_object(Bucket=bucket, Key=name, Body=front[name], ContentType=kind, **kept)
        uploaded = dict(_objects(s3, bucket))
        for name in sorted(uploaded.keys() - front.keys() - _still_loaded(uploaded, datetime.now(UTC))):
            s3.delete_object(Bucket=bucket, Key=name)

    def _read_front(self) -> dict[str, bytes]:
        """The built front, by the names of its files, with the operator's own data."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            try:
                build_front(
                    folder,
                    operator_file=self._operator_file,
                    complete=True,
                    menu=self._stage.menu,
                    benefits=self._stage.benefits,
                )
            except OperatorUnknownError as error:
                raise DeploymentError(f"web/operator.json is not filled in: {error} (docs/deploy.md, step 6)") from None
            except ValueError as error:
                raise DeploymentError(f"infra/stages.py: {error} (docs/deploy.md, step 6)") from None
            return {
                file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
            }

    def invalidate(self, distribution: str) -> None:
        self._client("cloudfront", REGION).create_invalidation(
            DistributionId=distribution,
            InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(time.time_ns())},
        )


def _client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]  # the name is data here


def _objects(s3: Any, bucket: str) -> Iterator[tuple[str, datetime]]:
    """The objects of a bucket: their names, and when they were uploaded."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from ((found["Key"], found["LastModified"]) for found in page.get("Contents", []))


def _still_loaded(uploaded: Mapping[str, datetime], now: datetime) -> set[str]:
    """The assets that pages may still name: a version, however old, counts from the upload of the next one."""
    assets = {name: name.rpartition("/")[0] for name in uploaded if name.startswith(ASSETS[1:])}
    versions: dict[str, datetime] = {}
    for name, version in assets.items():
        versions[version] = max(uploaded[name], versions.get(version, uploaded[name]))
    newest_first = sorted(versions, key=versions.__getitem__, reverse=True)
    replaced_at = {former: versions[newer] for newer, former in pairwise(newest_first)}
    return {name for name, version in assets.items() if now - replaced_at.get(version, now) < _FORMER_ASSETS_KEPT}


def _region_of(stack: str) -> str:
    return EDGE_REGION if stack == "EdgeStack" else REGION


def _answers(address: str) -> bool:
    status, said = _call(f"{address}/api/session")
    return status == HTTPStatus.OK and said.get("who") == "anonymous"


def _takes_posts(address: str) -> bool:
    """Whether a form without its fields is refused for its fields, and not for the page that it came from."""
    headers = {"Origin": address, "Content-Type": "application/json"}
    return _call(f"{address}/api/activation", b"{}", headers)[1].get("code") == "invalid-request"


def _call(url: str, body: bytes | None = None, headers: Mapping[str, str] = _NO_HEADERS) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer; 0 and an empty object when none of ours comes."""
    request = urllib.request.Request(url, body, {"User-Agent": "account-activation-deploy", **headers})  # noqa: S310  # an https address of ours
    try:
        try:
            answer = urllib.request.urlopen(request, timeout=10)  # noqa: S310  # as above
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            said = json.load(answer)
    except (OSError, HTTPException, ValueError):
        return 0, {}
    return answer.status, said if isinstance(said, dict) else {}
