"""`python -m smoke ADDRESS STAGE`."""

import sys
from itertools import chain
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from infra.stages import STAGES, Stage
from local.roster_bucket import NoReportError
from smoke.backstage import backstage
from smoke.journey import activate, probe
from smoke.site import Site, SmokeError


def main() -> None:
    """Try the service out; status 1 and one line when it fails, 2 when there is no address to try."""
    match sys.argv[1:]:
        case [address, name] if name in STAGES and _is_address(address):
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
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"error: AWS: {error}")
    except NoReportError as error:
        sys.exit(f"error: the import {error} does not end")


def _is_address(said: str) -> bool:
    try:
        parts = urlsplit(said)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        return False


if __name__ == "__main__":
    main()
