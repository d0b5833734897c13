"""A campaign's plan: worked out from how many come, refused where it can't be carried out, and applied to its stage."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from activation.domain import code_limits, limits
from activation.domain.budgets import SIGN_IN_SHARE
from bench import attack, report
from infra import campaign
from infra.campaign import Campaign, carry_out, described, granted, plan, refused, takeovers
from infra.stages import ORDINARY, Stage, in_campaign
from infra.traffic import DOLLARS_OF_A_MILLION
from tests.load.__main__ import CARRIED, HOSPITAL, OPENS, arrivals, carried

SMALL = Campaign(people=1_000, days=2, without_mail=0.2, hours=5)
STAGE = replace(
    ORDINARY["prod"],
    limits={"SMS_PER_HOUR": 100, "STARTS_PER_IP_PER_5_MINUTES": 1},
    requests_per_second=1,
    sms_dollars_per_month=1,
)
"""So little that everything has to be raised."""
LARGE = Campaign(people=800_000, days=1)


def test_a_small_plan_is_what_it_was_worked_out_by_hand_to_be() -> None:
    made = plan(SMALL, STAGE)
    assert (SMALL.people_a_day, SMALL.busiest_hour, SMALL.traffic.starts) == (500, 300, 0.25)
    assert SMALL.messages_in_the_busiest_hour == (480, 120)
    assert made.stage == {
        "limits": {"SMS_PER_HOUR": 230, "STARTS_PER_IP_PER_5_MINUTES": 4},
        "requests_per_second": 6,
        "sms_dollars_per_month": 47,
        "kept_ready": {"start_activation": 1, "verify_code": 1, "set_password": 1, "preferences": 1, "account": 1},
        "warm_writes": {},
        "rollout": "ALL_AT_ONCE",
    }
    assert {need.name: need.needed for need in made.needs} == {
        "SES: mails a second": 1,
        "SES: mails in 24 hours": 1_200,
        "SNS: SMS a second": 1,
        "SMS: dollars a month": 47,
        "Lambda: copies at once": 204,
        "API Gateway: calls a second": 6,
        "KMS: MACs a second": 2,
    }
    dollars = {name: round(each, 2) for name, each in made.dollars.items()}
    assert dollars == {"SMS": 31, "mails": 0.16, "the service and its pages": 0.25, "copies kept ready": 3.72}


def test_a_plan_takes_nothing_from_a_stage_that_has_more() -> None:
    stage = ORDINARY["prod"]
    made = plan(SMALL, stage)
    assert made.limits == {"SMS_PER_HOUR": 5_000, "STARTS_PER_IP_PER_5_MINUTES": 60}
    assert made.stage["requests_per_second"] == stage.requests_per_second
    assert made.stage["sms_dollars_per_month"] == stage.sms_dollars_per_month


def test_what_new_tables_do_not_take_is_warmed_and_the_outbox_has_workers_for_its_messages() -> None:
    writes = plan(LARGE, STAGE).stage["warm_writes"]
    busy = LARGE.traffic.busy["deliver_message"]
    assert writes["accounts"] >= 20 * LARGE.traffic.starts
    assert writes["outbox"] / campaign.WRITES_A_SHARD * campaign.WORKERS_A_SHARD >= busy
    assert "sessions" not in writes


def test_a_longer_campaign_spends_a_months_sms_at_most() -> None:
    short, long = (plan(Campaign(100_000, days), STAGE).stage["sms_dollars_per_month"] for days in (30, 60))
    assert long * 2 == pytest.approx(short, rel=0.1)


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"people": 800_001}, {"days": 0}, {"hours": 0}, {"hours": 25}, {"without_mail": 1.1}]
)
def test_what_no_campaign_can_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="800,000"):
        Campaign(**{"people": 1, "days": 1, **wrong})


@pytest.mark.parametrize("people", [SMALL.people_a_day, 80_000, 800_000])
def test_the_attack_in_the_plan_is_the_one_that_was_simulated(people: int) -> None:
    made = plan(Campaign(people, days=1), ORDINARY["prod"])
    below, through = takeovers(made, ORDINARY["prod"]).values()
    assert below == pytest.approx(attack.spray_below_the_breaker(limits.Limits(), people))
    assert through == pytest.approx(attack.spray_through_the_breaker())


def test_what_the_plan_takes_from_the_rules_is_as_they_have_it() -> None:
    assert campaign.RIGHT_CODES_FOR_A_WRONG == code_limits.RIGHT_CODES_FOR_A_WRONG
    assert pytest.approx(1 - 1 / SIGN_IN_SHARE) == campaign.FOR_ANYONE
    assert campaign.TEN_MINUTES_A_DAY * code_limits.BREAKER_WINDOW_SECONDS == limits.DAY_SECONDS
    assert campaign.POPULATION == attack.POPULATION
    assert campaign.NAMES == attack.NAMES
    assert campaign.MOST_A_DAY == attack.MOST_A_DAY


def test_what_a_million_activations_cost_is_what_was_counted() -> None:
    cost, _ = report.results_of(report.kept())["cost"]
    assert round(float(cost.rows[-1][-1])) == DOLLARS_OF_A_MILLION


def aws(*, rate: float = 1_000, day: float = 1e6, dollars: int = 100_000, quota: float = 1_000) -> Any:
    limits = [{"Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "MaxLimit": dollars}]
    return SimpleNamespace(
        get_account=lambda: {"SendQuota": {"MaxSendRate": rate, "Max24HourSend": day}},
        describe_spend_limits=lambda: {"SpendLimits": limits},
        get_service_quota=lambda **_: {"Quota": {"Value": quota}},
    )


def refusals(made: campaign.Plan, **granted_by: float) -> list[str]:
    return refused(made, STAGE, granted(lambda _: aws(**granted_by)))  # type: ignore[arg-type]  # one kind of number


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ({"rate": 0.5}, "SES: mails a second: 1 needed, 0 granted"),
        ({"day": 200}, "SES: mails in 24 hours: 1,200 needed, 200 granted"),
        ({"dollars": 1}, "SMS: dollars a month: 47 needed, 1 granted"),
        ({"quota": 10}, "Lambda: copies at once: 204 needed, 10 granted"),
        ({"quota": 5}, "API Gateway: calls a second: 6 needed, 5 granted"),
    ],
)
def test_a_plan_that_aws_did_not_grant_is_refused_and_says_what_to_ask_for(short: dict[str, float], said: str) -> None:
    assert [sentence for sentence in refusals(plan(SMALL, STAGE), **short) if sentence.startswith(said)]
    assert refusals(plan(SMALL, STAGE)) == refusals(plan(SMALL, STAGE), day=-1) == []


def test_a_plan_that_misses_a_goal_is_refused() -> None:
    weak: Stage = replace(STAGE, limits={"WRONG_CODES_PER_10_MINUTES": 3_000, "STARTS_PER_PERSON_PER_DAY": 7})
    assert [sentence.split()[4] for sentence in refused(plan(SMALL, weak), weak, {})] == ["0.86", "0.56"]


def cannot_say(_: str) -> Any:
    raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "Any")


@pytest.mark.parametrize(("ask", "why"), [(lambda: granted(cannot_say), ""), (dict, " (no credentials)")])
def test_what_aws_does_not_say_is_said_and_the_plan_is_written(
    ask: Callable[[], campaign.Asked], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, file = plan(SMALL, STAGE), tmp_path / "campaigns" / "prod.json"
    carry_out(made, STAGE, file, ask())
    assert f"Not asked of AWS{why}" in capsys.readouterr().out
    assert json.loads(file.read_text("utf-8"))["stage"] == made.stage


def test_nothing_is_written_of_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Refused"):
        carry_out(plan(SMALL, STAGE), STAGE, tmp_path / "prod.json", granted(lambda _: aws(day=1)))
    assert list(tmp_path.iterdir()) == []


def test_a_stage_has_what_its_campaign_changes_and_its_own_limits_beside(tmp_path: Path) -> None:
    stage = replace(STAGE, limits={**STAGE.limits, "RESEND_WAIT_SECONDS": 90})
    assert in_campaign(stage, tmp_path) == stage
    made = plan(SMALL, stage)
    carry_out(made, stage, tmp_path / "prod.json", {})
    changed = in_campaign(stage, tmp_path)
    assert changed.limits == {"SMS_PER_HOUR": 230, "STARTS_PER_IP_PER_5_MINUTES": 4, "RESEND_WAIT_SECONDS": 90}
    assert (changed.requests_per_second, changed.starts_per_address) == (6, 4)
    assert changed.kept_ready == made.copies


def test_a_campaign_is_ended_by_taking_its_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(campaign, "CAMPAIGNS", tmp_path)
    monkeypatch.setattr(campaign, "ask_aws", dict)
    for arguments, files in ((["--people", "1000", "--days", "2"], ["prod.json"]), (["--end"], []), (["--end"], [])):
        monkeypatch.setattr("sys.argv", ["campaign", "prod", *arguments])
        campaign.main()
        assert [file.name for file in tmp_path.iterdir()] == files
    assert "has no campaign" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--people", "5"], ["--people", "900000", "--days", "2"], ["--days", "2"]])
def test_a_campaign_half_said_or_impossible_is_refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["campaign", "prod", *arguments])
    with pytest.raises(SystemExit):
        campaign.main()


def test_people_come_in_order_and_most_around_nine_and_fourteen() -> None:
    people = list(arrivals(Campaign(800_000, 10), 2_000))
    assert [each.comes for each in people] == sorted(each.comes for each in people)
    hours = Counter(int(OPENS + each.comes * 10) for each in people)
    assert {hour for hour, _ in hours.most_common(4)} == {8, 9, 13, 14}
    assert sum(not each.has_mail for each in people) == pytest.approx(300, rel=0.15)
    assert sum(each.address == HOSPITAL for each in people) == pytest.approx(100, rel=0.25)
    assert len({each.sent_to for each in people}) == len(people)


@pytest.mark.parametrize("cores", [1, 2, 4, 8])
def test_without_being_told_how_many_come_as_many_do_as_the_machine_carries(cores: int) -> None:
    campaign = carried(cores)
    people = arrivals(campaign, round(campaign.busiest_hour / 2))
    a_minute = Counter(int(each.comes * 30) for each in people)
    assert max(a_minute.values()) / 60 == pytest.approx(CARRIED * cores, rel=0.1)
    assert carried(64) == Campaign(800_000, 10), "everybody"


def test_the_plan_shown_in_the_documents_is_what_the_command_prints() -> None:
    stage = ORDINARY["prod"]
    shown = "\n".join(f"    {line}".rstrip() for line in described(plan(Campaign(800_000, 10), stage), stage))
    assert shown in report.PAGE.with_name("deploy.md").read_text("utf-8")
