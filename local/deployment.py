"""Deploys the synthesized stacks to the engine, as CloudFormation would to AWS."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activation.adapters.tables import TableSpec
from infra.assets import HOST, ROSTERS, own_code, third_party
from infra.functions import ALIAS, pascal
from infra.stages import STAGES
from local.engine import Engine
from local.template import STAGE, Template, localize, synthesize

STACKS = ("DataStack", "ServiceStack")
_BUCKET = "deployment"
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")
_STACK_SECONDS = 60


class DeploymentError(Exception):
    """The engine refused a stack."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The product as deployed to an engine; `resources` are the physical ids by type and logical id."""

    engine: Engine
    resources: Mapping[tuple[str, str], str]

    @property
    def api_path(self) -> str:
        """The stage's path before the API's own paths."""
        return self._path_of("Api")

    @property
    def support_path(self) -> str:
        """The stage's path before the help desk's own paths."""
        return self._path_of("HelpDesk")

    def _path_of(self, construct: str) -> str:
        api = self._named("AWS::ApiGateway::RestApi", f"{construct}RestApi")
        stage = self._named("AWS::ApiGateway::Stage", f"{construct}RestApiDeploymentStagelive")
        return f"/_aws/execute-api/{api}/{stage}"

    def of_type(self, kind: str) -> list[str]:
        """The physical ids of all resources of a type."""
        return [physical for (type_, _), physical in self.resources.items() if type_ == kind]

    def table(self, spec: TableSpec) -> str:
        """The deployed name of a table."""
        return self._named("AWS::DynamoDB::Table", pascal(spec.name))

    def key(self, name: str) -> str:
        """The id of a KMS key, by its construct's id (`CodeKey`, `PepperKey`, `MailKey`)."""
        return self._named("AWS::KMS::Key", name)

    @property
    def reports_topic(self) -> str:
        """The topic of SES's events."""
        return self._named("AWS::SNS::Topic", "DeliveryReportsTopic")

    def function(self, name: str) -> str:
        """The deployed name of a function."""
        return STAGES[STAGE].function_name(name)

    def invoke(self, name: str, event: object) -> Any:
        """Call a function and wait for its answer. Raises DeploymentError with what it raised."""
        functions = self.engine.client("lambda")
        answer = functions.invoke(FunctionName=self.function(name), Qualifier=ALIAS, Payload=json.dumps(event))
        result = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise DeploymentError(f"{name} failed: {result}")
        return result

    def _named(self, kind: str, construct: str) -> str:
        """The resource whose logical id is the construct's id with CDK's 8 characters."""
        (physical,) = (
            physical
            for (type_, logical), physical in self.resources.items()
            if type_ == kind and logical[:-8] == construct
        )
        return physical


def deploy(engine: Engine, *, origins: Sequence[str], limits: Mapping[str, str]) -> Deployment:
    """Deploy both stacks, with the functions of this working tree. Raises DeploymentError."""
    assembly, code = synthesize(), own_code()
    s3 = engine.client("s3")
    s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": engine.region})
    s3.upload_file(str(code), _BUCKET, code.name)
    # Each copy of a function unpacks its own code; the third-party part, the same for all, stays in its folder.
    settings = {**limits, "PYTHONPATH": os.pathsep.join(map(str, third_party(HOST, ROSTERS)))}
    resources: dict[tuple[str, str], str] = {}
    for stack in STACKS:
        source = json.loads((assembly / f"{stack}.template.json").read_text())
        code_at = {"S3Bucket": _BUCKET, "S3Key": code.name}
        template = localize(source, code=code_at, settings=settings, origins=origins)
        s3.put_object(Bucket=_BUCKET, Key=f"{stack}.json", Body=json.dumps(template).encode())
        created = _create(engine, f"{STAGES[STAGE].prefix}-{stack}", f"{engine.endpoint}/{_BUCKET}/{stack}.json")
        _complete(engine, template, created)
        resources |= {(template["Resources"][logical]["Type"], logical): name for logical, name in created.items()}
    return Deployment(engine, resources)


def _create(engine: Engine, name: str, template_url: str) -> dict[str, str]:
    """Create the stack; returns the physical ids by logical id."""
    cloudformation = engine.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateURL=template_url, Capabilities=list(_CAPABILITIES))
    deadline = time.monotonic() + _STACK_SECONDS
    while time.monotonic() < deadline:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            listed = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
            return {
                resource["LogicalResourceId"]: resource["PhysicalResourceId"]
                for page in listed
                for resource in page["StackResourceSummaries"]
            }
        if stack["StackStatus"] != "CREATE_IN_PROGRESS":
            raise DeploymentError(f"{name}: {stack['StackStatus']}: {stack.get('StackStatusReason')}")
        time.sleep(0.05)
    raise DeploymentError(f"{name} was not there after {_STACK_SECONDS} s")


def _complete(engine: Engine, template: Template, created: Mapping[str, str]) -> None:
    """Set the properties that MiniStack's CloudFormation leaves out: times to live and reserved concurrency."""
    for logical, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if "TimeToLiveSpecification" in properties:
            engine.client("dynamodb").update_time_to_live(
                TableName=created[logical], TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )
        if "ReservedConcurrentExecutions" in properties:
            engine.client("lambda").put_function_concurrency(
                FunctionName=created[logical],
                ReservedConcurrentExecutions=properties["ReservedConcurrentExecutions"],
            )
