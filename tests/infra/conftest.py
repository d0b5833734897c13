"""The synthesized templates of a stage, once for all tests that read them."""

from dataclasses import dataclass, replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_stacks
from infra.assets import ASSETS
from infra.stages import STAGES, Stage
from tests.resources import Resources
from web.build import build as build_front


@dataclass(frozen=True)
class Templates:
    """The resources of each stack of a stage."""

    stage: Stage
    data: Resources
    service: Resources
    edge: Resources
    web: Resources

    @property
    def all(self) -> tuple[Resources, ...]:
        return self.data, self.service, self.edge, self.web


@pytest.fixture(scope="session")
def every_stage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Templates]:
    """The stacks of each stage that goes to AWS; production overrides one limit, and is ready for a campaign."""
    ready: dict[str, Any] = {"kept_ready": {"start_activation": 25}, "warm_writes": {"outbox": 10_000}}
    stages = {**STAGES, "prod": replace(STAGES["prod"], limits={"RESEND_WAIT_SECONDS": 90}, **ready)}
    return {name: _synthesized(stage, tmp_path_factory) for name, stage in stages.items() if stage.has_edge}


@pytest.fixture(scope="session")
def stacks(every_stage: dict[str, Templates]) -> Templates:
    return every_stage["prod"]


def _synthesized(stage: Stage, places: pytest.TempPathFactory) -> Templates:
    code, front = {asset: places.mktemp(asset.name) for asset in ASSETS}, places.mktemp("front")
    for asset, folder in code.items():
        (folder / f"{asset.name}.py").touch()
    build_front(front)
    address = f"https://{stage.domain or 'd111111abcdef8.cloudfront.net'}"
    app = cdk.App(outdir=str(places.mktemp("cdk")), builtin_cloud_formation_validation=False)  # `make check` does it
    made = add_stacks(app, stage, code, front, address)
    assert made.edge
    assert made.web
    of_each = (dict(Template.from_stack(stack).to_json()) for stack in (made.data, made.service, made.edge, made.web))
    return Templates(stage, *(Resources(template, stage=stage) for template in of_each))


@pytest.fixture
def data(stacks: Templates) -> Resources:
    return stacks.data


@pytest.fixture
def service(stacks: Templates) -> Resources:
    return stacks.service


@pytest.fixture
def edge(stacks: Templates) -> Resources:
    return stacks.edge


@pytest.fixture
def web(stacks: Templates) -> Resources:
    return stacks.web
