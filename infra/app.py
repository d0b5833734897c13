"""Synthesizes one stage: `CDK_OUTDIR=cdk.out/dev STAGE=dev python -m infra.app`.

`STANDING_AT` is the address of a stage that stands already.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from infra.assets import ASSETS, Asset, build
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.service import ServiceStack
from infra.stacks.web import WebStack
from infra.stages import EDGE_REGION, REGION, STAGES, Stage
from web.build import build as build_front

STANDING_AT = "STANDING_AT"


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of one stage; a stage without CloudFront has the first two."""

    data: DataStack
    service: ServiceStack
    edge: EdgeStack | None = None
    web: WebStack | None = None


def add_stacks(
    app: cdk.App, stage: Stage, code: Mapping[Asset, Path], front: Path, standing_at: str | None = None
) -> Stacks:
    """The stacks of one stage; `code` has the zip of each asset, `front` the built front.

    `standing_at` is the address of a stage that stands: its service serves that origin, unless it has a domain, and its
    data is protected. Before it stands, its data is not: a first deployment that failed must be deletable.
    """
    if standing_at and not stage.domain:
        stage = replace(stage, public_origins=(standing_at,))
    cdk.Tags.of(app).add("stage", stage.name)
    here, edge_region = cdk.Environment(region=REGION), cdk.Environment(region=EDGE_REGION)
    data = DataStack(
        app,
        "DataStack",
        prefix=stage.prefix,
        warm_writes=stage.warm_writes,
        protected=bool(standing_at),
        stack_name=f"{stage.prefix}-data",
        env=here,
    )
    service = ServiceStack(
        app,
        "ServiceStack",
        stage=stage,
        data=data,
        code={asset: lambda_.Code.from_asset(str(place)) for asset, place in code.items()},
        stack_name=f"{stage.prefix}-service",
        env=here,
    )
    if not stage.has_edge:
        return Stacks(data, service)
    edge = EdgeStack(app, "EdgeStack", stage=stage, stack_name=f"{stage.prefix}-edge", env=edge_region)
    web = WebStack(
        app,
        "WebStack",
        stage=stage,
        data=data,
        service=service,
        front=front,
        stack_name=f"{stage.prefix}-web",
        env=here,
    )
    return Stacks(data, service, edge, web)


def main() -> None:
    """Synthesize the stage that the environment names."""
    app = cdk.App()
    stage = STAGES[os.environ.get("STAGE", "dev")]
    with tempfile.TemporaryDirectory() as front:
        build_front(Path(front), menu=stage.menu, benefits=stage.benefits)
        code = {asset: build(stage.platform, asset) for asset in ASSETS}
        add_stacks(app, stage, code, Path(front), os.environ.get(STANDING_AT))
        app.synth()


if __name__ == "__main__":
    main()
