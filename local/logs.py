"""Carries the functions' logs to this process's output."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.deployment import Deployment

_EVERY_SECONDS = 1
_OVERLAP_MILLISECONDS = 5_000
"""Read again each time: an invocation's lines are stamped when it ends, and may show up a moment later."""
_LAMBDAS_OWN = ("START RequestId:", "END RequestId:", "REPORT RequestId:")
_SMS_LOGS = "sns/"
"""The beginning of SNS's own logs on SMS, which hold numbers."""


class Logs:
    """The lines that the functions have logged since the last look."""

    def __init__(self, deployment: Deployment) -> None:
        self._client = deployment.engine.client("logs")
        groups = deployment.of_type("AWS::Logs::LogGroup")
        self._since = {group: 0 for group in groups if not group.startswith(_SMS_LOGS)}
        self._seen: set[str] = set()

    def lines(self) -> Iterator[str]:
        """The new lines, each invocation's together (MiniStack gives each a stream of its own)."""
        for group, since in self._since.items():
            pages = self._client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
            events = [event for page in pages for event in page["events"]]
            new = [event for event in events if event["logStreamName"] not in self._seen]
            self._seen.update(event["logStreamName"] for event in new)
            if new:
                self._since[group] = new[-1]["timestamp"] - _OVERLAP_MILLISECONDS
            yield from (event["message"] for event in new if not event["message"].startswith(_LAMBDAS_OWN))


@contextmanager
def carried(deployment: Deployment, write: Callable[[str], object]) -> Iterator[None]:
    """Write the functions' logs out while the context lasts, a line at a time, and the rest at its end."""
    logs, done = Logs(deployment), threading.Event()

    def carry() -> None:
        over = False
        while not over:
            over = done.wait(_EVERY_SECONDS)
            for line in logs.lines():
                write(line)

    thread = threading.Thread(target=carry, name="logs")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
