"""What a change does to a stage's resources: `python -m infra.difference FORMER NEW`, two synthesized folders.

Lists resources by stack; the code of functions is left out, since every change changes it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Resources = dict[str, dict[str, Any]]

_CHANGES_WITH_THE_CODE = ("Code", "CodeSha256")
_REPLACED_WITH_THE_CODE = "AWS::Lambda::Version"


def difference(former: Path, new: Path) -> Iterator[str]:
    """The lines of a comment, in Markdown."""
    stacks = sorted({file.name for folder in (former, new) for file in folder.glob("*.template.json")})
    lines = [
        line for stack in stacks for line in _of_a_stack(stack, _resources(former / stack), _resources(new / stack))
    ]
    yield "### What this changes in production"
    yield from lines or ["Nothing but the functions' code."]


def _of_a_stack(stack: str, former: Resources, new: Resources) -> Iterator[str]:
    rows = [
        *(_row("removed", name, former[name]) for name in sorted(former.keys() - new.keys())),
        *(_row("added", name, new[name]) for name in sorted(new.keys() - former.keys())),
        *(_row("changed", name, new[name]) for name in sorted(former.keys() & new.keys()) if former[name] != new[name]),
    ]
    if rows:
        yield f"\n**{stack.partition('.')[0]}**\n"
        yield from rows


def _row(what: str, name: str, resource: dict[str, Any]) -> str:
    return f"- {what}: `{resource['Type']}` {name}"


def _resources(template: Path) -> Resources:
    found: Resources = json.loads(template.read_text())["Resources"] if template.exists() else {}
    return {name: _told(resource) for name, resource in found.items() if resource["Type"] != _REPLACED_WITH_THE_CODE}


def _told(resource: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: value for name, value in resource.get("Properties", {}).items() if name not in _CHANGES_WITH_THE_CODE
    }
    if resource["Type"] == "AWS::Lambda::Alias":
        properties.pop("FunctionVersion", None)
    told = {name: value for name, value in resource.items() if name != "Metadata"}
    return {**told, "Properties": properties}


if __name__ == "__main__":
    sys.stdout.write("\n".join(difference(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
