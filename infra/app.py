"""Synthesizes one stage: `CDK_OUTDIR=cdk.out/dev STAGE=dev python -m infra.app`."""

import os
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from infra.assets import build
from infra.stacks.data import DataStack
from infra.stacks.service import ServiceStack
from infra.stages import REGION, STAGES, Stage


def add_stacks(app: cdk.App, stage: Stage, code: Path) -> tuple[DataStack, ServiceStack]:
    """The stacks of one stage; `code` is the functions' asset."""
    environment = cdk.Environment(region=REGION)
    data = DataStack(app, "DataStack", stack_name=f"{stage.prefix}-data", env=environment)
    service = ServiceStack(
        app,
        "ServiceStack",
        stage=stage,
        data=data,
        code=lambda_.Code.from_asset(str(code)),
        stack_name=f"{stage.prefix}-service",
        env=environment,
    )
    cdk.Tags.of(app).add("stage", stage.name)
    return data, service


def main() -> None:
    """Synthesize the stage that CDK's context or the environment names."""
    app = cdk.App()
    stage = STAGES[app.node.try_get_context("stage") or os.environ.get("STAGE", "dev")]
    add_stacks(app, stage, build(stage.platform))
    app.synth()


if __name__ == "__main__":
    main()
