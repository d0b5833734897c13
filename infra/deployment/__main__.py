"""`python -m infra.deployment STAGE [--rotate-origin-secret]`."""

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.deployment.cloud import Cloud
from infra.deployment.steps import DeploymentError, deploy
from infra.stages import STAGES


def main() -> None:
    """Deploy the stage; with the option, under a new origin secret."""
    parser = argparse.ArgumentParser(prog="python -m infra.deployment", description=__doc__)
    parser.add_argument("stage", choices=[name for name, stage in STAGES.items() if stage.has_edge])
    parser.add_argument("--rotate-origin-secret", action="store_true")
    said = parser.parse_args()
    stage = STAGES[said.stage]
    cloud = Cloud(stage)
    try:
        if said.rotate_origin_secret:
            cloud.renew_origin_secret()
        address = deploy(cloud)
    except DeploymentError as error:
        sys.exit(f"error: {error}")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"error: AWS: {error}")
    sys.stdout.write(f"{stage.name} is at {address}\n")


if __name__ == "__main__":
    main()
