"""What the functions print: events, identifiers and counts, never a code, a password, a token, a contact or a name."""

import base64
import json
import re

import pytest

from activation.api.metrics import REFUSALS, STEPS
from activation.api.problems import ROWS
from infra.routes import ROUTES, SUPPORT_ROUTES
from tests.functions.paths import ACCOUNT, ACTIVATION
from tests.functions.people import LOUIS
from tests.functions.printed import FORM, Printed, events, metrics_in
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.whole_life import whole_life
from tests.functions.wire import aws_error, timeout
from tests.functions.world import World

pytestmark = pytest.mark.usefixtures("from_the_start")


def test_a_whole_life_prints_no_secret_and_nobodys_name(world: World, printed: Printed) -> None:
    """And the way to an account is counted step by step."""
    secrets = whole_life(world)
    text = printed.getvalue()
    spelled = {base64.b64encode(secret.encode()).decode().rstrip("=") for secret in secrets if len(secret) > 8}
    found = [secret for secret in secrets | spelled if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text)]
    assert text.count("request_answered") > 20
    assert not found
    counts = metrics_in(text)
    steps = {"FlowsStarted", "CodesSentByMail", "CodesSentBySms", "CodesVerified", "ConsentsAnswered", "TermsAccepted"}
    assert steps - counts.keys() == set()
    assert counts["AccountsActivated"] == 1
    assert counts["MailsSent"] > counts["CodesSentByMail"]  # notices are no codes


def test_no_mac_and_no_call_to_aws_is_printed_from_the_first_call_on(world: World, printed: Printed) -> None:
    visitor = Visitor()
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.deliver()
    assert not re.search(r"botocore|GenerateMac|TransactWriteItems|HMAC_SHA_256|Signature", printed.getvalue())


def test_each_call_is_one_event_with_its_correlation_id(printed: Printed) -> None:
    visitor = Visitor()
    answers = [visitor.post(ACTIVATION, LOUIS.start_body), visitor.get(ACCOUNT), visitor.get("/api/terms")]
    told = [event for event in events(printed) if event["message"] == "request_answered"]
    assert [event["status"] for event in told] == [202, 401, 200]
    assert [event["correlation_id"] for event in told] == [a.headers["X-Correlation-Id"][0] for a in answers]
    assert [event["path"] for event in told] == [ACTIVATION, ACCOUNT, "/api/terms"]


def test_a_fault_names_its_kind_and_its_place_and_no_more(world: World, printed: Printed) -> None:
    world.wire.fail("TransactWriteItems", aws_error("AccessDeniedException"))
    answer = Visitor().post(ACTIVATION, LOUIS.start_body)
    [told] = [event for event in events(printed) if event["message"] == "call_failed"]
    assert told["level"] == "ERROR"
    assert "AccessDeniedException" in told["error"]
    assert "dynamodb.py:" in told["where"]
    assert told["correlation_id"] == answer.body["correlation_id"]
    assert "made to fail" not in printed.getvalue()


def test_a_message_that_fails_is_told_by_its_id(world: World, printed: Printed) -> None:
    Visitor().post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    world.wire.fail("SendEmail", timeout)
    world.deliver()
    [told] = [event for event in events(printed) if event["message"] == "message_failed"]
    assert (told["message_id"], told["error"]) == (message_id, "ReadTimeoutError")


def test_metrics_count_messages_and_purged_rows(
    world: World, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.purge_expired.segments.SEGMENTS", 1)
    Visitor().post(ACTIVATION, LOUIS.start_body)
    world.deliver()
    handler("purge_expired")({}, CONTEXT)
    told = [json.loads(form) for form in FORM.findall(printed.getvalue()) if '"_aws"' in form]
    assert {"MessageSent", "RowsPurged"} <= {name for line in told for name in line}
    assert {line["_aws"]["CloudWatchMetrics"][0]["Namespace"] for line in told} == {"AccountActivation"}


def test_every_counted_call_and_refusal_is_one_of_the_api() -> None:
    assert set(STEPS) <= {(route.method, route.path) for route in (*ROUTES, *SUPPORT_ROUTES)}
    assert set(REFUSALS) <= {row.code for row in ROWS.values()}


def test_a_refusal_is_counted_by_what_it_is(world: World, visitor: Visitor, printed: Printed) -> None:
    visitor.call("POST", "/api/activation", LOUIS.start_body)
    visitor.call("POST", "/api/activation/verification", {"code": "000000"})
    visitor.call("POST", "/api/activation/code")
    assert world.pending()
    counts = metrics_in(printed.getvalue())
    assert (counts["FlowsStarted"], counts["CodesRejected"], counts["LimitsHit"]) == (1, 1, 1)
    assert "CodesVerified" not in counts


def test_what_is_refused_for_its_form_is_not_counted(visitor: Visitor, printed: Printed) -> None:
    visitor.call("POST", "/api/activation", {})
    assert not metrics_in(printed.getvalue())
