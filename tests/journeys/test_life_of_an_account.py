"""What comes after activation, on the deployed product, by mail and by SMS: every way in, every change."""

import itertools
import time
from typing import TYPE_CHECKING

import pytest

from activation.adapters.tables import ACCOUNTS
from tests.builders import PASSWORD
from tests.people import (
    SESSION,
    Someone,
    come_home,
    credentials,
    invite,
    prove,
    prove_contact,
    set_password,
    settle_preferences,
    sign_in,
)
from tests.stack import Stack
from tests.tables import rows
from tests.visitor import Answer, Visitor, await_message, code_in

if TYPE_CHECKING:
    from collections.abc import Callable

RESET, ACCOUNT = "/api/password-reset", "/api/account"
NEW_PASSWORD = "Loutre58-Cuivre92-Balcon"
MOST_WRONG_PASSWORDS = 10
RESEND_WAIT = 1.2
_numbers = itertools.count(20)


def contacts(channel: str) -> dict[str, str]:
    """The roster's contacts for somebody who is reached that way: a mail of their own, or a number."""
    return {} if channel == "email" else {"mobile": f"06123400{next(_numbers)}"}


def mobile_of(number: str) -> str:
    return f"+33{number[1:]}"


def at_home(product: Stack, channel: str = "email") -> tuple[Visitor, Someone]:
    someone = invite(product, **contacts(channel))
    return come_home(product, someone, channel), someone


def with_both_contacts(product: Stack) -> tuple[Visitor, Someone, str]:
    """Somebody at home with a mail and a mobile that they proved; codes by mail."""
    visitor, someone = at_home(product)
    number = contacts("sms")["mobile"]
    body = {"mobile": number, "password": PASSWORD}
    assert prove_contact(visitor, f"{ACCOUNT}/mobile", body, to=mobile_of(number)).next_step == "home"
    return visitor, someone, mobile_of(number)


def seen(product: Stack) -> set[str]:
    return {message.id for message in product.messages()}


def reset(product: Stack, someone: Someone, password: str = NEW_PASSWORD, *, to: str = "") -> Visitor:
    """A forgotten password, all the way."""
    visitor = Visitor(product)
    message = visitor.ask_code(lambda: visitor.post(RESET, someone.start_body), to=to or someone.contact)
    assert visitor.post(f"{RESET}/verification", {"code": code_in(message)}).next_step == "set_password"
    answer = visitor.post(f"{RESET}/password", {"password": password, "confirmation": password})
    assert (answer.status, answer.next_step) == (200, "sign_in"), answer
    return visitor


def accept_in_the_past(product: Stack, someone: Someone, version: str) -> None:
    """As if the terms that the person accepted had been another version."""
    client, table = product.deployment.engine.client("dynamodb"), product.deployment.table(ACCOUNTS)
    identifier = {"identifier": {"S": someone.identifier}}
    client.update_item(
        TableName=table,
        Key={**identifier, "record": {"S": "PROFILE"}},
        UpdateExpression="SET terms.version = :old",
        ExpressionAttributeValues={":old": {"S": version}},
    )
    for row in rows(product, ACCOUNTS):
        if row["identifier"] == identifier["identifier"] and row["record"]["S"].startswith("TERMS#"):
            client.delete_item(TableName=table, Key={**identifier, "record": row["record"]})


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_password_then_a_code_open_the_account(product: Stack, channel: str) -> None:
    _, someone = at_home(product, channel)
    visitor = Visitor(product)
    message = visitor.ask_code(lambda: visitor.post(SESSION, credentials(someone)), to=someone.contact)
    assert message.channel == channel
    where = visitor.get(SESSION).body
    masked = f"au numéro se terminant par {someone.contact[-2:]}" if channel == "sms" else "à l'adresse p•••@m•••.com"
    assert (where["who"], where["purpose"], where["destination"]) == ("flow", "sign_in", masked)
    assert where["contacts"]["proven"] == [channel]
    assert visitor.post(f"{SESSION}/verification", {"code": code_in(message)}).next_step == "home"
    assert visitor.get(ACCOUNT).body["person"]["identifier"] == someone.identifier
    assert visitor.post(f"{SESSION}/code", {"channel": "email"}).code == "flow-expired"


def test_the_code_can_come_by_the_other_proven_contact(product: Stack) -> None:
    _, someone, mobile = with_both_contacts(product)
    visitor = Visitor(product)
    visitor.ask_code(lambda: visitor.post(SESSION, credentials(someone)), to=someone.contact)
    time.sleep(RESEND_WAIT)
    message = visitor.ask_code(lambda: visitor.post(f"{SESSION}/code", {"channel": "sms"}), to=mobile)
    assert visitor.get(SESSION).body["destination"] == f"au numéro se terminant par {mobile[-2:]}"
    assert visitor.post(f"{SESSION}/verification", {"code": code_in(message)}).next_step == "home"


