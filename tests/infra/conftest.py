"""The synthesized templates of a stage, once for all tests that read them."""

from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from infra.app import add_stacks
from infra.stages import STAGES
from tests.infra.resources import Resources


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Resources, Resources]:
    """The resources of the data stack and of the service stack, of a stage that overrides one limit."""
    code = tmp_path_factory.mktemp("code")
    (code / "empty.py").touch()
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk")))
    data, service = add_stacks(app, replace(STAGES["prod"], limits={"RESEND_WAIT_SECONDS": 90}), code)
    return Resources(dict(Template.from_stack(data).to_json())), Resources(dict(Template.from_stack(service).to_json()))


@pytest.fixture
def data(stacks: tuple[Resources, Resources]) -> Resources:
    """The data stack's resources."""
    return stacks[0]


@pytest.fixture
def service(stacks: tuple[Resources, Resources]) -> Resources:
    """The service stack's resources."""
    return stacks[1]
