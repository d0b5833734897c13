"""Step 1 and « send the code again », without a person in sight."""

from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.desk import throttle_keys_by_name
from activation.domain.errors import AccountLockedError, FlowExpiredError, FlowLockedError, NoCodeOutError, StaleError
from activation.domain.flows import Flow, Purpose, make_throttle_key
from activation.domain.limits import HOUR_SECONDS, Quota, window
from activation.domain.names import fold_last_name, fold_name
from activation.domain.outbox import code_message_for
from activation.domain.verification import resend_waiting_code
from tests.builders import MAIL, NOW, active, entry, invited
from tests.in_memory import Browser, InMemoryService, outcome
from tests.unit.refusals import failing, refused

HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at
THROTTLE_KEY = make_throttle_key(Purpose.ACTIVATION, "10000001", "garcia")

PEOPLE = {
    "invited": [invited()],
    "unknown": [],
    "another name": [invited(roster=entry(last_name="Petit"))],
    "active": [active()],
    "without contact": [invited(roster=entry(email="", mobile=""))],
    "left": [invited(roster=entry(end_date="2020-01-01"))],
    "closed": [invited(status=Status.CLOSED)],
}


def as_shown(flow: Flow) -> Flow:
    """The flow without what differs between any two: its names."""
    return replace(flow, flow_id="", token_hash="", recipients={}, epoch=None)


def test_step_1_opens_a_flow_and_queues_its_code(app: InMemoryService) -> None:
    browser = Browser(app)
    flow = browser.start(last_name="Zylberstein")
    assert app.flows.rows[flow.flow_id] == flow
    [message] = app.outbox.pending
    assert message == code_message_for(flow, message.message_id, now=NOW)
    assert (message.code_number, browser.flow.belongs_to(browser.reference, NOW)) == (1, True)
    kept = repr([vars(app.flows), vars(app.outbox), vars(app.counters)])
    assert browser.flow_token not in kept
    assert fold_name("Zylberstein") not in kept.lower()


@pytest.mark.parametrize("people", PEOPLE.values(), ids=PEOPLE)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_known_and_unknown_people_leave_the_same_traces(people: list[Account], purpose: Purpose) -> None:
    app, unknown = InMemoryService(*people), InMemoryService()
    walked = []
    for where in (app, unknown):
        browser = Browser(where)
        shown = [as_shown(browser.start(purpose=purpose))]
        where.deliver()
        answers = browser.guess(3, purpose)
        where.wait(60)
        shown.append(as_shown(browser.resend(purpose)))
        where.deliver()
        answers += browser.guess(3, purpose)
        walked.append((shown, answers, where.counters.throttles, where.counters.addresses, as_shown(browser.flow)))
    assert walked[0] == walked[1]


TYPED = ["Petit", "saint martin", "Petit née Saint-Martin", "PETIT NEE ST-MARTIN", "Saint-Martin ép. Petit"]
BOTH = [
    {"last_name": "Saint-Martin", "usage_name": "Petit"},
    {"last_name": "Saint-Martin épouse Petit", "usage_name": "Mme Petit"},
]


@pytest.mark.parametrize("names", BOTH)
def test_however_both_names_are_typed_they_have_the_counters_of_one_of_them(names: dict[str, str]) -> None:
    app = InMemoryService(invited(roster=entry(**names)))
    own = throttle_keys_by_name(app.account(), Purpose.ACTIVATION)
    assert len(own) == 2
    flows = [Browser(app).start(last_name=typed) for typed in TYPED[:3]]
    assert {flow.throttle_key for flow in flows} == set(own)
    assert {make_throttle_key(Purpose.ACTIVATION, "10000001", fold_last_name(typed)) for typed in TYPED} == set(own)
    assert all(flow.is_for("10000001", app.account().owner.last_names) for flow in flows)


@pytest.mark.parametrize("typed", ["Evalet", "Taponat", "Evalet Taponat Petit", "Petit Evalet-Taponat", "Evale"])
def test_a_part_of_a_name_or_two_names_in_a_row_are_another_name(typed: str) -> None:
    app = InMemoryService(invited(roster=entry(last_name="EVALET TAPONAT", usage_name="Petit")))
    flow = Browser(app).start(last_name=typed)
    assert not flow.is_for("10000001", app.account().owner.last_names)


def test_starts_under_invented_names_do_not_use_up_a_persons_own(app: InMemoryService) -> None:
    for name in ("Petit", "Moreau", "Dubois", "Garcia"):
        for _ in range(3):
            Browser(app).start(last_name=name)
    Browser(app).start(purpose=Purpose.PASSWORD_RESET)  # which is counted apart
    counted = InMemoryService(starts_per_ip_per_5_minutes=1)
    Browser(counted).start()
    assert outcome(Browser(counted).start) == "TooManyRequestsError"
    Browser(counted).start(address="198.51.100.7")


