"""Logs and metrics: constant event names and identifiers, never a code, password, token, contact or name."""

import logging
import traceback
from functools import cache

from aws_lambda_powertools import Logger, Metrics

_HUSHED = {
    # At DEBUG these log bodies and MACs.
    "botocore": logging.WARNING,
    "boto3": logging.WARNING,
    "urllib3": logging.WARNING,
    # Powertools logs every refusal as a fault, with its message; `Api.answer` logs what there is to say.
    "aws_lambda_powertools.event_handler": logging.CRITICAL,
}
"""The lowest level at which each library may log, whatever our own level is."""


@cache
def logger() -> Logger:
    """The function's logger: one JSON line an event. Service and level come from the environment."""
    return Logger()


def hush_libraries() -> None:
    """Let libraries log no more than they may. Call it before they are first used: they may log secrets at once."""
    for name, level in _HUSHED.items():
        logging.getLogger(name).setLevel(level)


@cache
def metrics() -> Metrics:
    """The function's metrics, in CloudWatch's embedded format; namespace and service come from the environment."""
    return Metrics()


def name_of(error: BaseException) -> str:
    """The kind of an error: AWS's own code where AWS refused, else the name of its class."""
    response = getattr(error, "response", None)  # botocore's timeouts have one too: None
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return f"{type(error).__name__}: {code}" if code else type(error).__name__


def where(error: BaseException) -> str:
    """The places that an error came through, innermost last, without its message: messages may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
