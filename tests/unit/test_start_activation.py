"""Step 1 and « send the code again », without a person in sight."""

from dataclasses import replace

import pytest

from activation.domain.contacts import Channel
from activation.domain.errors import (
    AccountLockedError,
    FlowExpiredError,
    FlowLockedError,
    ResendTooEarlyError,
    StaleError,
    TooManyCodesError,
    TooManyRequestsError,
    WrongStepError,
)
from activation.domain.flows import Flow, Purpose, pair_of
from activation.domain.limits import DAY_SECONDS, HOUR_SECONDS, Quota, window
from activation.domain.names import fold_name
from activation.domain.outbox import MessageKind
from activation.domain.people import Person, Status
from tests.builders import MAIL, NOW, active, entry, person
from tests.unit.house import Browser, House, outcome

HOUR_ENDS = window("h", HOUR_SECONDS, NOW).ends_at
DAY_ENDS = window("d", DAY_SECONDS, NOW).ends_at
PAIR = pair_of(Purpose.ACTIVATION, "10000001", "garcia")

PEOPLE = {
    "invited": [person()],
    "unknown": [],
    "another name": [person(roster=entry(last_name="Petit"))],
    "active": [active()],
    "without contact": [person(roster=entry(email="", mobile=""))],
    "left": [person(roster=entry(end_date="2020-01-01"))],
    "closed": [person(status=Status.CLOSED)],
}


def as_shown(flow: Flow) -> Flow:
    """The flow without what differs between any two: its names."""
    return replace(flow, flow_id="", token_hash="", recipients={}, epoch=None)


@pytest.fixture
def house() -> House:
    return House(person())


def test_step_1_opens_a_flow_and_queues_its_code(house: House) -> None:
    flow = Browser(house).start()
    assert house.flows.rows[flow.flow_id] == flow
    [message] = house.outbox.pending
    assert (message.kind, message.flow_id, message.issue) == (MessageKind.CODE, flow.flow_id, 1)


def test_step_1_names_nobody_in_the_flow(house: House) -> None:
    flow = Browser(house).start()
    assert (flow.recipients, flow.epoch, flow.session_id) == ({}, None, None)


def test_the_token_is_known_to_the_browser_alone(house: House) -> None:
    browser = Browser(house)
    browser.start()
    assert browser.flow_token not in repr(vars(house.flows))
    assert browser.flow.held_by(browser.held, NOW)


@pytest.mark.parametrize("people", PEOPLE.values(), ids=PEOPLE)
@pytest.mark.parametrize("purpose", [Purpose.ACTIVATION, Purpose.PASSWORD_RESET])
def test_known_and_unknown_people_leave_the_same_traces(people: list[Person], purpose: Purpose) -> None:
    house, unknown = House(*people), House()
    walked = []
    for where in (house, unknown):
        browser = Browser(where)
        shown = [as_shown(browser.start(purpose=purpose))]
        where.deliver()
        answers = browser.guess(3, purpose)
        where.wait(60)
        shown.append(as_shown(browser.resend(purpose)))
        where.deliver()
        answers += browser.guess(3, purpose)
        walked.append((shown, answers, where.counters.pairs, where.counters.addresses, as_shown(browser.flow)))
    assert walked[0] == walked[1]


def test_a_name_is_matched_as_people_type_it() -> None:
    browser = Browser(House(person(roster=entry(last_name="D'Almeida-Cœur"))))
    assert browser.start(last_name="d almeida coeur").pair == browser.start(last_name="D’ALMEIDA CŒUR").pair


def test_the_name_typed_is_kept_nowhere(house: House) -> None:
    Browser(house).start("10000009", "Zylberstein")
    kept = repr([vars(house.flows), vars(house.outbox), vars(house.counters)]).lower()
    assert fold_name("Zylberstein") not in kept


def test_a_pair_has_three_starts_an_hour(house: House) -> None:
    for _ in range(3):
        Browser(house).start()
    with pytest.raises(TooManyCodesError) as refused:
        Browser(house).start()
    assert refused.value.retry_at == HOUR_ENDS
    house.now = HOUR_ENDS
    Browser(house).start()


