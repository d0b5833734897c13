"""A flow: its codes, their lives and its next step."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.errors import NextStep, ResendTooEarlyError, TooManyCodesError
from activation.domain.flows import (
    Flow,
    FlowReference,
    FlowState,
    Purpose,
    SentCode,
    add_code,
    code_life,
    make_throttle_key,
    start_quota,
    valid_codes,
)
from activation.domain.limits import Limits, Quota
from tests.builders import MAIL, MOBILE, NOW, flow

LIMITS = Limits()
MINE = FlowReference("f-1", "token-hash")


def sent_again(times: int, *, digits: int = 6) -> Flow:
    """A flow whose code was sent again so many times, a minute apart."""
    again = flow()
    for number in range(times):
        again = add_code(again, digits=digits, now=NOW + 60 * (number + 1), limits=LIMITS)
    return again


def test_a_throttle_key_is_a_hash_of_its_three_parts() -> None:
    assert (
        make_throttle_key(Purpose.ACTIVATION, "1", "garcia") == hashlib.sha256(b"activation\x001\x00garcia").hexdigest()
    )


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_throttle_key_differs_by_each_of_its_parts(identifier: str, throttle_suffix: str) -> None:
    throttle_keys = {make_throttle_key(purpose, identifier, throttle_suffix) for purpose in Purpose}
    throttle_keys |= {
        make_throttle_key(Purpose.SIGN_IN, identifier + "0", throttle_suffix),
        make_throttle_key(Purpose.SIGN_IN, identifier, throttle_suffix + "0"),
    }
    assert len(throttle_keys) == len(Purpose) + 2


def test_half_of_a_surrogate_pair_makes_a_throttle_key_all_the_same() -> None:
    assert len(make_throttle_key(Purpose.ACTIVATION, "1", "\ud800")) == 64


@pytest.mark.parametrize(
    ("purpose", "life"),
    [(Purpose.ACTIVATION, 900), (Purpose.PASSWORD_RESET, 900), (Purpose.SIGN_IN, 600), (Purpose.CONTACT, 600)],
)
def test_a_code_lives_as_long_as_its_purpose_says(purpose: Purpose, life: int) -> None:
    opened = flow(purpose)
    assert code_life(purpose, LIMITS) == life
    assert opened.latest_code == SentCode(6, NOW + life)
    assert opened.ends_at == NOW + life


@pytest.mark.parametrize(
    ("purpose", "quota"),
    [
        (Purpose.ACTIVATION, Quota(3, 5)),
        (Purpose.PASSWORD_RESET, Quota(3, 5)),
        (Purpose.CONTACT, Quota(3, 5)),
        (Purpose.SIGN_IN, Quota(30, 30)),
    ],
)
def test_starts_are_counted_as_their_purpose_says(purpose: Purpose, quota: Quota) -> None:
    assert start_quota(purpose, LIMITS) == quota


@pytest.mark.parametrize(
    ("purpose", "state", "step"),
    [
        (Purpose.ACTIVATION, FlowState.CODE_SENT, NextStep.VERIFY_CODE),
        (Purpose.ACTIVATION, FlowState.VERIFIED, NextStep.SET_PASSWORD),
        (Purpose.ACTIVATION, FlowState.DONE, NextStep.SIGN_IN),
        (Purpose.PASSWORD_RESET, FlowState.VERIFIED, NextStep.SET_PASSWORD),
        (Purpose.PASSWORD_RESET, FlowState.DONE, NextStep.SIGN_IN),
        (Purpose.SIGN_IN, FlowState.CODE_SENT, NextStep.VERIFY_CODE),
        (Purpose.SIGN_IN, FlowState.DONE, NextStep.SIGN_IN),
        (Purpose.CONTACT, FlowState.CODE_SENT, NextStep.VERIFY_CONTACT),
        (Purpose.CONTACT, FlowState.DONE, NextStep.HOME),
    ],
)
def test_a_flow_names_its_next_step(purpose: Purpose, state: FlowState, step: NextStep) -> None:
    assert flow(purpose, state=state).next_step is step


@pytest.mark.parametrize(("now", "alive"), [(NOW + 899, True), (NOW + 900, False)])
def test_a_flow_belongs_to_its_browser_until_it_ends(now: int, alive: bool) -> None:
    assert flow().belongs_to(MINE, now) is alive


@pytest.mark.parametrize(("attempts", "left"), [(0, 5), (4, 1), (5, 0), (6, 0)])
def test_five_attempts_are_left_at_first(attempts: int, left: int) -> None:
    assert flow(attempts=attempts).attempts_left(LIMITS) == left


@pytest.mark.parametrize(("resends", "left"), [(0, 4), (3, 1), (4, 0), (5, 0)])
def test_four_resends_are_left_at_first(resends: int, left: int) -> None:
    assert flow(resends=resends).resends_left(LIMITS) == left


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_code_may_be_sent_again_after_a_minute(purpose: Purpose) -> None:
    opened = flow(purpose)
    assert opened.resend_at(LIMITS) == NOW + 60
    with pytest.raises(ResendTooEarlyError) as refused:
        add_code(opened, digits=6, now=NOW + 59, limits=LIMITS)
    assert refused.value.retry_at == NOW + 60
    assert add_code(opened, digits=6, now=NOW + 60, limits=LIMITS).code_number == 2


def test_a_resend_is_a_new_code_with_a_life_of_its_own() -> None:
    again = sent_again(1)
    assert again.codes == {1: SentCode(6, NOW + 900), 2: SentCode(6, NOW + 960)}
    assert (again.resends, again.ends_at) == (1, NOW + 960)


def test_only_the_last_two_codes_stay_good() -> None:
    assert set(sent_again(1).codes) == {1, 2}
    assert set(sent_again(2).codes) == {2, 3}
    assert set(sent_again(4).codes) == {4, 5}


def test_the_recipients_of_codes_gone_by_are_forgotten() -> None:
    known = replace(sent_again(1), recipients={1: MAIL, 2: MAIL})
    again = add_code(known, digits=6, now=NOW + 120, limits=LIMITS, recipient=MOBILE)
    assert again.recipients == {2: MAIL, 3: MOBILE}


def test_after_four_resends_no_more_until_the_flow_ends() -> None:
    spent = sent_again(4)
    with pytest.raises(TooManyCodesError) as refused:
        add_code(spent, digits=6, now=NOW + 241, limits=LIMITS)
    assert refused.value.retry_at == spent.ends_at


def test_a_resend_spends_no_attempt_and_gives_none_back() -> None:
    assert add_code(flow(attempts=3), digits=6, now=NOW + 60, limits=LIMITS).attempts == 3


@pytest.mark.parametrize(
    ("now", "good"), [(NOW + 60, {1, 2}), (NOW + 899, {1, 2}), (NOW + 900, {2}), (NOW + 960, set())]
)
def test_each_code_is_good_while_it_lives(now: int, good: set[int]) -> None:
    assert set(valid_codes(sent_again(1), longer_codes=False, now=now)) == good


def test_once_codes_are_longer_those_of_6_digits_are_taken_no_more() -> None:
    mixed = add_code(flow(), digits=8, now=NOW + 60, limits=LIMITS)
    assert set(valid_codes(mixed, longer_codes=False, now=NOW + 60)) == {1, 2}
    assert set(valid_codes(mixed, longer_codes=True, now=NOW + 60)) == {2}


def test_once_codes_are_longer_only_the_latest_is_good() -> None:
    both = add_code(flow(digits=8), digits=8, now=NOW + 60, limits=LIMITS)
    assert set(valid_codes(both, longer_codes=False, now=NOW + 60)) == {1, 2}
    assert set(valid_codes(both, longer_codes=True, now=NOW + 60)) == {2}
