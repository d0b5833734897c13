"""The synthesized template of the local stage, made again only when something it reads has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.assets import BUILDS, ROOT

STAGE = "local"
_READ = ("infra", "activation/adapters/tables.py", "activation/config.py", "activation/domain/limits.py", "cdk.json")
_TOOLS = "requirements-dev.txt"


def synthesize() -> Path:
    """The folder with the local stage's templates."""
    target = BUILDS / f"cdk-{_digest()}"
    if not target.exists():
        BUILDS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILDS) as draft:
            environment = {**os.environ, "CDK_OUTDIR": str(Path(draft, "out")), "STAGE": STAGE}
            subprocess.run([sys.executable, "-m", "infra.app"], check=True, cwd=ROOT, env=environment)
            shutil.move(Path(draft, "out"), target)
    return target


def _digest() -> str:
    digest = hashlib.sha256()
    for place in (*_READ, _TOOLS):
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]
