"""`docs/performance.md` shows what `bench/results.json` holds, and nothing else."""

import json
import re
from math import ceil

from bench import report
from infra.traffic import BUDGETS, CALLS, CAMPAIGN_STARTS, Budget, Traffic

PAGE = report.PAGE.read_text(encoding="utf-8")
DEPLOY = report.PAGE.with_name("deploy.md").read_text(encoding="utf-8")


def test_every_table_of_the_page_is_what_was_measured() -> None:
    assert report.fill(PAGE, report.kept()) == PAGE


def test_every_measurement_has_its_place_in_the_page() -> None:
    sections = report.sections_of(PAGE)
    assert sorted(sections) == sorted(report.results_of(report.kept()))


def test_the_calls_shown_are_those_that_a_step_may_make() -> None:
    trips, _ = report.results_of(report.kept())["trips"]
    assert {str(step): Budget(*map(int, figures)) for step, *figures in trips.rows} == BUDGETS


def test_what_a_campaign_keeps_ready_is_the_models_figure() -> None:
    [written] = re.findall(r"`kept_ready=(\{.*?\})`", DEPLOY)
    busy = Traffic(CAMPAIGN_STARTS).busy
    assert json.loads(written) == {function: ceil(busy[function]) for function in CALLS}
