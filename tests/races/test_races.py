"""Many at once: limits hold, and a state changes once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from activation.adapters.tables import ACCOUNTS, OUTBOX, PENDING_CODES, SESSIONS
from activation.domain.codes import code_for, code_message
from tests.people import START, invite, prove, set_password, start
from tests.stack import RunningProduct
from tests.visitor import Answer, Visitor

VERIFICATION = f"{START}/verification"
T = TypeVar("T")


def at_once(calls: list[Callable[[], T]]) -> list[T]:
    """What the calls return, all made side by side."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def flow_row(product: RunningProduct, visitor: Visitor) -> dict[str, dict[str, str]]:
    return product.row(PENDING_CODES, flow_id=visitor.cookies["flow"].partition(".")[0])


def test_of_200_guesses_at_once_exactly_5_are_compared(product: RunningProduct) -> None:
    visitor, code = start(product, invite(product))
    guesses = [f"{number:06}" for number in range(201) if f"{number:06}" != code][:200]
    answers = at_once([lambda guess=guess: visitor.twin().post(VERIFICATION, {"code": guess}) for guess in guesses])
    assert Counter(answer.code for answer in answers) == {"code-rejected": 5, "flow-locked": 195}
    assert sorted(a.body["attempts_left"] for a in answers if a.code == "code-rejected") == [0, 1, 2, 3, 4]
    assert flow_row(product, visitor)["attempts"] == {"N": "5"}


def test_of_50_right_codes_at_once_one_opens_the_flow(product: RunningProduct) -> None:
    visitor, code = start(product, invite(product))
    twins = [visitor.twin() for _ in range(50)]
    answers = at_once([lambda twin=twin: twin.post(VERIFICATION, {"code": code}) for twin in twins])
    assert [answer.next_step for answer in answers if answer.status == 200] == ["set_password"]
    assert {answer.status for answer in answers} <= {200, 401, 409, 429}


def test_two_flows_of_one_person_set_one_password(product: RunningProduct) -> None:
    someone = invite(product)
    visitors = [prove(product, someone), prove(product, someone)]
    sessions, messages = len(product.rows(SESSIONS)), len(product.messages())
    passwords = ["Girafe-Brumeuse-1987-quai", "Loutre58Cuivre92Balcon"]
    answers = at_once(
        [lambda v=visitor, p=password: set_password(v, p) for visitor, password in zip(visitors, passwords, strict=True)]
    )
    winner, loser = sorted(answers, key=lambda answer: answer.status)
    assert (winner.status, winner.next_step) == (200, "give_consent")
    assert (loser.status, loser.code, loser.next_step) == (409, "wrong-step", "sign_in")
    assert product.row(ACCOUNTS, identifier=someone.identifier, record="PROFILE")["status"] == {"S": "active"}
    assert len(product.rows(SESSIONS)) == sessions + 1
    product.wait_until(lambda: all(row["state"]["S"] in ("sent", "dropped") for row in product.rows(OUTBOX)))
    assert len(product.messages()) == messages + 1


def test_the_right_code_of_a_decoy_is_rejected(product: RunningProduct) -> None:
    someone, visitor = invite(product), Visitor(product)
    assert visitor.post(START, {"identifier": someone.identifier, "last_name": "Inconnu"}).status == 202
    flow_id = visitor.cookies["flow"].partition(".")[0]
    mac = product.client("kms").generate_mac(
        KeyId=product.key("CodeKey"), MacAlgorithm="HMAC_SHA_256", Message=code_message("activation", flow_id)
    )["Mac"]
    refused: Answer = visitor.post(VERIFICATION, {"code": code_for(mac, issue=1, digits=6)})
    assert (refused.status, refused.code, refused.body["attempts_left"]) == (422, "code-rejected", 4)


def test_two_starts_of_one_browser_at_once_leave_flows_that_answer(product: RunningProduct) -> None:
    someone = invite(product)
    answers = at_once([lambda: Visitor(product).post(START, someone.pair) for _ in range(10)])
    assert {answer.status for answer in answers} == {202}
