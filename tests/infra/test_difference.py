"""A reviewer reads what a change does to production, and nothing of what every change does."""

import json
from pathlib import Path

from infra.difference import difference


def folder(path: Path, **resources: object) -> Path:
    path.mkdir()
    (path / "DataStack.template.json").write_text(json.dumps({"Resources": resources}))
    return path


def test_what_is_added_changed_and_removed_is_named(tmp_path: Path) -> None:
    former = folder(tmp_path / "former", Old={"Type": "AWS::SQS::Queue"}, Key={"Type": "AWS::KMS::Key"})
    new = folder(
        tmp_path / "new",
        Key={"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": False}},
        New={"Type": "AWS::SNS::Topic"},
    )
    assert list(difference(former, new))[1:] == [
        "\n**DataStack**\n",
        "- removed: `AWS::SQS::Queue` Old",
        "- added: `AWS::SNS::Topic` New",
        "- changed: `AWS::KMS::Key` Key",
    ]


def test_other_code_alone_is_no_difference(tmp_path: Path) -> None:
    former, new = (
        folder(
            tmp_path / key,
            Function={"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": key}}},
            **{f"Version{key}": {"Type": "AWS::Lambda::Version"}},
            Alias={"Type": "AWS::Lambda::Alias", "Properties": {"FunctionVersion": {"Ref": f"Version{key}"}}},
        )
        for key in ("one", "two")
    )
    assert list(difference(former, new))[1:] == ["Nothing but the functions' code."]
