"""`docs/performance.md` shows what `bench/results.json` holds, and nothing else."""

from dataclasses import fields
from math import inf

from activation.domain.limits import Limits
from bench import report
from bench.model import OURS, Limit
from infra.traffic import BUDGETS

PAGE = report.PAGE.read_text(encoding="utf-8")


def test_the_page_has_every_table_of_what_was_measured_and_every_measurement_its_place() -> None:
    assert report.fill(PAGE, report.kept()) == PAGE
    assert sorted(report.sections_of(PAGE)) == sorted(report.results_of(report.kept()))


def test_the_page_can_be_read_in_ten_minutes() -> None:
    assert len(PAGE.split()) <= 2_000


def test_the_calls_shown_are_those_that_a_step_may_make() -> None:
    trips, _ = report.results_of(report.kept())["trips"]
    shown = {str(step): (calls, chain) for step, calls, chain in trips.rows}
    assert shown == {step: (budget.calls, budget.in_sequence) for step, budget in BUDGETS.items()}


def test_the_model_knows_every_limit_of_ours() -> None:
    assert list(OURS) == [field.name for field in fields(Limits)]


def test_a_limit_binds_a_crowd_at_a_rate_or_says_why_it_does_not() -> None:
    binding = {name: round(limit.starts, 1) for name, limit in OURS.items() if isinstance(limit, Limit)}
    assert binding == {"starts_per_ip_per_5_minutes": 4.0, "sms_per_hour": 3.7, "wrong_codes_per_10_minutes": inf}
    assert all(OURS.values())
