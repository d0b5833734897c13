"""A flow: its codes, their lives and its next step."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain import flows
from activation.domain.errors import NextStep, ResendTooEarlyError, TooManyCodesError
from activation.domain.flows import FlowState, Purpose, SentCode, add_code, make_throttle_key, start_quota, valid_codes
from activation.domain.limits import Limits, Quota
from tests.builders import MAIL, MOBILE, NOW, flow
from tests.unit.refusals import refused

LIMITS = Limits()


def sent_again(times: int, *, digits: int = 6) -> flows.Flow:
    """A flow whose code was sent again so many times, a minute apart."""
    again = flow()
    for number in range(times):
        again = add_code(again, digits=digits, now=NOW + 60 * (number + 1), limits=LIMITS)
    return again


def test_a_throttle_key_is_a_hash_of_its_three_parts() -> None:
    expected = hashlib.sha256(b"activation\x001\x00garcia").hexdigest()
    assert make_throttle_key(Purpose.ACTIVATION, "1", "garcia") == expected
    assert len(make_throttle_key(Purpose.ACTIVATION, "1", "\ud800")) == 64  # half a surrogate pair


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_throttle_key_differs_by_each_of_its_parts(identifier: str, throttle_suffix: str) -> None:
    throttle_keys = {make_throttle_key(purpose, identifier, throttle_suffix) for purpose in Purpose}
    throttle_keys |= {
        make_throttle_key(Purpose.SIGN_IN, identifier + "0", throttle_suffix),
        make_throttle_key(Purpose.SIGN_IN, identifier, throttle_suffix + "0"),
    }
    assert len(throttle_keys) == len(Purpose) + 2


PURPOSES = [
    (Purpose.ACTIVATION, 900, Quota(3, 5)),
    (Purpose.PASSWORD_RESET, 900, Quota(3, 5)),
    (Purpose.SIGN_IN, 600, Quota(30, 30)),
    (Purpose.CONTACT, 600, Quota(3, 5)),
]


@pytest.mark.parametrize(("purpose", "life", "quota"), PURPOSES)
def test_a_code_lives_and_starts_are_counted_as_their_purpose_says(purpose: Purpose, life: int, quota: Quota) -> None:
    opened = flow(purpose)
    assert (flows.code_life(purpose, LIMITS), start_quota(purpose, LIMITS)) == (life, quota)
    assert (opened.latest_code, opened.ends_at) == (SentCode(6, NOW + life), NOW + life)


STEPS = [(Purpose.SIGN_IN, FlowState.CODE_SENT, NextStep.VERIFY_CODE), (Purpose.CONTACT, FlowState.DONE, NextStep.HOME)]


@pytest.mark.parametrize(("purpose", "state", "step"), STEPS)
def test_a_flow_names_its_next_step(purpose: Purpose, state: FlowState, step: NextStep) -> None:
    assert flow(purpose, state=state).next_step is step


@pytest.mark.parametrize("used", range(7))
def test_five_attempts_and_four_resends_are_left_at_first(used: int) -> None:
    assert flow(attempts=used).attempts_left(LIMITS) == [5, 4, 3, 2, 1, 0, 0][used]
    assert flow(resends=used).resends_left(LIMITS) == [4, 3, 2, 1, 0, 0, 0][used]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_code_may_be_sent_again_after_a_minute_and_spends_no_attempt(purpose: Purpose) -> None:
    opened = flow(purpose, attempts=3)
    assert opened.resend_at(LIMITS) == NOW + 60
    assert refused(ResendTooEarlyError, add_code, opened, digits=6, now=NOW + 59, limits=LIMITS).retry_at == NOW + 60
    again = add_code(opened, digits=6, now=NOW + 60, limits=LIMITS)
    assert (again.code_number, again.attempts) == (2, 3)


def test_only_the_last_two_codes_and_their_recipients_are_kept_each_with_a_life_of_its_own() -> None:
    again = sent_again(1)
    assert again.codes == {1: SentCode(6, NOW + 900), 2: SentCode(6, NOW + 960)}
    assert (again.resends, again.ends_at) == (1, NOW + 960)
    assert [set(sent_again(times).codes) for times in (2, 4)] == [{2, 3}, {4, 5}]
    known = replace(again, recipients={1: MAIL, 2: MAIL})
    again = add_code(known, digits=6, now=NOW + 120, limits=LIMITS, recipient=MOBILE)
    assert again.recipients == {2: MAIL, 3: MOBILE}
    assert flows.with_notified(again, [], now=NOW) is again


def test_after_four_resends_no_more_until_the_flow_ends() -> None:
    spent = sent_again(4)
    assert refused(TooManyCodesError, add_code, spent, digits=6, now=NOW + 241, limits=LIMITS).retry_at == spent.ends_at


@pytest.mark.parametrize(("now", "ok"), [(NOW + 60, {1, 2}), (NOW + 899, {1, 2}), (NOW + 900, {2}), (NOW + 960, set())])
def test_each_code_is_good_while_it_lives(now: int, ok: set[int]) -> None:
    assert set(valid_codes(sent_again(1), longer_codes=False, now=now)) == ok


@pytest.mark.parametrize("digits", [6, 8])
def test_once_codes_are_longer_only_the_latest_is_good(digits: int) -> None:
    both = add_code(flow(digits=digits), digits=8, now=NOW + 60, limits=LIMITS)
    assert set(valid_codes(both, longer_codes=False, now=NOW + 60)) == {1, 2}
    assert set(valid_codes(both, longer_codes=True, now=NOW + 60)) == {2}
    short = sent_again(1)
    assert set(valid_codes(short, longer_codes=True, now=NOW + 60)) == set()