def test_a_pair_has_five_starts_a_day(house: House) -> None:
    for hour in range(5):
        house.now = NOW + hour * HOUR_SECONDS
        Browser(house).start()
    house.now += HOUR_SECONDS
    with pytest.raises(TooManyCodesError) as refused:
        Browser(house).start()
    assert refused.value.retry_at == DAY_ENDS
    house.now = DAY_ENDS
    Browser(house).start()


def test_a_refused_start_leaves_nothing_behind(house: House) -> None:
    for _ in range(3):
        Browser(house).start()
    before = (dict(house.flows.rows), dict(house.outbox.rows), dict(house.counters.addresses))
    assert outcome(Browser(house).start) == "TooManyCodesError"
    assert (house.flows.rows, house.outbox.rows, house.counters.addresses) == before


def test_starts_under_invented_names_do_not_use_up_a_persons_own(house: House) -> None:
    for name in ("Petit", "Moreau", "Dubois"):
        for _ in range(3):
            Browser(house).start(last_name=name)
    Browser(house).start()


def test_activation_and_reset_are_counted_apart(house: House) -> None:
    for _ in range(3):
        Browser(house).start()
    Browser(house).start(purpose=Purpose.PASSWORD_RESET)


def test_an_address_has_60_calls_in_5_minutes(house: House) -> None:
    for number in range(60):
        Browser(house).start(str(number))
    with pytest.raises(TooManyRequestsError) as refused:
        Browser(house).start("60")
    assert refused.value.retry_at == NOW + 180
    Browser(house).start("60", address="203.0.113.8")
    house.wait(180)
    Browser(house).start("61")


def test_start_in_the_same_browser_sends_the_code_again_uncounted(house: House) -> None:
    browser = Browser(house)
    first, token = browser.start(), browser.flow_token
    house.wait(60)
    again = browser.start()
    assert (again.flow_id, again.issue, again.resends) == (first.flow_id, 2, 1)
    assert browser.flow_token == token
    assert house.counters.pair(PAIR).may_start_at(Quota(2, 2), NOW) == NOW
    assert len(house.outbox.pending) == 2


def test_a_start_too_early_for_a_resend_answers_with_the_running_flow(house: House) -> None:
    browser = Browser(house)
    first = browser.start()
    house.wait(59)
    assert browser.start() == first
    assert len(house.outbox.pending) == 1


def test_a_start_without_resends_left_answers_with_the_running_flow(house: House) -> None:
    browser = Browser(house)
    browser.start()
    for _ in range(4):
        house.wait(60)
        last = browser.start()
    house.wait(60)
    assert browser.start() == last
    assert len(house.outbox.pending) == 5


def test_a_cookie_without_its_token_runs_no_flow(house: House) -> None:
    mine, thief = Browser(house), Browser(house)
    mine.start()
    thief.flow_id, thief.flow_token = mine.flow_id, "guessed"
    assert thief.start().flow_id != mine.flow_id