def test_unfinished_preferences_are_resumed_where_they_were_left(product: Stack) -> None:
    someone = invite(product)
    set_password(prove(product, someone))
    second = sign_in(product, someone)
    assert second.get(SESSION).body["next_step"] == "give_consent"
    second.put(f"{ACCOUNT}/consent", {"consents": True, "text_version": "1"})
    third = sign_in(product, someone)
    assert third.get(SESSION).body["next_step"] == "choose_channel"
    assert settle_preferences(third).next_step == "home"


def test_new_terms_are_asked_for_at_the_next_sign_in(product: Stack) -> None:
    _, someone = at_home(product)
    accept_in_the_past(product, someone, "0")
    visitor = sign_in(product, someone)
    where = visitor.get(SESSION).body
    assert (where["next_step"], where["terms"]["replaces"]) == ("accept_terms", "0")
    assert visitor.get(ACCOUNT).code == "wrong-step"
    assert visitor.put(f"{ACCOUNT}/terms", {"version": "0"}).code == "outdated-version"
    assert visitor.put(f"{ACCOUNT}/terms", {"version": where["terms"]["version"]}).next_step == "home"
    assert visitor.get(ACCOUNT).body["person"]["terms"]["version"] == where["terms"]["version"]


def test_a_lock_made_elsewhere_does_not_stop_the_person_s_own_browser(product: Stack) -> None:
    own, someone = at_home(product)
    own.call("DELETE", SESSION)
    stranger = Visitor(product)
    wrong = credentials(someone, "Pas-Le-Bon-Mot-77")
    answers = [stranger.post(SESSION, wrong) for _ in range(MOST_WRONG_PASSWORDS + 1)]
    assert [answer.code for answer in answers] == ["credentials-rejected"] * MOST_WRONG_PASSWORDS + ["account-locked"]
    assert answers[MOST_WRONG_PASSWORDS - 2].body["attempts_left"] == 1
    assert stranger.post(SESSION, credentials(someone)).code == "account-locked"
    own.ask_code(lambda: own.post(SESSION, credentials(someone)), to=someone.contact)


def test_nobody_s_identifier_is_refused_as_anybody_s_wrong_password_is(product: Stack) -> None:
    _, someone = at_home(product)
    known, unknown = Visitor(product), Visitor(product)
    for _ in range(MOST_WRONG_PASSWORDS + 1):
        one = known.post(SESSION, credentials(someone, "Pas-Le-Bon-Mot-77"))
        other = unknown.post(SESSION, {"identifier": "39999999", "password": "Pas-Le-Bon-Mot-77"})
        assert (one.status, one.code, one.body.get("attempts_left")) == (
            other.status,
            other.code,
            other.body.get("attempts_left"),
        )


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_forgotten_password_is_replaced_and_every_session_ends(product: Stack, channel: str) -> None:
    visitor, someone = at_home(product, channel)
    for _ in range(MOST_WRONG_PASSWORDS):
        Visitor(product).post(SESSION, credentials(someone, "Pas-Le-Bon-Mot-77"))
    before = seen(product)
    stranger = reset(product, someone)
    assert "mot de passe" in await_message(product, before, to=someone.contact, with_code=False).text
    assert visitor.get(ACCOUNT).code == "session-expired"
    assert stranger.get(SESSION).body["who"] == "anonymous"
    assert Visitor(product).post(SESSION, credentials(someone)).code == "credentials-rejected"
    assert sign_in(product, someone, NEW_PASSWORD).get(ACCOUNT).status == 200


def test_a_reset_warns_every_proven_contact_and_refuses_the_password_in_use(product: Stack) -> None:
    _, someone, mobile = with_both_contacts(product)
    visitor = Visitor(product)
    message = visitor.ask_code(lambda: visitor.post(RESET, someone.start_body), to=someone.contact)
    visitor.post(f"{RESET}/verification", {"code": code_in(message)})
    refused = visitor.post(f"{RESET}/password", {"password": PASSWORD, "confirmation": PASSWORD})
    assert (refused.code, refused.body["errors"][0]["code"]) == ("password-rejected", "unchanged")
    before = seen(product)
    assert visitor.post(f"{RESET}/password", {"password": NEW_PASSWORD, "confirmation": NEW_PASSWORD}).status == 200
    for contact in (someone.contact, mobile):
        await_message(product, before, to=contact, with_code=False)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_contact_is_changed_by_its_own_code_and_the_old_one_is_warned(product: Stack, channel: str) -> None:
    visitor, someone = at_home(product, channel)
    number = contacts("sms")["mobile"]
    mail = f"nouveau{number}@mondomaine.com"
    field, value, new = ("email", mail, mail) if channel == "email" else ("mobile", number, mobile_of(number))
    before = seen(product)
    message = visitor.ask_code(lambda: visitor.put(f"{ACCOUNT}/{field}", {field: value, "password": PASSWORD}), to=new)
    assert visitor.get(ACCOUNT).body["person"][field] == someone.contact
    assert visitor.get(SESSION).body["contact_change"]["destination"]
    assert visitor.post(f"{ACCOUNT}/contact/verification", {"code": code_in(message)}).next_step == "home"
    assert visitor.get(ACCOUNT).body["person"][field] == new
    for told in (someone.contact, new):
        await_message(product, before, to=told, with_code=False)
    assert sign_in(product, someone, to=new).get(ACCOUNT).status == 200
    # For 72 hours a reset's code goes where it went before.
    reset(product, someone, to=someone.contact)


