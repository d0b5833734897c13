"""The synthesized templates of a stage, once for all tests that read them."""

from dataclasses import dataclass, replace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_stacks
from infra.assets import ASSETS
from infra.stages import STAGES
from tests.infra.resources import Resources
from web.build import build as build_front


@dataclass(frozen=True)
class Templates:
    """The resources of each stack."""

    data: Resources
    service: Resources
    edge: Resources
    web: Resources

    @property
    def all(self) -> tuple[Resources, ...]:
        """All four."""
        return self.data, self.service, self.edge, self.web


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The stacks of production, but for one limit that the stage overrides, and what it has ready for a campaign."""
    code, front = {asset: tmp_path_factory.mktemp(asset.name) for asset in ASSETS}, tmp_path_factory.mktemp("front")
    for asset, folder in code.items():
        (folder / f"{asset.name}.py").touch()
    build_front(front)
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk")))
    ready: dict[str, Any] = {"kept_ready": {"start_activation": 25}, "warm_writes": {"outbox": 10_000}}
    stage = replace(STAGES["prod"], limits={"RESEND_WAIT_SECONDS": 90}, **ready)
    made = add_stacks(app, stage, code, front)
    assert made.edge
    assert made.web
    return Templates(*(_resources(stack) for stack in (made.data, made.service, made.edge, made.web)))


def _resources(stack: cdk.Stack) -> Resources:
    return Resources(dict(Template.from_stack(stack).to_json()))


@pytest.fixture
def data(stacks: Templates) -> Resources:
    """The data stack's resources."""
    return stacks.data


@pytest.fixture
def service(stacks: Templates) -> Resources:
    """The service stack's resources."""
    return stacks.service


@pytest.fixture
def edge(stacks: Templates) -> Resources:
    """The edge stack's resources."""
    return stacks.edge


@pytest.fixture
def web(stacks: Templates) -> Resources:
    """The web stack's resources."""
    return stacks.web
