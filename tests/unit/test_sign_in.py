"""Signing in, and step 2: whose code opens or proves what, and what guessing costs."""

from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher

from activation.domain import errors
from activation.domain.accounts import FRESH_CONTACT_SECONDS, Account, FormerContacts, PasswordRecord, Status
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.credentials import needs_rehash, pepper_message
from activation.domain.errors import ContactNotProvenError, CredentialsRejectedError, TooManyCodesError, WrongStepError
from activation.domain.flows import FlowState, Purpose, make_throttle_key
from activation.domain.limits import DAY_SECONDS, ThrottleState, window
from activation.domain.outbox import MessageKind
from activation.domain.verification import contact_code_request
from tests.builders import MAIL, MOBILE, NOW, PASSWORD, active, invited
from tests.in_memory import Browser, InMemoryService, outcome, password_record
from tests.unit.deliveries import started
from tests.unit.refusals import refused

RECORD = password_record("10000001")
BOTH = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}


def service_of(**more: Any) -> InMemoryService:
    return InMemoryService(active(**{"password": RECORD, **more}))


def test_a_right_password_sends_a_code_to_the_chosen_contact_for_ten_minutes() -> None:
    app = service_of(proven=BOTH, channel=Channel.SMS, session_epoch=3)
    flow = Browser(app).sign_in()
    assert (flow.purpose, flow.recipients, flow.epoch) == (Purpose.SIGN_IN, {1: MOBILE}, 3)
    assert flow.ends_at == NOW + 600
    assert flow.throttle_key == make_throttle_key(Purpose.SIGN_IN, "10000001", "")
    app.deliver()
    assert [sms.to for sms in app.sms.sent] == [MOBILE.value]


NOBODY = [None, invited(), active(status=Status.CLOSED, password=RECORD), invited(password=RECORD)]


@pytest.mark.parametrize("who", NOBODY, ids=["unknown", "invited", "closed", "invited, with a password"])
def test_only_somebody_active_signs_in_and_all_others_are_told_the_same(who: Account | None) -> None:
    app = InMemoryService(*([who] if who else []), wrong_passwords=3)
    said = [refused(CredentialsRejectedError, Browser(app).sign_in).attempts_left for _ in range(3)]
    assert (said, outcome(Browser(app).sign_in), app.flows.rows) == ([None, 1, None], "AccountLockedError", {})


@pytest.mark.parametrize("pause", [0, 59, 60])
def test_right_passwords_never_add_up_to_a_lock(pause: int) -> None:
    app = InMemoryService(active(password=RECORD), wrong_passwords=3)
    browser = Browser(app)
    answers = []
    for _ in range(4):
        answers.append(outcome(browser.sign_in))
        app.wait(pause)
    assert (answers, app.counters.passwords["10000001"].number) == (["ok"] * 4, 0)


def test_an_account_has_30_codes_a_day_and_no_right_password_past_them_counts_as_wrong() -> None:
    app = InMemoryService(active(password=RECORD), wrong_passwords=3)
    for _ in range(30):
        Browser(app).sign_in()
    for _ in range(4):
        assert refused(TooManyCodesError, Browser(app).sign_in).retry_at == window("d", DAY_SECONDS, NOW).ends_at


def test_the_address_is_counted_before_any_hashing() -> None:
    app = InMemoryService(active(password=RECORD), starts_per_ip_per_5_minutes=1)
    Browser(app).sign_in()
    app.peppers.signed.clear()
    assert (outcome(Browser(app).sign_in), app.peppers.signed) == ("TooManyRequestsError", [])
    assert [scope.split()[0] for scope in app.counters.addresses] == ["203.0.113.7"]


def test_signing_in_again_sends_the_code_again_on_a_channel_that_is_proven() -> None:
    app = service_of()
    browser = Browser(app)
    first = browser.sign_in()
    app.wait(60)
    refused(ContactNotProvenError, browser.resend_sign_in, Channel.SMS)
    again = browser.sign_in()
    assert (again.flow_id, again.code_number, again.recipients) == (first.flow_id, 2, {1: MAIL, 2: MAIL})
    app.change_account(session_epoch=1)
    assert browser.sign_in().flow_id != first.flow_id


