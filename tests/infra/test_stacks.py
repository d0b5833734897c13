"""What holds for every stack."""

import json
from pathlib import Path

from infra.assets import ROOT
from infra.stages import STAGES
from tests.infra.conftest import Templates

STATEFUL = {
    *("AWS::Backup::BackupVault", "AWS::CertificateManager::Certificate", "AWS::DynamoDB::Table", "AWS::KMS::Key"),
    *("AWS::S3::Bucket", "AWS::SES::EmailIdentity", "AWS::SNS::Topic", "AWS::SecretsManager::Secret"),
}
"""Types whose resources are lost, or have to be made known anew, when their logical id changes."""

KNOWN = Path(__file__).with_name("stateful.json")
"""What is deployed: this file only grows. A changed id here is somebody's data gone."""


def test_what_holds_state_keeps_its_name_whatever_is_refactored(stacks: Templates) -> None:
    named = {
        name: {logical: res["Type"] for logical, res in sorted(stack.all.items()) if res["Type"] in STATEFUL}
        for name, stack in zip(("data", "service", "edge", "web"), stacks.all, strict=True)
    }
    assert named == json.loads(KNOWN.read_text())


def test_what_cannot_be_made_again_outlives_its_stack(stacks: Templates) -> None:
    kept = {"AWS::Backup::BackupVault", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SES::EmailIdentity"}
    found = [one for stack in stacks.all for one in stack.all.values() if one["Type"] in kept]
    policies = {(one.get("DeletionPolicy"), one.get("UpdateReplacePolicy")) for one in found}
    assert policies == {("Retain", "Retain"), ("RetainExceptOnCreate", "Retain")}


def test_a_stage_is_told_by_its_data_alone() -> None:
    told = [f'"{name}"' for name in STAGES]
    files = [file for file in (ROOT / "infra").rglob("*.py") if file.name != "stages.py"]
    asked = [line for file in files for line in file.read_text().splitlines() if "if " in line]
    assert asked
    assert [line for line in asked if any(name in line for name in told)] == []


def test_every_stage_says_who_is_told_of_alarms_and_nobody_synthetic_is_enrolled_in_production() -> None:
    assert all("@" in stage.alarm_mail for stage in STAGES.values())
    assert not STAGES["prod"].synthetic_people
