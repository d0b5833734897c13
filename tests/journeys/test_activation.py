"""Activation, from step 1 to home, against the deployed product."""

import time

import pytest

from tests.builders import PASSWORD
from tests.people import START, invite, prove, set_password, settle_preferences, start
from tests.stack import Stack
from tests.visitor import Visitor, await_message, code_in

RESEND_WAIT = 1.2


def test_a_person_with_a_mail_comes_home(product: Stack) -> None:
    someone = invite(product)
    visitor = prove(product, someone)
    before = {message.id for message in product.messages()}
    assert set_password(visitor).next_step == "give_consent"
    confirmation = await_message(product, before, to=someone.contact, with_code=False)
    assert confirmation.channel == "email"
    assert settle_preferences(visitor).next_step == "home"
    home = visitor.get("/api/account").body
    assert (home["person"]["identifier"], len(home["menu"])) == (someone.identifier, 11)


def test_a_person_with_a_mobile_only_gets_everything_by_sms(product: Stack) -> None:
    someone = invite(product, mobile="0612340001")
    visitor, before = Visitor(product), {message.id for message in product.messages()}
    message = visitor.ask_code(lambda: visitor.post(START, someone.start_body), to="+33612340001")
    assert message.channel == "sms"
    visitor.post(f"{START}/verification", {"code": code_in(message)})
    set_password(visitor)
    assert await_message(product, before, to=someone.contact, with_code=False).channel == "sms"
    assert settle_preferences(visitor, "sms").next_step == "home"


def test_a_person_without_contact_gets_no_message_and_the_same_answer(product: Stack) -> None:
    reached, unreached = invite(product), invite(product, email="")
    first, second = Visitor(product), Visitor(product)
    before = {message.id for message in product.messages()}
    one = first.post(START, reached.start_body)
    other = second.post(START, unreached.start_body)
    assert (one.status, one.body.keys(), one.body["code"].keys()) == (
        other.status,
        other.body.keys(),
        other.body["code"].keys(),
    )
    await_message(product, before, to=reached.contact, with_code=True)
    assert unreached.contact == ""
    time.sleep(1)
    told = {message.to for message in product.messages() if message.id not in before}
    assert told == {reached.contact}


@pytest.mark.parametrize(
    "typed",
    ["D’Almeida-Cœur", "dalmeidacoeur", "D'ALMEIDA COEUR", "d almeida coeur", "D`Almeida–Cœur", "D'Álmeida Cœur"],
)
def test_a_name_is_recognised_however_it_is_typed(product: Stack, typed: str) -> None:
    someone, visitor = invite(product, last_name="D’Almeida-Cœur"), Visitor(product)
    pair = {"identifier": someone.identifier, "last_name": typed}
    visitor.ask_code(lambda: visitor.post(START, pair), to=someone.contact)


def test_the_last_two_codes_are_good_and_the_first_of_three_is_not(product: Stack) -> None:
    someone = invite(product)
    visitor, first = start(product, someone)
    codes = [first]
    for _ in range(2):
        time.sleep(RESEND_WAIT)
        message = visitor.ask_code(lambda: visitor.post(f"{START}/code", {}), to=someone.contact)
        codes.append(code_in(message))
    assert visitor.post(f"{START}/verification", {"code": codes[0]}).code == "code-rejected"
    assert visitor.post(f"{START}/verification", {"code": codes[1]}).next_step == "set_password"


def test_wrong_codes_count_down_to_a_locked_flow(product: Stack) -> None:
    visitor, code = start(product, invite(product))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    answers = [visitor.post(f"{START}/verification", {"code": wrong}) for _ in range(6)]
    assert [answer.body.get("attempts_left") for answer in answers] == [4, 3, 2, 1, 0, None]
    assert answers[-1].code == "flow-locked"
    assert visitor.post(f"{START}/verification", {"code": code}).code == "flow-locked"


def test_steps_cannot_be_skipped_or_replayed(product: Stack) -> None:
    visitor, code = start(product, invite(product))
    early = visitor.twin()
    assert set_password(early).code == "wrong-step"
    assert visitor.post(f"{START}/verification", {"code": code}).status == 200
    proven = visitor.twin()
    assert visitor.post(f"{START}/verification", {"code": code}).code == "wrong-step"
    assert early.post(f"{START}/verification", {"code": code}).code == "flow-expired"
    assert set_password(visitor).status == 200
    assert set_password(proven, PASSWORD).code == "wrong-step"
    assert visitor.get("/api/account").next_step == "give_consent"


def test_signing_out_here_and_everywhere_ends_sessions(product: Stack) -> None:
    for path in ("/api/session", "/api/account/sessions"):
        visitor = prove(product, invite(product))
        set_password(visitor)
        assert visitor.call("DELETE", path).status == 204
        assert visitor.get("/api/session").body["who"] == "anonymous"
