"""What a password costs: Argon2id, and zxcvbn where one is chosen."""

from typing import Any

from argon2 import PasswordHasher
from zxcvbn import zxcvbn

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def lambda_handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Hash it; judge it."""
    if event["hashes"]:
        hasher.hash(bytes(32))
    if event["judges"]:
        zxcvbn(event["judges"], user_inputs=event["known"])
    return {"statusCode": 200, "body": "{}"}
