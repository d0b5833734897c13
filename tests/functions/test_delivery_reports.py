"""What SES and SNS report: recorded once, and a code whose mail came back goes out by SMS."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.functions import people
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import AWA, AWA_MOBILE, LOUIS, LOUIS_MAIL, LOUIS_MOBILE, credentials
from tests.functions.printed import Printed, events, metrics_in
from tests.functions.reports import report_mail, report_raw, report_sms, report_summary, sms_line
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error
from tests.functions.world import Message, World

BOTH_TAGS = {"message_id": [str(UUID(int=1))], "import_id": ["20261124T093001Z-0123456789ab"]}
SENDER, IMPORT = "agent@exemple.fr", "20261124T093001Z-0123456789ab"


def mailed(world: World, visitor: Visitor) -> tuple[str, Message]:
    """A code that goes out by mail, and the id of the message that carries it."""
    visitor.post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    [message] = world.deliver()
    assert message.to == LOUIS_MAIL
    return message_id, message


def test_a_code_whose_mail_came_back_goes_out_by_sms_and_is_good(world: World, visitor: Visitor) -> None:
    message_id, mail = mailed(world, visitor)
    shown = visitor.get(SESSION).body
    report_mail(message_id, "bounce", to=LOUIS_MAIL)
    [sms] = world.deliver()
    assert (sms.channel, sms.to, sms.code) == ("sms", LOUIS_MOBILE, mail.code)
    assert visitor.get(SESSION).body == shown  # which would tell that somebody has that address
    assert [contact for contact in (LOUIS_MAIL, LOUIS_MOBILE) if contact in str(world.rows("outbox"))] == []
    assert visitor.post(f"{ACTIVATION}/verification", {"code": sms.code}).said == (200, "set_password")
    assert world.profile()["deliverability"]["M"] == {LOUIS_MAIL: {"S": "undeliverable"}}


def test_a_block_is_counted_by_provider_where_that_names_nobody(world: World, printed: Printed) -> None:
    message_id, _ = mailed(world, Visitor())
    told = []
    for to in ("louis@Wanadoo.fr", "louis@laposte.net", "louis@garcia.example"):
        report_mail(message_id, "block", to=to)
        world.deployment.dynamodb.update_item(
            TableName="outbox", Key={"message_id": {"S": message_id}}, UpdateExpression="REMOVE blocked_at"
        )
    for line in printed.getvalue().splitlines():
        if "MailsBlockedByProvider" in line:
            form = json.loads(line)
            told.append((form["provider"], form["_aws"]["CloudWatchMetrics"][0]["Dimensions"]))
    dimensions = [["service", "provider"]]
    assert told == [(provider, dimensions) for provider in ("orange", "laposte", "other")]
    assert "garcia.example" not in printed.getvalue()


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{}",
        "[]",
        '{"eventType": "Open", "mail": {}}',
        '{"eventType": "Bounce", "mail": {"destination": [], "tags": {"message_id": ["m"]}}}',
        '{"eventType": "Bounce", "mail": {"destination": ["a@b.fr"], "tags": {}}}',
        '{"eventType": "Bounce", "mail": {"destination": ["a@b.fr"], "tags": {"message_id": [""]}}}',
        '{"eventType": "Bounce", "mail": {"destination": ["a@b.fr"], "tags": {"import_id": ["a@b.fr"]}}}',
        json.dumps({"eventType": "Bounce", "mail": {"destination": ["a@b.fr"], "tags": BOTH_TAGS}}),
    ],
)
def test_what_cannot_be_read_is_told_and_left(world: World, printed: Printed, message: str) -> None:
    before = world.everything()
    report_raw(message)
    report_sms("no JSON", '{"status": "SUCCESS"}')
    assert world.everything() == before
    assert [event["message"] for event in events(printed)].count("report_unreadable") == 3
    assert metrics_in(printed.getvalue())["ReportUnreadable"] == 3


@pytest.mark.parametrize(
    ("event", "changes", "lost"),
    [
        *((event, {}, None) for event in ("delivery", "delay", "reply", "complaint")),
        *((event, {}, 1) for event in ("bounce", "block", "full")),
        ("delivery", {"eventType": "Reject"}, 1),
    ],
)
def test_what_becomes_of_a_roster_s_summary_is_told_apart_and_kept_nowhere(
    world: World, printed: Printed, event: str, changes: dict[str, Any], lost: int | None
) -> None:
    before = world.everything()
    report_summary(IMPORT, event, to=SENDER, **changes)
    assert world.everything() == before
    told = metrics_in(printed.getvalue())
    assert (told.get("SummariesLost"), told.get("ReportUnreadable"), told.get("MailBounced")) == (lost, None, None)
    [said] = [one for one in events(printed) if one["message"] == "roster_summary_reported"]
    assert said["import_id"] == IMPORT
    assert SENDER not in printed.getvalue()


def texted(world: World) -> tuple[Message, str]:
    """The SMS that waits, once it went out, and SNS's id of it, as the outbox keeps it."""
    [message_id] = world.pending()
    [sms] = world.deliver()
    assert sms.channel == "sms"
    pointers = {row["points_to"]["S"]: row["message_id"]["S"] for row in world.rows("outbox") if "points_to" in row}
    return sms, pointers[message_id].removeprefix("sent#")