def test_start_in_the_same_browser_sends_the_code_again_uncounted(app: InMemoryService) -> None:
    browser = Browser(app)
    first, token = browser.start(), browser.flow_token
    app.wait(59)
    assert (browser.start(), len(app.outbox.pending)) == (first, 1)
    app.wait(1)
    again = browser.start()
    assert (again.flow_id, again.code_number, again.resends, browser.flow_token) == (first.flow_id, 2, 1, token)
    assert app.counters.throttle(THROTTLE_KEY).may_start_at(Quota(2, 2), NOW) == NOW
    _, message = app.outbox.pending
    assert message == code_message_for(again, message.message_id, now=app.now)


def test_a_start_without_resends_left_answers_with_the_running_flow(app: InMemoryService) -> None:
    browser = Browser(app)
    browser.start()
    for _ in range(4):
        app.wait(60)
        last = browser.start()
    app.wait(60)
    assert (browser.start(), len(app.outbox.pending)) == (last, 5)


def test_a_cookie_without_its_token_or_its_session_runs_no_flow(app: InMemoryService) -> None:
    mine, thief = Browser(app), Browser(app)
    flow = mine.start()
    thief.flow_id, thief.flow_token = mine.flow_id, "guessed"
    assert thief.start().flow_id != mine.flow_id
    app.flows.rows[flow.flow_id] = replace(flow, session_id="s-1")
    app.wait(60)
    refused(FlowExpiredError, mine.resend)


def test_a_code_sent_again_leaves_its_recipient_to_the_worker_with_or_without_its_browser(app: InMemoryService) -> None:
    browser = Browser(app)
    flow = browser.start()

    def send_again() -> Flow:
        return resend_waiting_code(
            app.verification, flow.flow_id, app.context, recipient=lambda _: None, extra_writes=list
        )

    app.wait(60)
    assert send_again().recipients == {}
    app.deliver()
    app.wait(60)
    browser.resend()
    assert browser.flow.recipients == {2: MAIL}
    app.deliver()
    assert browser.flow.recipients == {2: MAIL, 3: MAIL}
    app.now = browser.flow.ends_at
    refused(NoCodeOutError, send_again)


def test_a_lock_holds_codes_back_until_its_very_end(app: InMemoryService) -> None:
    browser = Browser(app)
    browser.start()
    app.wait(60)
    app.counters.lock_throttle(THROTTLE_KEY, until=app.now + 1)
    assert refused(AccountLockedError, browser.resend).retry_at == app.now + 1
    app.wait(1)
    assert browser.resend().code_number == 2


def test_a_resend_after_five_wrong_codes_says_when_the_throttle_key_may_start_again(app: InMemoryService) -> None:
    browser = Browser(app)
    browser.start()
    browser.guess(5)
    app.wait(60)
    assert refused(FlowLockedError, browser.resend).retry_at == app.now
    Browser(app).start()
    Browser(app).start()
    assert refused(FlowLockedError, browser.resend).retry_at == HOUR_ENDS


def test_a_resend_after_ten_wrong_codes_has_8_digits_and_starts_are_counted_as_before(app: InMemoryService) -> None:
    mine, guesser = Browser(app), Browser(app)
    mine.start()
    for _ in range(2):
        guesser.start()
        guesser.guess(5)
    app.wait(60)
    assert [sent.digits for sent in mine.resend().codes.values()] == [6, 8]
    app.wait(HOUR_SECONDS)
    app.counters.throttles[THROTTLE_KEY] = replace(app.counters.throttle(THROTTLE_KEY), starts={})
    assert [Browser(app).start().latest_code.digits for _ in range(3)] == [8] * 3
    assert outcome(Browser(app).start) == "TooManyCodesError"


def test_a_start_is_decided_again_when_the_flow_was_spent_meanwhile_and_two_resends_at_once_send_one_code() -> None:
    app = InMemoryService(invited())
    browser = Browser(app)
    first = browser.start()
    app.wait(60)
    app.store.meanwhile.append(browser.resend)
    assert (outcome(browser.resend), browser.flow.code_number) == ("ResendTooEarlyError", 2)
    app.wait(60)
    app.store.meanwhile.append(lambda: browser.guess(5))
    assert browser.start().flow_id != first.flow_id


@pytest.mark.parametrize(("times", "answer"), [(2, "ok"), (3, "StaleError")])
def test_a_busy_table_is_tried_three_times(app: InMemoryService, times: int, answer: str) -> None:
    app.store.meanwhile += [failing(StaleError())] * times
    assert (outcome(Browser(app).start), len(app.outbox.pending)) == (answer, 1 if answer == "ok" else 0)
