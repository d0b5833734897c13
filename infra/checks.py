"""The part of `make check` on everything that goes to AWS.

cdk-nag and cfn-lint find nothing new, the code keeps to its budget, no function imports what only others need.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

from infra import assets
from infra.acknowledged import acknowledge
from infra.app import add_stacks
from infra.stages import EDGE_REGION, REGION, STAGES, Stage
from infra.startup_imports import imported_too_much
from web.build import build as build_front

_MADE_BY_CDK = ("W3005",)
"""The rule that CDK breaks itself: it declares a dependency that a reference implies already."""


def overweight() -> Iterator[str]:
    """A line for each asset that is past its budget of bytes."""
    for asset in assets.ASSETS:
        budgets = {"zipped": asset.most_zipped, "unpacked": asset.most_unpacked}
        for size, (form, budget) in zip(assets.sizes(assets.build(assets.LAMBDA, asset)), budgets.items(), strict=True):
            if size > budget:
                yield f"the code ({asset.name}) has {size:,} bytes {form}: {budget:,} are its budget"


def nagged(stage: Stage, folder: Path) -> Iterator[str]:
    """The findings of cdk-nag on the stage; afterwards its templates are in the folder."""
    front, code, out = folder / "front", folder / "code", folder / "out"
    code.mkdir(parents=True)
    (code / "nothing.py").touch()  # the rules do not look at the code
    build_front(front, menu=stage.menu, benefits=stage.benefits)
    app = cdk.App(outdir=str(out))
    add_stacks(app, stage, dict.fromkeys(assets.ASSETS, code), front)
    acknowledge(app)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.ServerlessChecks(app))
    with suppress(RuntimeError):  # CDK raises it when a rule is broken; the report has the rule
        app.synth()
    for report in json.loads((out / "validation-report.json").read_text())["pluginReports"]:
        for violation in report["violations"]:
            for found in violation["violatingConstructs"]:
                yield f"{stage.name}: {violation['ruleName']} {found['constructPath']}: {violation['description']}"


def linted(folder: Path) -> Iterator[str]:
    """The findings of cfn-lint on the templates in the folder, all stages at once: starting it takes time."""
    templates = sorted(str(file.relative_to(folder)) for file in folder.glob("*/out/*.template.json"))
    linter = str(Path(sys.executable).with_name("cfn-lint"))
    regions = ["--regions", REGION, EDGE_REGION]
    command = [linter, *regions, "--format", "parseable", "--ignore-checks", *_MADE_BY_CDK, "--template", *templates]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603  # our own arguments
    yield from (done.stdout or done.stderr).splitlines()


def _all_findings() -> Iterator[str]:
    yield from overweight()
    yield from imported_too_much()
    with tempfile.TemporaryDirectory() as folder:
        for stage in STAGES.values():
            if stage.has_edge:
                yield from nagged(stage, Path(folder, stage.name))
        yield from linted(Path(folder))


def main() -> None:
    """Print all findings; status 1 when there is any."""
    found = list(_all_findings())
    sys.stdout.writelines(f"{finding}\n" for finding in found)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
