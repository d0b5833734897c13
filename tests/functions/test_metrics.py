"""Whether people can activate is told by counts, and what they count is named once."""

import json
from collections import Counter

import pytest

from activation.api.metrics import REFUSALS, STEPS
from activation.api.problems import ROWS
from infra.routes import ROUTES
from tests.functions.people import LOUIS
from tests.functions.visitor import Visitor
from tests.functions.whole_life import whole_life
from tests.functions.world import World


def counted(capsys: pytest.CaptureFixture[str]) -> Counter[str]:
    """The metrics in what was printed, in CloudWatch's embedded format."""
    counts: Counter[str] = Counter()
    for line in capsys.readouterr().out.splitlines():
        document = json.loads(line)
        for declared in document.get("_aws", {}).get("CloudWatchMetrics", []):
            for metric in declared["Metrics"]:
                counts[metric["Name"]] += int(sum(document[metric["Name"]]))
    return counts


def test_every_counted_call_is_a_call_of_the_api() -> None:
    assert set(STEPS) <= {(route.method, route.path) for route in ROUTES}


def test_every_counted_refusal_is_a_problem_of_the_api() -> None:
    assert set(REFUSALS) <= {row.code for row in ROWS.values()}


def test_a_refusal_is_counted_by_what_it_is(world: World, visitor: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    visitor.call("POST", "/api/activation", LOUIS.start_body)
    visitor.call("POST", "/api/activation/verification", {"code": "000000"})
    visitor.call("POST", "/api/activation/code")
    assert world.pending()
    counts = counted(capsys)
    assert (counts["FlowsStarted"], counts["CodesRejected"], counts["LimitsHit"]) == (1, 1, 1)
    assert not counts["CodesVerified"]


def test_the_way_to_an_account_is_counted_step_by_step(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    whole_life(world)
    counts = counted(capsys)
    steps = {"FlowsStarted", "CodesSentByMail", "CodesSentBySms", "CodesVerified", "ConsentsAnswered", "TermsAccepted"}
    assert steps - counts.keys() == set()
    assert counts["AccountsActivated"] == 1
    assert counts["MailsSent"] > counts["CodesSentByMail"]  # notices are no codes


def test_what_is_refused_for_its_form_is_not_counted(visitor: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    visitor.call("POST", "/api/activation", {})
    assert not counted(capsys)