def test_a_code_whose_sms_failed_goes_by_mail_and_home_says_so(world: World) -> None:
    louis, visitor = people.with_two_contacts(world), Visitor()
    visitor.post(SESSION, credentials(LOUIS))
    sms, provider_id = texted(world)
    report_sms(sms_line("FAILURE", to=LOUIS_MOBILE, said="Phone number is opted out", provider_id=provider_id))
    [mail] = world.deliver()
    assert (mail.channel, mail.to, mail.code) == ("email", LOUIS_MAIL, sms.code)
    words = "Votre téléphone mobile n'a pas pu être joint. Vérifiez-le dans Vos informations personnelles."
    assert louis.get(ACCOUNT).body["to_do"] == [words]
    assert "SMS non remis" in str(louis.get("/api/account/history").body)
    assert visitor.post(f"{SESSION}/verification", {"code": mail.code}).status == 200


def test_what_points_to_an_sms_is_no_message_and_goes_with_it(world: World, visitor: Visitor) -> None:
    """And an SMS that arrived costs no call."""
    visitor.post(ACTIVATION, AWA.start_body)
    _, provider_id = texted(world)
    heard, pointer = len(world.wire.done), f"sent#{provider_id}"
    report_sms(sms_line("SUCCESS", to=AWA_MOBILE, provider_id=provider_id))
    assert world.wire.done[heard:] == []
    sent = len(world.messages())
    assert world.stream(pointer) == {"batchItemFailures": []}
    assert len(world.messages()) == sent
    [message] = [row for row in world.rows("outbox") if "points_to" not in row]
    row = world.row("outbox", message_id=pointer)
    assert row.keys() == {"message_id", "points_to", "state", "expires_at"}
    assert row["expires_at"] == message["expires_at"]
    assert AWA_MOBILE not in str(row)


@pytest.mark.usefixtures("from_the_start")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("InvalidParameter", "Invalid parameter: PhoneNumber Reason: +33623456789 is opted out"),
        ("OptedOut", "opted out"),
    ],
)
def test_a_number_that_sns_knows_as_opted_out_is_marked_and_named_nowhere(
    world: World, visitor: Visitor, printed: Printed, code: str, words: str
) -> None:
    visitor.post(ACTIVATION, AWA.start_body)
    world.wire.fail("Publish", aws_error(code, Error={"Code": code, "Message": words}), times=1)
    assert world.deliver() == []
    row = world.profile(AWA.identifier)
    assert row["deliverability"]["M"] == {AWA_MOBILE: {"S": "undeliverable"}}
    assert AWA_MOBILE not in printed.getvalue()


def test_each_report_is_counted_once_and_tells_no_contact(world: World, printed: Printed) -> None:
    message_id, _ = mailed(world, Visitor())
    for event in ("delivery", "delivery", "reply", "delay", "complaint", "bounce"):
        report_mail(message_id, event, to=LOUIS_MAIL)
    report_sms(sms_line("SUCCESS", to=LOUIS_MOBILE), sms_line("FAILURE", to=LOUIS_MOBILE))
    report_sms("whatever", kind="CONTROL_MESSAGE")
    told = metrics_in(printed.getvalue())
    names = {f"Mail{what}" for what in ("Delivered", "Answered", "Delayed", "Complained", "Bounced")}
    names |= {"SmsDelivered", "SmsFailed"}
    assert {name: told[name] for name in names} == dict.fromkeys(names, 1)
    assert "ReportUnreadable" not in told
    for contact in (LOUIS_MAIL, LOUIS_MOBILE):
        assert contact not in printed.getvalue()
