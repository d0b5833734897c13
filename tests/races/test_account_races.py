"""Two things at once in one account: each is done whole, in one order, and nothing outlives what ended it."""

from functools import partial

from activation.adapters.dynamodb import from_attributes
from activation.adapters.tables import ACCOUNTS, SESSIONS
from activation.domain.tokens import hash_token
from tests.builders import PASSWORD
from tests.people import SESSION, Someone, come_home, credentials, invite, sign_in
from tests.races.test_races import at_once
from tests.stack import Stack
from tests.tables import row_of, rows
from tests.visitor import Answer, Visitor, await_message, code_in

ACCOUNT, RESET = "/api/account", "/api/password-reset"
NEW_PASSWORD = "Loutre58-Cuivre92-Balcon"


def profile(product: Stack, someone: Someone) -> dict[str, object]:
    return dict(from_attributes(row_of(product, ACCOUNTS, identifier=someone.identifier, record="PROFILE")))


def records(product: Stack, someone: Someone, kind: str) -> list[dict[str, object]]:
    """The lines of that kind in the account, in the order of their keys."""
    found = [from_attributes(row) for row in rows(product, ACCOUNTS)]
    own = [row for row in found if row["identifier"] == someone.identifier and row["record"].startswith(f"{kind}#")]
    return [dict(row) for row in sorted(own, key=lambda row: str(row["record"]))]


def test_of_two_contact_changes_at_once_both_are_told_and_one_is_in_force(product: Stack) -> None:
    someone = invite(product)
    visitors = [come_home(product, someone)]
    visitors.append(sign_in(product, someone))
    mails, calls = [f"{name}{someone.identifier}@mondomaine.com" for name in ("un", "deux")], []
    for visitor, mail in zip(visitors, mails, strict=True):
        ask = partial(visitor.put, f"{ACCOUNT}/email", {"email": mail, "password": PASSWORD})
        code = code_in(visitor.ask_code(ask, to=mail))
        calls.append(partial(visitor.post, f"{ACCOUNT}/contact/verification", {"code": code}))
    before = {message.id for message in product.messages()}
    answers: list[Answer] = at_once(calls)
    assert [answer.status for answer in answers] == [200, 200]
    held = profile(product, someone)
    assert held["proven"]["email"] in mails  # type: ignore[index]  # a map of the row
    former = [change["contacts"]["email"] for change in held["former"]]  # type: ignore[attr-defined]  # a list of maps
    assert former[0] == someone.contact
    assert {*former, held["proven"]["email"]} == {someone.contact, *mails}  # type: ignore[index]  # as above
    for told in (someone.contact, *mails):
        await_message(product, before, to=told, with_code=False)


def test_a_sign_in_begun_before_a_reset_opens_nothing(product: Stack) -> None:
    someone = invite(product)
    come_home(product, someone)
    early, lost = Visitor(product), Visitor(product)
    code = code_in(early.ask_code(lambda: early.post(SESSION, credentials(someone)), to=someone.contact))
    reset_code = code_in(lost.ask_code(lambda: lost.post(RESET, someone.start_body), to=someone.contact))
    assert lost.post(f"{RESET}/verification", {"code": reset_code}).status == 200
    new = {"password": NEW_PASSWORD, "confirmation": NEW_PASSWORD}
    verified, replaced = at_once(
        [
            partial(early.post, f"{SESSION}/verification", {"code": code}),
            partial(lost.post, f"{RESET}/password", new),
        ]
    )
    assert replaced.status == 200
    assert (verified.status, verified.code) in {(200, None), (401, "flow-expired")}
    assert early.get(ACCOUNT).code == "session-expired"
    assert early.post(f"{SESSION}/verification", {"code": code}).code in {"flow-expired", "wrong-step"}
    assert sign_in(product, someone, NEW_PASSWORD).get(ACCOUNT).status == 200


def test_two_decisions_at_once_are_both_in_the_ledger_and_the_later_is_in_force(product: Stack) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    decisions = [True, False] * 3
    answers = at_once(
        [
            partial(visitor.twin().put, f"{ACCOUNT}/consent", {"consents": consents, "text_version": "1"})
            for consents in decisions
        ]
    )
    taken = [consents for consents, answer in zip(decisions, answers, strict=True) if answer.status == 200]
    assert {answer.status for answer in answers} <= {200, 503}  # whoever lost three times is told to try again
    assert len(taken) >= 2
    ledger = records(product, someone, "CONSENT")
    assert len(ledger) == len(taken) + 1
    in_force = profile(product, someone)["consent"]
    last = ledger[-1]
    assert in_force == {key: last[key] for key in ("consents", "text_version", "decided_at", "structure_id")}
    assert visitor.get(ACCOUNT).body["person"]["consent"]["consents"] is last["consents"]


def test_nothing_that_runs_beside_signing_out_everywhere_outlives_it(product: Stack) -> None:
    someone = invite(product)
    visitor = come_home(product, someone)
    others = [sign_in(product, someone) for _ in range(2)]
    withdrawal = {"consents": False, "text_version": "1"}
    calls = [partial(other.put, f"{ACCOUNT}/consent", withdrawal) for other in others]
    calls += [partial(other.get, ACCOUNT) for other in others]
    answers = at_once([partial(visitor.call, "DELETE", f"{ACCOUNT}/sessions"), *calls])
    assert answers[0].status == 204
    assert {answer.status for answer in answers[1:]} <= {200, 401, 503}
    assert [browser.get(ACCOUNT).code for browser in (visitor, *others)] == ["session-expired"] * 3
    decided = [answer for answer in answers[1:3] if answer.status == 200]
    assert len(records(product, someone, "CONSENT")) == 1 + len(decided)
    epoch = profile(product, someone)["session_epoch"]
    tokens = {hash_token(browser.cookies["session"]) for browser in others}
    left = [from_attributes(row) for row in rows(product, SESSIONS)]
    assert [row for row in left if row["token_hash"] in tokens and row["epoch"] == epoch] == []