@pytest.mark.parametrize("changed", [None, active(status=Status.CLOSED), active(session_epoch=1)])
def test_a_code_is_not_sent_again_to_somebody_erased_closed_or_signed_out_everywhere(changed: Account | None) -> None:
    app = service_of()
    browser = Browser(app)
    browser.sign_in()
    app.accounts.rows.clear()
    app.accounts.add(*([changed] if changed else []))
    app.wait(60)
    assert outcome(lambda: browser.resend_sign_in(Channel.EMAIL)) == "FlowExpiredError"


def test_a_browser_known_to_one_account_is_unknown_to_another() -> None:
    app = InMemoryService(active(password=RECORD), active("10000002"), wrong_passwords=1)
    browser = Browser(app)
    browser.enter()
    outcome(lambda: browser.sign_in("10000002", "wrong"))
    assert outcome(lambda: Browser(app).sign_in("10000002")) == "AccountLockedError"
    outcome(lambda: Browser(app).sign_in(password="wrong"))
    assert (outcome(Browser(app).sign_in), outcome(browser.sign_in)) == ("AccountLockedError", "ok")


def old_record() -> PasswordRecord:
    """What was kept when hashing had other parameters."""
    peppered = InMemoryService().peppers.mac(pepper_message("10000001", PASSWORD))
    return PasswordRecord(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(peppered), "pepper")


def test_an_old_hash_is_renewed_by_the_next_right_password_and_a_new_one_left_alone() -> None:
    app = InMemoryService(active(password=old_record()))
    outcome(lambda: Browser(app).sign_in(password="wrong"))
    assert app.account() == active(password=app.account().password)
    Browser(app).sign_in()
    renewed = app.account()
    assert renewed.password
    assert not needs_rehash(renewed.password.encoded)
    Browser(app).sign_in()
    assert app.account() == renewed
    app = InMemoryService(active(password=old_record()))
    app.store.meanwhile += [lambda: None, lambda: None, app.change_account]
    browser = Browser(app)
    browser.enter()  # all the same, where somebody else writes meanwhile
    assert browser.access.account.password == app.account().password


THROTTLE_KEY = make_throttle_key(Purpose.ACTIVATION, "10000001", "garcia")


def with_code(*people: Account, **limits: int) -> Browser:
    browser = started(*people, purpose=Purpose.ACTIVATION, **limits)
    browser.app.deliver()
    return browser


def signed_in(**more: Any) -> tuple[InMemoryService, Browser]:
    app = InMemoryService(active(password=password_record("10000001"), **more))
    browser = Browser(app)
    browser.sign_in()
    return app, browser


def remember_wrong_codes(app: InMemoryService, wrong: int) -> None:
    app.counters.throttles[THROTTLE_KEY] = replace(app.counters.throttle(THROTTLE_KEY), wrong=wrong)


def test_the_right_code_proves_the_flow_under_a_new_token_and_of_two_at_once_one() -> None:
    browser = with_code(invited())
    before = browser.reference
    flow = browser.verify(browser.code)
    assert (browser.flow, flow.state, flow.matched, flow.ends_at) == (flow, FlowState.VERIFIED, 1, NOW + 1_800)
    assert flow.verification_id
    assert flow.belongs_to(browser.reference, NOW)
    assert not flow.belongs_to(before, NOW)
    browser = with_code(invited())
    twin = replace(browser)
    browser.app.store.meanwhile.append(lambda: twin.verify(twin.code))
    refused(WrongStepError, browser.verify, browser.code)
    assert browser.flow.belongs_to(twin.reference, NOW)


def test_the_fifth_try_may_be_the_right_one_and_so_may_the_hundredth_code_in_a_row() -> None:
    browser = with_code(invited())
    browser.guess(3)
    assert refused(errors.CodeRejectedError, browser.verify, browser.wrong_code).attempts_left == 1
    assert browser.verify(browser.code).attempts == 5
    browser = with_code(invited(), wrong_codes_per_person=5)
    assert browser.guess(4) == ["CodeRejectedError"] * 4
    browser.verify(browser.code)
    throttle = browser.app.counters.throttle(THROTTLE_KEY)
    assert (throttle, browser.app.notices()) == (ThrottleState(starts=throttle.starts), [])


def test_a_first_code_is_rejected_once_its_own_life_is_over() -> None:
    browser = with_code(invited())
    browser.app.wait(60)
    browser.resend()
    browser.app.deliver()
    browser.app.now = NOW + 900
    assert outcome(lambda: browser.verify(browser.app.code(browser.flow_id, 1))) == "CodeRejectedError"
    browser.verify(browser.code)


