"""`python -m tests.smoke ADDRESS STAGE`."""

import sys
from itertools import chain

from infra.stages import STAGES, Stage
from tests.smoke.backstage import backstage
from tests.smoke.journey import activate, probe
from tests.smoke.site import Site, SmokeError


def main() -> None:
    """Try the service out; status 1 and one line when it fails, 2 when there is no address to try."""
    match sys.argv[1:]:
        case [address, name] if name in STAGES:
            _try_out(Site(address.rstrip("/")), STAGES[name])
        case _:
            sys.stderr.write("usage: make smoke URL=https://… STAGE=dev (or the URL of make run alone)\n")
            sys.exit(2)


def _try_out(site: Site, stage: Stage) -> None:
    try:
        steps = probe(site)
        if stage.synthetic_people:
            steps = chain(steps, activate(site, backstage(stage, site)))
        for step in steps:
            sys.stdout.write(f"ok: {step}\n")
    except SmokeError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
