"""The pipelines call what an operator calls, hold no key, and trust nothing that can change under them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra.assets import ROOT
from infra.stages import STAGES
from tests.infra.conftest import Templates
from tests.resources import listed

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, dict[str, Any]] = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yml"))
}
ON: Any = True
"""What YAML makes of the key `on`."""
EACH_WORKFLOW = pytest.mark.parametrize("name", WORKFLOWS)


def jobs(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = WORKFLOWS[name]["jobs"]
    return found


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in jobs(name).values():
        yield from job.get("steps", [])


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


@EACH_WORKFLOW
def test_every_action_is_pinned_to_a_commit_and_a_checkout_leaves_no_token_behind(name: str) -> None:
    used = [step for step in steps(name) if "uses" in step]
    assert not [step["uses"] for step in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])]
    for step in used:
        if step["uses"].startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@EACH_WORKFLOW
def test_a_workflow_may_nothing_that_a_job_does_not_ask_for_and_runs_nothing_that_a_stranger_wrote(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    for job in jobs(name).values():
        assert job["permissions"].get("contents") == "read"
        assert set(job["permissions"]) <= {"contents", "id-token", "pull-requests"}
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert not [step["run"] for step in steps(name) if "${{" in step.get("run", "")]


def test_a_change_is_checked_tested_synthesized_and_told_and_the_rules_changed_in_every_way_each_week() -> None:
    ran = {name: commands(job) for name, job in jobs("ci").items()}
    assert "make check" in ran["check"]
    assert "make test rehearsal COVERAGE=1" in ran["test"].splitlines()  # the restore drill is one of them
    assert "make fuzz accessibility orders" in ran["exhaustive"].splitlines()  # the whole, no SHARE
    assert "make synth" in ran["synth"]
    assert "infra.difference" in ran["synth"]
    assert "gh pr comment" in ran["synth"]
    assert "make mutants" in commands(jobs("mutants")["mutants"]).splitlines()
    assert WORKFLOWS["mutants"][ON]["schedule"] == [{"cron": "23 1 * * 6"}], "every week"


def test_a_commit_passes_every_check_then_staging_and_its_smoke_test_then_somebodys_approval() -> None:
    deploy = jobs("deploy")
    needs = {name: job.get("needs") for name, job in deploy.items()}
    assert needs == {"ci": None, "staging": "ci", "approval": "staging", "prod": "approval"}
    assert deploy["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert "push" not in WORKFLOWS["ci"][ON], "it would run beside"
    assert WORKFLOWS["deploy"][ON]["push"] == {"branches": ["main"]}
    assert deploy["staging"]["if"] == "github.ref == 'refs/heads/main'"
    assert not [job for name in ("ci", "deploy") for job in jobs(name).values() if "always" in str(job.get("if"))]
    assert (deploy["staging"]["with"]["stage"], deploy["prod"]["with"]["stage"]) == ("staging", "prod")
    stage = jobs("stage")
    assert 'make deploy STAGE="$STAGE"' in commands(stage["deploy"])
    assert 'make smoke URL="$ADDRESS" STAGE="$STAGE"' in commands(stage["smoke"])
    assert stage["smoke"]["needs"] == "deploy"
    assert {job["environment"] for job in stage.values()} == {"${{ inputs.stage }}"}


def test_approval_is_asked_for_once_and_by_a_job_that_does_nothing_else() -> None:
    asking = {name: jobs(name)["approval"] for name in ("deploy", "rollback")}
    assert asking["deploy"]["environment"] == "approval"
    assert asking["rollback"]["environment"] == "${{ inputs.stage == 'prod' && 'approval' || inputs.stage }}"
    for job in asking.values():
        assert [step["run"] for step in job["steps"]] == ['echo "approved"']
    assert not [job for job in jobs("stage").values() if "approval" in str(job)]


def test_a_deployment_that_waits_for_approval_holds_up_no_rollback() -> None:
    found = {(name, job): one for name in ("deploy", "rollback", "stage") for job, one in jobs(name).items()}
    found |= {(name, ""): WORKFLOWS[name] for name in ("deploy", "rollback", "stage")}
    groups = {where: one["concurrency"]["group"] for where, one in found.items() if "concurrency" in one}
    assert groups == {("deploy", "approval"): "approval", ("stage", "deploy"): "deploy-${{ inputs.stage }}"}


def test_a_rollback_goes_the_same_way_with_a_commit_of_main() -> None:
    back = jobs("rollback")["back"]
    assert back["uses"] == jobs("deploy")["prod"]["uses"]
    assert back["with"]["ref"] == "${{ inputs.commit }}"
    assert back["needs"] == "approval"
    assert jobs("rollback")["approval"]["needs"] == "known"


def test_workflows_take_the_roles_that_the_stack_makes(stacks: Templates) -> None:
    prefix = STAGES["prod"].prefix
    roles = {role.get("RoleName") for role in stacks.service.of_type("AWS::IAM::Role").values()}
    assert f"{prefix}-deploy" in roles
    assert f"{prefix}-smoke" not in roles, "production has nobody synthetic"
    taken = [step["with"]["role-to-assume"] for step in steps("stage") if "role-to-assume" in step.get("with", {})]
    assert {role.partition(":role/")[2] for role in taken} == {
        "account-activation-${{ inputs.stage }}-deploy",
        "account-activation-${{ inputs.stage }}-smoke",
    }


def test_only_this_repositorys_own_environment_may_deploy_and_change_nothing_but_through_cdks_roles(
    stacks: Templates,
) -> None:
    roles = stacks.service.of_type("AWS::IAM::Role").values()
    (role,) = (role for role in roles if "deploy" in str(role.get("RoleName")))
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:cnas/account-activation:environment:prod",
    }
    (policy,) = role["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert {action for statement in statements for action in listed(statement["Action"])} == {
        *("sts:AssumeRole", "cloudformation:DescribeStacks", "cloudformation:ListStacks"),
        *("secretsmanager:ListSecretVersionIds", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"),
        *("cloudfront:CreateInvalidation", "iam:PassRole", "sns:SetSMSAttributes"),
    }
    assert "SmsLog" in str(policy)
