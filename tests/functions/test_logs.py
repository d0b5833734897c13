"""What the functions print: events and identifiers, never a code, a password, a token, a contact or a name."""

import base64
import contextlib
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from activation import observability
from tests.builders import PASSWORD, ROSTER
from tests.functions.deployment import forget_settings
from tests.functions.people import (
    ACCOUNT,
    ACTIVATION,
    CHANNEL,
    CONSENT,
    CONTACT,
    LOUIS,
    NEW_PASSWORD,
    OWN_PASSWORD,
    RESET,
    SESSION,
    TERMS,
    Person,
    both,
    credentials,
)
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.wire import aws_error, timeout
from tests.functions.world import World

CHATTY = ("botocore", "boto3", "urllib3")
FORM = re.compile(r"\{.*\}")


@pytest.fixture
def printed(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is printed at DEBUG, by whatever logs: a process just started, its root logger wide open as on AWS."""
    out, root = io.StringIO(), logging.getLogger()
    wide, level = logging.StreamHandler(out), root.level
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)
    root.addHandler(wide)
    root.setLevel(logging.DEBUG)
    world.set(POWERTOOLS_LOG_LEVEL="DEBUG", POWERTOOLS_SERVICE_NAME=f"test-{uuid4()}")
    monkeypatch.setattr(sys, "stdout", out)
    observability.logger.cache_clear()
    observability.metrics.cache_clear()
    forget_settings(clients=True)
    yield out
    root.removeHandler(wide)
    root.setLevel(level)
    observability.logger.cache_clear()
    observability.metrics.cache_clear()


class Watched(Visitor):
    """A browser whose every token is remembered."""

    seen: set[str] = set()

    def call(self, *args: Any, **more: Any) -> Any:
        answer = super().call(*args, **more)
        self.seen |= {value.rpartition(".")[2] for value in self.cookies.values()}
        return answer


def whole_life(world: World) -> set[str]:
    """A whole journey, refusals and faults included; returns what no log may hold."""
    visitor, other, lost = Watched(), Watched(), Watched()
    codes: set[str] = set()

    def deliver() -> str:
        sent = [message.code for message in world.deliver() if message.has_code]
        codes.update(sent)
        return sent[-1] if sent else ""

    visitor.post(ACTIVATION, Person("10000001", "gArCíA").pair)
    world.wire.fail("SendEmail", aws_error("InternalFailure", 500), times=1)
    deliver()
    world.wire.fail("GenerateMac", timeout, times=1)
    deliver()
    code = deliver()
    visitor.post(f"{ACTIVATION}/verification", {"code": "31415926"})
    visitor.post(f"{ACTIVATION}/verification", {"code": "mot-secret"})
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    visitor.post(f"{ACTIVATION}/password", {"password": "Court-Secret", "confirmation": "Autre-Secret"})
    visitor.post(f"{ACTIVATION}/password", {"passwort": PASSWORD, "confirmation": PASSWORD})
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    visitor.put(CHANNEL, {"channel": "sms", "mobile": "01 40 00 00 99"})
    visitor.put(CHANNEL, {"channel": "sms", "mobile": "06 98 76 54 32"})
    visitor.post(f"{CONTACT}/verification", {"code": deliver()})
    visitor.put(TERMS, {"version": "1"})
    visitor.get(ACCOUNT)
    visitor.get(SESSION)
    other.post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    other.post(SESSION, credentials(LOUIS))
    other.post(f"{SESSION}/verification", {"code": deliver()})
    world.wire.fail("TransactWriteItems", timeout, times=1)
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    lost.post(RESET, LOUIS.pair)
    lost.post(f"{RESET}/verification", {"code": deliver()})
    lost.post(f"{RESET}/password", both("Bougie marine et lanterne"))
    deliver()
    other.call("POST", ACTIVATION, raw='{"identifier": "10000001", "last_name": "Nom-Secret')
    world.import_rows([*ROSTER, {"identifier": "20000001", "last_name": "Perrin", "email": "perrin@@exemple.fr"}])
    world.wire.mend()
    assert len(codes) == 4
    typed = {PASSWORD, NEW_PASSWORD, "31415926", "mot-secret", "Court-Secret", "Autre-Secret", "Phrase-Fausse-77"}
    typed |= {"Bougie marine", "01 40 00 00 99", "06 98 76 54 32", "Nom-Secret", "perrin@"}
    held = {"gArCíA", "garcia", "Garcia", "Louis", "mondomaine", "0612345678", "33698765432", "33612345678", "$argon2id"}
    return codes | typed | held | Watched.seen | {visitor.address}


def test_a_whole_life_prints_no_secret_and_nobodys_name(world: World, printed: io.StringIO) -> None:
    secrets = whole_life(world)
    text = printed.getvalue()
    spelled = {base64.b64encode(secret.encode()).decode().rstrip("=") for secret in secrets if len(secret) > 8}
    found = [secret for secret in secrets | spelled if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text)]
    assert text.count("request_answered") > 20
    assert not found


def test_no_mac_and_no_call_to_aws_is_printed_from_the_first_call_on(world: World, printed: io.StringIO) -> None:
    visitor = Visitor()
    visitor.post(ACTIVATION, LOUIS.pair)
    world.deliver()
    assert not re.search(r"botocore|GenerateMac|TransactWriteItems|HMAC_SHA_256|Signature", printed.getvalue())


def events(printed: io.StringIO) -> list[dict[str, Any]]:
    lines = []
    for line in printed.getvalue().splitlines():
        with contextlib.suppress(ValueError):
            lines.append(json.loads(line))
    return [line for line in lines if isinstance(line, dict) and "message" in line]


def test_each_call_is_one_event_with_its_correlation_id(printed: io.StringIO) -> None:
    visitor = Visitor()
    answers = [visitor.post(ACTIVATION, LOUIS.pair), visitor.get(ACCOUNT), visitor.get("/api/terms")]
    told = [event for event in events(printed) if event["message"] == "request_answered"]
    assert [event["status"] for event in told] == [202, 401, 200]
    assert [event["correlation_id"] for event in told] == [a.headers["X-Correlation-Id"][0] for a in answers]
    assert [event["path"] for event in told] == [ACTIVATION, ACCOUNT, "/api/terms"]


def test_a_fault_names_its_kind_and_its_place_and_no_more(world: World, printed: io.StringIO) -> None:
    world.wire.fail("TransactWriteItems", aws_error("AccessDeniedException"))
    answer = Visitor().post(ACTIVATION, LOUIS.pair)
    [told] = [event for event in events(printed) if event["message"] == "call_failed"]
    assert told["level"] == "ERROR"
    assert "AccessDeniedException" in told["error"]
    assert "dynamodb.py:" in told["where"]
    assert told["correlation_id"] == answer.body["correlation_id"]
    assert "made to fail" not in printed.getvalue()


def test_a_message_that_fails_is_told_by_its_id(world: World, printed: io.StringIO) -> None:
    Visitor().post(ACTIVATION, LOUIS.pair)
    [message_id] = world.pending()
    world.wire.fail("SendEmail", timeout)
    world.deliver()
    [told] = [event for event in events(printed) if event["message"] == "message_failed"]
    assert (told["message_id"], told["error"]) == (message_id, "ReadTimeoutError")


def test_metrics_count_messages_and_purged_rows(
    world: World, printed: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.purge_expired.service.SEGMENTS", 1)
    Visitor().post(ACTIVATION, LOUIS.pair)
    world.deliver()
    handler("purge_expired")({}, CONTEXT)
    told = [json.loads(form) for form in FORM.findall(printed.getvalue()) if '"_aws"' in form]
    assert {"MessageSent", "RowsPurged"} <= {name for line in told for name in line}
    assert {line["_aws"]["CloudWatchMetrics"][0]["Namespace"] for line in told} == {"AccountActivation"}
