"""A mail comes back on the running product: the code goes by SMS at once, over the deployed topic and recorder."""

import json
from typing import Any

import pytest

from local.ses_events import EVENTS
from local.sns_log import SMS_EVENTS
from tests.people import START, Someone, invite, set_password, settle_preferences, start
from tests.stack import Stack
from tests.visitor import Visitor, await_message, code_in, exchange

ALL_EVENTS = [*EVENTS, *SMS_EVENTS]


def tell(product: Stack, body: object) -> tuple[int, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    status, _, said = exchange(product, "POST", "/inbox/events", {"Content-Type": "application/json"}, text)
    return status, json.loads(said)


def mail_to(product: Stack, someone: Someone) -> str:
    return next(message.id for message in reversed(product.messages()) if message.to == someone.contact)


def test_the_code_goes_by_sms_once_and_is_good(product: Stack) -> None:
    someone, number = invite(product, email="bounce@mondomaine.com", mobile="0612340099"), "+33612340099"
    visitor, code = start(product, someone)
    before = {message.id for message in product.messages()}
    asked = {"id": mail_to(product, someone), "event": "bounce"}
    assert [tell(product, asked) for _ in range(2)] == [(202, asked)] * 2
    sms = await_message(product, before, to=number, with_code=True)
    assert code_in(sms) == code
    assert visitor.post(f"{START}/verification", {"code": code}).next_step == "set_password"
    codes = [message for message in product.messages() if message.to == number and code in message.text]
    assert len(codes) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("no JSON", 400),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), 400),
        ("[" * 5_000, 400),
        ([], 422),
        ({}, 422),
        ({"id": "x"}, 422),
        ({"id": 1, "event": "bounce"}, 422),
        ({"id": "x", "event": "explosion"}, 422),
        ({"id": "x", "event": "bounce", "more": 1}, 422),
        ({"id": "x", "event": "bounce"}, 404),
    ],
)
def test_a_wrong_call_says_what_is_wrong(product: Stack, body: object, status: int) -> None:
    answered, said = tell(product, body)
    assert (answered, list(said)) == (status, ["error"])
    assert Visitor(product).get("/inbox/events").status == 405


def test_a_message_has_the_events_of_its_kind_and_no_other(product: Stack) -> None:
    for someone, events in (
        (invite(product, mobile="0612340097"), SMS_EVENTS),
        (invite(product, email="kind@mondomaine.com"), EVENTS),
    ):
        start(product, someone)
        told = {event: tell(product, {"id": mail_to(product, someone), "event": event})[0] for event in ALL_EVENTS}
        assert told == {event: 202 if event in events else 422 for event in ALL_EVENTS}


def test_what_became_of_an_sms_is_in_the_history(product: Stack) -> None:
    someone = invite(product, mobile="0612340091")
    visitor, code = start(product, someone)
    for event in SMS_EVENTS:
        assert tell(product, {"id": mail_to(product, someone), "event": event})[0] == 202
    assert visitor.post(f"{START}/verification", {"code": code}).next_step == "set_password"
    assert set_password(visitor).status == 200
    settle_preferences(visitor, "sms")
    labels = [line["label"] for line in visitor.get("/api/account/history").body["events"]]
    assert sorted(label for label in labels if label.startswith("SMS")) == [
        "SMS non remis : ce numéro n'existe pas, ou refuse nos SMS",
        "SMS non remis : téléphone injoignable, ou bloqué par l'opérateur",
    ]
