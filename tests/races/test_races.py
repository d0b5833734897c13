"""Many at once: limits hold, and a state changes once."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from activation.adapters.dynamodb import from_attributes
from activation.adapters.tables import ACCOUNTS, FLOWS, OUTBOX, SESSIONS
from tests.builders import PASSWORD
from tests.people import START, come_home, invite, prove, set_password, sign_in, start
from tests.stack import Stack, wait_until
from tests.tables import row_of, rows
from tests.visitor import Answer, await_message, code_in

VERIFICATION = f"{START}/verification"
T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_of_200_guesses_at_once_exactly_5_are_compared(product: Stack) -> None:
    visitor, code = start(product, invite(product))
    guesses = [f"{number:06}" for number in range(201) if f"{number:06}" != code][:200]
    answers = at_once([partial(visitor.twin().post, VERIFICATION, {"code": guess}) for guess in guesses])
    assert Counter(answer.code for answer in answers) == {"code-rejected": 5, "flow-locked": 195}
    assert sorted(a.body["attempts_left"] for a in answers if a.code == "code-rejected") == [0, 1, 2, 3, 4]
    flow_id = visitor.cookies["flow"].partition(".")[0]
    assert row_of(product, FLOWS, flow_id=flow_id)["attempts"] == {"N": "5"}


def test_of_50_right_codes_at_once_one_opens_the_flow(product: Stack) -> None:
    visitor, code = start(product, invite(product))
    twins = [visitor.twin() for _ in range(50)]
    answers = at_once([partial(twin.post, VERIFICATION, {"code": code}) for twin in twins])
    assert [answer.next_step for answer in answers if answer.status == 200] == ["set_password"]
    assert {answer.status for answer in answers} <= {200, 401, 409, 429}


def test_two_flows_of_one_person_set_one_password(product: Stack) -> None:
    someone = invite(product)
    visitors = [prove(product, someone), prove(product, someone)]
    sessions, before = len(rows(product, SESSIONS)), {message.id for message in product.messages()}
    passwords = ["Girafe-Brumeuse-1987-quai", "Loutre58Cuivre92Balcon"]
    answers = at_once([partial(set_password, *pair) for pair in zip(visitors, passwords, strict=True)])
    winner, loser = sorted(answers, key=lambda answer: answer.status)
    assert (winner.status, winner.next_step) == (200, "give_consent")
    assert (loser.status, loser.code, loser.next_step) == (409, "wrong-step", "sign_in")
    assert row_of(product, ACCOUNTS, identifier=someone.identifier, record="PROFILE")["status"] == {"S": "active"}
    assert len(rows(product, SESSIONS)) == sessions + 1
    wait_until(lambda: all(row["state"]["S"] in ("sent", "dropped") for row in rows(product, OUTBOX)))
    confirmations = [m for m in product.messages() if m.id not in before and m.to == someone.contact]
    assert len(confirmations) == 1


def test_of_two_contact_changes_at_once_both_are_told_and_one_is_in_force(product: Stack) -> None:
    someone = invite(product)
    visitors = [come_home(product, someone)]
    visitors.append(sign_in(product, someone))
    mails, calls = [f"{name}{someone.identifier}@mondomaine.com" for name in ("un", "deux")], []
    for visitor, mail in zip(visitors, mails, strict=True):
        ask = partial(visitor.put, "/api/account/email", {"email": mail, "password": PASSWORD})
        code = code_in(visitor.ask_code(ask, to=mail))
        calls.append(partial(visitor.post, "/api/account/contact/verification", {"code": code}))
    before = {message.id for message in product.messages()}
    answers: list[Answer] = at_once(calls)
    assert [answer.status for answer in answers] == [200, 200]
    profile = from_attributes(row_of(product, ACCOUNTS, identifier=someone.identifier, record="PROFILE"))
    assert profile["proven"]["email"] in mails
    former = [change["contacts"]["email"] for change in profile["former"]]
    assert former[0] == someone.contact
    assert {*former, profile["proven"]["email"]} == {someone.contact, *mails}
    for told in (someone.contact, *mails):
        await_message(product, before, to=told, with_code=False)