def test_a_resend_waits_a_minute_and_says_until_when(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.wait(59)
    with pytest.raises(ResendTooEarlyError) as refused:
        browser.resend()
    assert refused.value.retry_at == NOW + 60
    house.wait(1)
    assert browser.resend().issue == 2


def test_four_resends_then_none_until_the_flows_end(house: House) -> None:
    browser = Browser(house)
    browser.start()
    for _ in range(4):
        house.wait(60)
        browser.resend()
    house.wait(60)
    with pytest.raises(TooManyCodesError) as refused:
        browser.resend()
    assert refused.value.retry_at == browser.flow.ends_at == NOW + 240 + 900


def test_a_resend_keeps_the_recipients_that_the_worker_named(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.deliver()
    house.wait(60)
    browser.resend()
    assert browser.flow.recipients == {1: MAIL}
    house.deliver()
    assert set(browser.flow.recipients) == {1, 2}
    assert {mail.to for mail in house.mail.sent} == {MAIL.value}


def test_a_resend_after_five_wrong_codes_says_when_the_pair_may_start_again(house: House) -> None:
    browser = Browser(house)
    browser.start()
    browser.guess(5)
    house.wait(60)
    with pytest.raises(FlowLockedError) as refused:
        browser.resend()
    assert refused.value.retry_at == house.now
    Browser(house).start()
    Browser(house).start()
    with pytest.raises(FlowLockedError) as refused:
        browser.resend()
    assert refused.value.retry_at == HOUR_ENDS


def test_after_ten_wrong_codes_the_next_ones_have_8_digits(house: House) -> None:
    for _ in range(2):
        guesser = Browser(house)
        assert guesser.start().code.digits == 6
        guesser.guess(5)
    assert Browser(house).start().code.digits == 8


def test_a_resend_after_ten_wrong_codes_has_8_digits(house: House) -> None:
    mine, guesser = Browser(house), Browser(house)
    mine.start()
    for _ in range(2):
        guesser.start()
        guesser.guess(5)
    house.wait(60)
    assert [issue.digits for issue in mine.resend().issues.values()] == [6, 8]


def test_a_pair_with_longer_codes_has_its_starts_counted_as_before(house: House) -> None:
    house.counters.pairs[PAIR] = replace(house.counters.pair(PAIR), wrong=10)
    for _ in range(3):
        assert Browser(house).start().code.digits == 8
    assert outcome(Browser(house).start) == "TooManyCodesError"


def test_a_locked_pair_starts_nothing_and_sends_nothing_again(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.wait(60)
    house.counters.lock_pair(PAIR, until=house.now + 1)
    for call in (browser.start, browser.resend, Browser(house).start):
        with pytest.raises(AccountLockedError) as refused:
            call()
        assert refused.value.retry_at == house.now + 1
    house.wait(1)
    browser.resend()


def test_a_tab_left_open_on_another_flow_sends_nothing(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.wait(60)
    browser.shown = "another"
    with pytest.raises(WrongStepError):
        browser.resend()


def test_nobody_without_the_flows_token_sends_its_code(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.wait(60)
    browser.flow_token = "guessed"
    with pytest.raises(FlowExpiredError):
        browser.resend()


def test_a_flow_opened_in_a_session_is_out_of_reach_without_it(house: House) -> None:
    browser = Browser(house)
    flow = browser.start()
    house.flows.rows[flow.flow_id] = replace(flow, session_id="s-1")
    house.wait(60)
    with pytest.raises(FlowExpiredError):
        browser.resend()


def test_two_clicks_on_resend_at_once_send_one_code(house: House) -> None:
    browser = Browser(house)
    browser.start()
    house.wait(60)
    house.store.meanwhile.append(browser.resend)
    assert outcome(browser.resend) == "ResendTooEarlyError"
    assert browser.flow.issue == 2


def test_a_start_is_decided_again_when_the_flow_was_spent_meanwhile(house: House) -> None:
    browser = Browser(house)
    first = browser.start()
    house.wait(60)
    house.store.meanwhile.append(lambda: browser.guess(5))
    assert browser.start().flow_id != first.flow_id


def busy() -> None:
    raise StaleError


@pytest.mark.parametrize(("times", "answer"), [(2, "ok"), (3, "StaleError")])
def test_a_busy_table_is_tried_three_times(house: House, times: int, answer: str) -> None:
    house.store.meanwhile += [busy] * times
    assert outcome(Browser(house).start) == answer
    assert len(house.outbox.pending) == (1 if answer == "ok" else 0)


def test_by_sms_when_no_mail_is_on_file() -> None:
    house = House(person(roster=entry(email="")))
    browser = Browser(house)
    browser.start()
    house.deliver()
    assert browser.flow.recipients[1].channel is Channel.SMS
    assert [sms.to for sms in house.sms.sent] == ["+33612345678"]