def test_known_and_unknown_people_cost_the_same_work_to_verify() -> None:
    known, unknown = with_code(invited()), with_code()
    for browser in (known, unknown):
        browser.app.codes.signed.clear()
        browser.guess(1)
    assert len(known.app.codes.signed) == len(unknown.app.codes.signed) == 1


@pytest.mark.parametrize(("wrong", "answer"), [(9, "ok"), (10, "CodeRejectedError"), (99, "CodeRejectedError")])
def test_once_codes_are_longer_a_right_one_of_6_digits_is_rejected(wrong: int, answer: str) -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, wrong)
    assert (outcome(lambda: browser.verify(browser.code)), browser.flow.attempts) == (answer, 1)


@pytest.mark.parametrize(("wrong", "locked_until"), [(98, 0), (99, NOW + DAY_SECONDS), (150, NOW + DAY_SECONDS)])
def test_from_the_hundredth_wrong_code_on_each_locks_the_throttle_key_for_a_day(wrong: int, locked_until: int) -> None:
    browser = with_code(invited())
    remember_wrong_codes(browser.app, wrong)
    assert browser.guess(1) == ["CodeRejectedError"]
    assert browser.app.counters.throttle(THROTTLE_KEY).locked_until == locked_until
    waiting = [(message.kind, message.message_id is None) for message in browser.app.outbox.pending]
    assert waiting == ([(MessageKind.TOO_MANY_WRONG_CODES, False)] if locked_until else [])


def test_while_a_guess_is_looked_at_that_may_lock_the_throttle_key_no_other_is() -> None:
    app = InMemoryService(invited(), wrong_codes_per_person=1)
    browser, other = Browser(app), Browser(app)
    for each in (browser, other):
        each.start()
    app.deliver()
    answers = list[str]()
    app.store.meanwhile.append(lambda: answers.append(outcome(lambda: other.verify(other.code))))
    browser.verify(browser.code)
    assert answers == ["AccountLockedError"]


def test_the_code_opens_the_session_and_ends_its_flow_and_the_password_alone_does_not() -> None:
    app, browser = signed_in(session_epoch=4)
    assert app.sessions.rows == {}
    app.wait(5)
    signed = browser.verify_sign_in(browser.code)
    assert signed.signed_in_at == app.account().signed_in_at == NOW + 5
    assert (browser.access.account.identifier, browser.access.session.epoch) == ("10000001", 4)
    assert (browser.flow.state, browser.flow.matched) == (FlowState.DONE, 1)
    assert browser.flow.verification_id
    assert app.done() == ["signed_in"]
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "WrongStepError sign_in"


def test_a_sign_in_takes_the_place_of_the_browsers_session_and_remembers_the_one_before() -> None:
    old, fresh = FormerContacts({}, NOW + 5 - FRESH_CONTACT_SECONDS), FormerContacts({}, NOW)
    app = InMemoryService(active(password=password_record("10000001"), former=(old, fresh)))
    browser = Browser(app)
    browser.enter()
    app.wait(5)
    signed_in = browser.enter()
    assert (signed_in.signed_in_at, signed_in.previously_signed_in_at) == (NOW + 5, NOW)
    assert (signed_in.former, len(signed_in.devices)) == ((fresh,), 1)
    assert [session.created_at for session in app.sessions.rows.values()] == [NOW + 5]
    assert [event.at for event in app.accounts.events["10000001"]] == [NOW, NOW + 5]


@pytest.mark.parametrize(
    "change", [{"session_epoch": 1}, {"status": Status.CLOSED}, {"status": Status.INVITED}, {"proven": {}}]
)
def test_a_sign_in_begun_before_everything_ended_opens_nothing(change: dict[str, Any]) -> None:
    app, browser = signed_in()
    app.change_account(**change)
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    app.accounts.rows.clear()
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    assert app.sessions.rows == {}


def test_a_sign_in_dies_with_a_reset_in_the_middle_of_it() -> None:
    app, browser = signed_in()
    app.store.meanwhile.append(lambda: app.change_account(session_epoch=1))
    assert outcome(lambda: browser.verify_sign_in(browser.code)) == "FlowExpiredError"
    assert app.sessions.rows == {}
    app, browser = signed_in()  # with any other change it is decided again
    app.store.meanwhile.append(lambda: app.change_account(channel=Channel.SMS))
    assert (browser.verify_sign_in(browser.code).channel, len(app.sessions.rows)) == (Channel.SMS, 1)


NEW_MAIL = Contact(Channel.EMAIL, "louis@exemple.fr")


