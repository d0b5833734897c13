"""`python -m tests.smoke ADDRESS STAGE`."""

import sys
from itertools import chain

from infra.stages import STAGES
from tests.smoke.backstage import backstage
from tests.smoke.journey import activate, probe
from tests.smoke.site import Site, SmokeError


def main() -> None:
    """Try the service out; status 1 and one line when it fails."""
    address, stage = sys.argv[1].rstrip("/"), STAGES[sys.argv[2]]
    site = Site(address)
    steps = probe(site)
    if stage.synthetic_people:
        steps = chain(steps, activate(site, backstage(stage, site)))
    try:
        for step in steps:
            sys.stdout.write(f"ok: {step}\n")
    except SmokeError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
