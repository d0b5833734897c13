"""What the functions print: events and metrics, a line of JSON each."""

import contextlib
import io
import json
import re
from typing import Any

import pytest

FORM = re.compile(r"\{.*\}")


class Printed:
    """What was printed so far: on standard output, and by any logger at all."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.any, self._capsys, self._out = io.StringIO(), capsys, ""

    def getvalue(self) -> str:
        self._out += self._capsys.readouterr().out
        return self._out + self.any.getvalue()


def events(printed: Printed) -> list[dict[str, Any]]:
    lines = []
    for line in printed.getvalue().splitlines():
        with contextlib.suppress(ValueError):
            lines.append(json.loads(line))
    return [line for line in lines if isinstance(line, dict) and "message" in line]


def metrics_in(text: str) -> dict[str, float]:
    told: dict[str, float] = {}
    for form in FORM.findall(text):
        line = json.loads(form) if '"_aws"' in form else {"_aws": {"CloudWatchMetrics": []}}
        for group in line["_aws"]["CloudWatchMetrics"]:
            for metric in group["Metrics"]:
                told[metric["Name"]] = told.get(metric["Name"], 0) + sum(line[metric["Name"]])
    return told