def onboarding() -> Browser:
    """A browser at S5b that has asked for a code to a new mail."""
    app = InMemoryService(active(password=password_record("10000001"), channel=None, terms=None))
    browser = Browser(app)
    browser.enter()
    browser.choose(Channel.EMAIL, NEW_MAIL)
    app.deliver()
    return browser


def test_a_proven_contact_becomes_the_channel_before_home_and_the_one_that_was_replaced_is_told() -> None:
    browser = onboarding()
    assert browser.app.mail.sent[-1].to == NEW_MAIL.value
    assert outcome(lambda: browser.verify_contact(browser.wrong_code)) == "CodeRejectedError"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}
    browser.verify_contact(browser.code)
    proven = browser.app.account()
    assert (proven.proven, proven.channel) == ({Channel.EMAIL: NEW_MAIL}, Channel.EMAIL)
    assert (browser.flow.state, browser.flow.matched) == (FlowState.DONE, 1)
    assert browser.flow.verification_id
    assert browser.app.done() == ["signed_in", "email_proven", "channel_email"]
    assert {event.at for event in browser.app.accounts.events["10000001"]} == {NOW}
    browser.app.mail.sent.clear()
    browser.app.deliver()
    assert [mail.to for mail in browser.app.mail.sent] == [MAIL.value]
    spellings = (NEW_MAIL, Contact(Channel.EMAIL, NEW_MAIL.value.upper()))  # which share the wrong codes
    assert len({contact_code_request(active(), each, session_id="s").throttle_key for each in spellings}) == 1


@pytest.fixture
def browser() -> Browser:
    return onboarding()


def test_a_contact_proven_from_home_leaves_the_channel_alone(browser: Browser) -> None:
    browser.app.change_account(channel=Channel.SMS, terms=active().terms)
    browser.verify_contact(browser.code)
    assert browser.app.account().channel is Channel.SMS
    assert browser.app.account().former == (FormerContacts({Channel.EMAIL: MAIL}, NOW),)
    assert browser.app.done() == ["signed_in", "email_proven"]
    assert [typed.right for typed in browser.app.breaker.counted.values()] == [1]  # the sign-in's code


def test_a_contact_is_proven_only_in_the_session_that_asked(browser: Browser) -> None:
    elsewhere = Browser(browser.app)
    elsewhere.enter()
    elsewhere.flow_id, elsewhere.flow_token = browser.flow_id, browser.flow_token
    assert outcome(lambda: elsewhere.verify_contact(browser.code)) == "FlowExpiredError"
    assert browser.flow.attempts == 0


@pytest.mark.parametrize(("when", "said"), [("before", "SessionExpiredError"), ("in the middle", "FlowExpiredError")])
def test_a_contact_is_not_proven_once_every_session_has_ended(when: str, said: str, browser: Browser) -> None:
    if when == "before":
        browser.app.change_account(session_epoch=1)
    else:
        browser.app.store.meanwhile.append(lambda: browser.app.change_account(session_epoch=1))
    assert outcome(lambda: browser.verify_contact(browser.code)) == said
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}


def test_a_contacts_code_that_two_resends_overtook_proves_nothing(browser: Browser) -> None:
    browser.app.wait(60)
    browser.resend_contact()
    browser.app.wait(60)
    first = browser.app.code(browser.flow_id, 1)
    browser.app.store.meanwhile.append(browser.resend_contact)
    assert outcome(lambda: browser.verify_contact(first)) == "CodeRejectedError"
    assert browser.app.account().proven == {Channel.EMAIL: MAIL}
    assert browser.flow.state is FlowState.CODE_SENT


@pytest.mark.parametrize(
    ("mark", "left"),
    [(Deliverability.UNDELIVERABLE, {}), (Deliverability.COMPLAINED, {MAIL.value: Deliverability.COMPLAINED})],
)
def test_a_right_code_says_that_its_contact_is_reached_and_not_that_notices_are_wanted(
    mark: Deliverability, left: dict[str, Deliverability]
) -> None:
    app = service_of(deliverability={MAIL.value: mark})
    browser = Browser(app)
    assert browser.enter().deliverability == left
    browser.start(purpose=Purpose.PASSWORD_RESET)
    app.change_account(deliverability={MAIL.value: mark})
    app.deliver()
    browser.verify(browser.code, Purpose.PASSWORD_RESET)
    browser.reset_password()
    assert app.account().deliverability == left
