"""The synthesized template of the local stage, with the changes of the local run."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from infra.assets import BUILDS, ROOT, put_in_place

Template = dict[str, Any]

STAGE = "local"
_LIMITS = ("activation/domain/code_limits.py", "activation/domain/limits.py")
_READ = ("infra", "activation/adapters/tables.py", "activation/config.py", *_LIMITS)
_TOOLS = "requirements-dev.txt"

DROPPED_TYPES = frozenset(
    {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::Backup::BackupSelection",
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Logs::QueryDefinition",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
    }
)
"""The types of resources that MiniStack refuses, with some alarms among them, and the page that shows the alarms."""

WIDENED_ACTIONS = frozenset({"ses:SendEmail"})
"""The actions that MiniStack judges as if they named no resource; AWS judges each on the resources it touches."""

_BOOTSTRAP = ("Parameters", "Rules")
"""The parts in which CDK checks that the account was bootstrapped; an engine is not."""


def synthesize() -> Path:
    """Write the local stage's templates by CDK, in another process, unless they are there; returns their folder."""
    target = BUILDS / f"cdk-{_digest()}"
    if not target.exists():
        BUILDS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILDS) as draft:
            environment = {**os.environ, "CDK_OUTDIR": str(Path(draft, "out")), "STAGE": STAGE}
            subprocess.run([sys.executable, "-m", "infra.app"], check=True, cwd=ROOT, env=environment)
            put_in_place(Path(draft, "out"), target)
    return target


def _digest() -> str:
    digest = hashlib.sha256()
    for place in (*_READ, _TOOLS):
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]


def localize(
    template: Template, *, code: Mapping[str, str], settings: Mapping[str, str], origins: Sequence[str]
) -> Template:
    """The template for this machine: its own build of the code, the settings of this run, its origins."""
    local = deepcopy(template)
    for section in _BOOTSTRAP:
        local.pop(section, None)
    _drop_refused(local)
    for resource in local["Resources"].values():
        resource.pop("UpdatePolicy", None)  # CodeDeploy's, for shifting visitors to a new version
        if resource["Type"] == "AWS::IAM::Role":
            _widen(resource["Properties"].get("Policies", []))
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = dict(code)
            told = resource["Properties"]["Environment"]["Variables"]
            told |= settings
            if "PUBLIC_ORIGINS" in told:
                told["PUBLIC_ORIGINS"] = ",".join(origins)
    return local


def _drop_refused(template: Template) -> None:
    resources = template["Resources"]
    dropped = {name for name, resource in resources.items() if resource["Type"] in DROPPED_TYPES}
    for name in dropped:
        del resources[name]
    for resource in resources.values():
        if "DependsOn" in resource:
            resource["DependsOn"] = [name for name in _names(resource["DependsOn"]) if name not in dropped]


def _names(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _widen(policies: list[dict[str, Any]]) -> None:
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            if WIDENED_ACTIONS.issuperset(_names(statement["Action"])):
                statement["Resource"] = "*"