def test_every_call_that_takes_a_password_counts_its_failures(product: Stack) -> None:
    visitor, someone = at_home(product)
    wrong = {"password": "Pas-Le-Bon-Mot-77"}
    calls: tuple[Callable[[], Answer], ...] = (
        lambda: visitor.put(f"{ACCOUNT}/email", {"email": "autre@mondomaine.com", **wrong}),
        lambda: visitor.put(f"{ACCOUNT}/mobile", {"mobile": "0612340099", **wrong}),
        lambda: visitor.put(
            f"{ACCOUNT}/password",
            {"current": wrong["password"], "password": NEW_PASSWORD, "confirmation": NEW_PASSWORD},
        ),
        lambda: visitor.post(SESSION, credentials(someone, wrong["password"])),
    )
    answers = [call() for call, _ in zip(itertools.cycle(calls), range(MOST_WRONG_PASSWORDS), strict=False)]
    assert {answer.code for answer in answers} == {"credentials-rejected"}
    assert {call().code for call in calls} == {"account-locked"}


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(product: Stack) -> None:
    visitor, someone = at_home(product)
    other, before = sign_in(product, someone), seen(product)
    old = visitor.cookies["session"]
    body = {"current": PASSWORD, "password": NEW_PASSWORD, "confirmation": NEW_PASSWORD}
    assert visitor.put(f"{ACCOUNT}/password", body).next_step == "home"
    assert visitor.get(ACCOUNT).status == 200
    assert visitor.cookies["session"] != old
    assert Visitor(product, {"session": old}).get(ACCOUNT).code == "session-expired"
    assert other.get(ACCOUNT).code == "session-expired"
    await_message(product, before, to=someone.contact, with_code=False)


def test_signing_out_everywhere_forgets_every_browser(product: Stack) -> None:
    own, someone = at_home(product)
    other = sign_in(product, someone)
    assert own.call("DELETE", f"{ACCOUNT}/sessions").status == 204
    assert other.get(ACCOUNT).code == "session-expired"
    for _ in range(MOST_WRONG_PASSWORDS):
        Visitor(product).post(SESSION, credentials(someone, "Pas-Le-Bon-Mot-77"))
    assert own.post(SESSION, credentials(someone)).code == "account-locked"


def test_consent_is_revised_at_once_and_every_decision_is_shown(product: Stack) -> None:
    visitor, _ = at_home(product)
    assert visitor.get(ACCOUNT).body["correspondent"]["may_follow_requests"] is True
    for consents in (False, True, False):
        body = {"consents": consents, "text_version": "1"}
        assert visitor.put(f"{ACCOUNT}/consent", body).next_step == "home"
    assert visitor.get(ACCOUNT).body["correspondent"]["may_follow_requests"] is False
    events = visitor.get(f"{ACCOUNT}/history").body["events"]
    decisions = [event["label"] for event in events if event["kind"] == "consent"]
    assert [label.startswith("Vous avez consenti") for label in decisions] == [False, True, False, True]
    export = visitor.get(f"{ACCOUNT}/export").body
    assert [line["consents"] for line in export["consents"]] == [True, False, True, False]


def test_the_channel_is_chosen_among_proven_contacts_and_each_is_told(product: Stack) -> None:
    visitor, someone, mobile = with_both_contacts(product)
    before = seen(product)
    assert visitor.put(f"{ACCOUNT}/code-channel", {"channel": "sms"}).next_step == "home"
    for contact in (someone.contact, mobile):
        await_message(product, before, to=contact, with_code=False)
    assert sign_in(product, someone, to=mobile).get(ACCOUNT).body["person"]["channel"] == "sms"


def test_a_page_of_another_session_changes_nothing(product: Stack) -> None:
    visitor, someone = at_home(product)
    shown = visitor.get(SESSION).body["session"]["id"]
    visitor.cookies |= sign_in(product, someone).cookies
    path, withdrawal = f"{ACCOUNT}/consent", {"consents": False, "text_version": "1"}
    assert visitor.call("PUT", path, withdrawal, X_Session=shown).code == "wrong-step"
    assert visitor.get(ACCOUNT).body["person"]["consent"]["consents"] is True
    now = visitor.get(SESSION).body["session"]["id"]
    assert visitor.call("PUT", path, withdrawal, X_Session=now).status == 200
