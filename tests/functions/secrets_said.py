"""Everything secret that a test says or is told, and everything that is logged meanwhile at DEBUG."""

import base64
import json
import logging
import re
from collections.abc import Iterator

SECRET_FIELDS = {"password", "confirmation", "current", "code", "last_name", "email", "mobile"}
LEAST_TELLING = 5
"""Shorter values stand in a log by chance."""
ALWAYS_THERE = frozenset(vars(logging.makeLogRecord({}))) - {"msg", "args", "exc_info", "exc_text", "stack_info"}
"""What every record has: times, places and levels, none of which we choose."""

said: set[str] = set()
"""What the running test has typed, been handed or been sent so far."""


def note(body: object, cookies: dict[str, str]) -> None:
    """Remember what a request carries that nobody may read in a log."""
    said.update(_secret_values(body))
    said.update(value.rpartition(".")[2] for value in cookies.values())


def _secret_values(body: object) -> Iterator[str]:
    fields = body.items() if isinstance(body, dict) else ()
    return (value for name, value in fields if name in SECRET_FIELDS and isinstance(value, str))


class EverythingLogged(logging.Handler):
    """Keeps every record's words and fields."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what the record says, whatever a formatter would make of it."""
        told = {name: value for name, value in vars(record).items() if name not in ALWAYS_THERE}
        self.lines.append(json.dumps(told, ensure_ascii=False, default=repr))

    def leaks(self) -> list[str]:
        """The secrets that were logged, in clear or in base64."""
        text = "\n".join(self.lines)
        secrets = {secret for secret in said if len(secret) >= LEAST_TELLING and secret.isprintable()}
        secrets |= {base64.b64encode(secret.encode()).decode().rstrip("=") for secret in secrets}
        return [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text)]
