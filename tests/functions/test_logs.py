"""What is printed and kept names no secret and nobody; a copy of all of it is worth nothing."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator

import pytest

from activation.api.metrics import REFUSALS, STEPS
from activation.api.problems import ROWS
from infra.routes import ROUTES, SUPPORT_ROUTES
from tests.builders import PASSWORD
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import LOUIS, NEW_PASSWORD, ask_code, credentials
from tests.functions.printed import FORM, Printed, events, metrics_in
from tests.functions.visitor import Visitor
from tests.functions.whole_life import LAST_PASSWORD, TYPED, Watched, whole_life
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
    told = [json.loads(form) for form in FORM.findall(text) if '"_aws"' in form]
    assert {line["_aws"]["CloudWatchMetrics"][0]["Namespace"] for line in told} == {"AccountActivation"}
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


def test_every_counted_call_and_refusal_is_one_of_the_api() -> None:
    assert set(STEPS) <= {(route.method, route.path) for route in (*ROUTES, *SUPPORT_ROUTES)}
    assert set(REFUSALS) <= {row.code for row in ROWS.values()}


def test_a_refusal_is_counted_by_what_it_is_but_for_its_form(world: World, visitor: Visitor, printed: Printed) -> None:
    visitor.post(ACTIVATION, {})
    assert not metrics_in(printed.getvalue())
    visitor.post(ACTIVATION, LOUIS.start_body)
    visitor.post(f"{ACTIVATION}/verification", {"code": "000000"})
    visitor.post(f"{ACTIVATION}/code")
    assert world.pending()
    counts = metrics_in(printed.getvalue())
    assert (counts["FlowsStarted"], counts["CodesRejected"], counts["LimitsHit"]) == (1, 1, 1)
    assert "CodesVerified" not in counts


CONTACT = re.compile(r"[^\s\"'@]+@[^\s\"'@]+|\+33\d{9}|(?<!\w)0[67]\d{8}(?!\w)")
HOLD_CONTACTS = {"accounts", "structures"}
OF_RECIPIENTS = re.compile(r"\brecipients\.#\w+ = (:\w+)")


def text_of(row: object) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def test_what_streams_and_queues_carry_names_no_contact_no_code_and_no_name(world: World) -> None:
    """Nor does any table hold more than it must, nor any write, for a moment, take it where it does not stand then.

    No name typed, no password, no token; a contact with people, structures and a flow's recipients alone.
    """
    secrets = whole_life(world)
    tables = {setting: name for setting, name in world.deployment.settings.items() if setting.endswith("_TABLE")}
    for table in set(tables.values()) - HOLD_CONTACTS:
        rows = [{name: value for name, value in row.items() if name != "recipients"} for row in world.rows(table)]
        assert rows, table
        assert not CONTACT.findall(text_of(rows)), table
    assert CONTACT.findall(text_of(world.rows("pending_codes")))
    stored, tokens = world.everything(), Watched.seen - {""}
    passwords = {PASSWORD, NEW_PASSWORD, LAST_PASSWORD}
    assert not [secret for secret in tokens | passwords | {TYPED} if secret in stored]
    assert not [password for password in passwords if hashlib.sha256(password.encode()).hexdigest() in stored]
    assert any(hashlib.sha256(token.encode()).hexdigest() in stored for token in tokens)
    assert TYPED not in text_of(world.wire.done)
    queued = [asked["MessageBody"] for asked in world.wire.asked("SendMessage")]
    written = [what for table, what in writes(world) if table not in HOLD_CONTACTS]
    assert len(written) > 50
    assert queued
    carried = text_of([written, queued])
    assert not CONTACT.findall(carried)
    assert not [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", carried)]


def test_without_the_code_key_a_copy_of_everything_makes_no_code(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.set(CODE_KEY_ID=another_key(world))  # every row, every setting and all our code: only the key is missing
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (422, "code-rejected")
    world.set(CODE_KEY_ID=world.deployment.settings["CODE_KEY_ID"])
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (200, "set_password")


def test_without_the_pepper_key_a_copy_of_everything_checks_no_password(world: World, louis: Visitor) -> None:
    world.set(PEPPER_KEY_ID=another_key(world))
    assert Visitor().post(SESSION, credentials(LOUIS, PASSWORD)).said == (401, "credentials-rejected")
    world.set(PEPPER_KEY_ID=world.deployment.settings["PEPPER_KEY_ID"])
    assert Visitor().post(SESSION, credentials(LOUIS, PASSWORD)).said == (202, "verify_code")
    assert louis


def another_key(world: World) -> str:
    """A KMS key like the right one, which whoever copies the tables can make for themselves."""
    made = world.deployment.kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
    return str(made["KeyMetadata"]["KeyId"])


def writes(world: World) -> Iterator[tuple[str, object]]:
    """Each row and each change that was written, with its table and without a flow's recipients."""
    single = [asked for name in ("PutItem", "UpdateItem") for asked in world.wire.asked(name)]
    parts = [part for asked in world.wire.asked("TransactWriteItems") for part in asked["TransactItems"]]
    for asked in [*single, *(what for part in parts for what in part.values())]:
        to_recipients = OF_RECIPIENTS.findall(asked.get("UpdateExpression", ""))
        said = {**asked.get("Item", {}), **asked.get("ExpressionAttributeValues", {})}
        others = {name: value for name, value in said.items() if name not in ("recipients", *to_recipients)}
        yield asked["TableName"], [asked.get("Key"), others]
