"""Messages to send."""

from activation.domain.contacts import Channel
from activation.domain.flows import Purpose, add_code
from activation.domain.limits import DAY_SECONDS, Limits
from activation.domain.outbox import MessageKind, OutboxMessage, code_message_for, lock_notice_for, notices_for
from functions.deliver_message.service import Outcome
from tests.builders import NOW, flow, invited
from tests.fakes.random import FakeRandom
from tests.unit.deliveries import started


def test_a_codes_message_names_its_flow_its_throttle_key_and_its_number_and_dies_with_the_code() -> None:
    again = add_code(flow(), digits=6, now=NOW + 60, limits=Limits())
    message = code_message_for(again, "m-1", now=NOW + 60)
    assert message == OutboxMessage(
        "m-1", MessageKind.CODE, "10000001", NOW + 60, NOW + 960, "f-1", 2, again.purpose, again.throttle_key
    )


def test_a_notice_goes_to_each_channel_and_is_worth_sending_for_a_day() -> None:
    notices = notices_for(MessageKind.PASSWORD_CHANGED, "10000001", [Channel.EMAIL, Channel.SMS], FakeRandom(), now=NOW)
    assert [notice.channel for notice in notices] == [Channel.EMAIL, Channel.SMS]
    assert {notice.dies_at for notice in notices} == {NOW + DAY_SECONDS}
    assert len({notice.message_id for notice in notices}) == 2


def test_the_notice_of_a_lock_goes_to_whoever_answers_to_the_flow() -> None:
    notice = lock_notice_for(flow(Purpose.SIGN_IN), "m-1", now=NOW)
    assert (notice.kind, notice.flow_id, notice.code_number) == (MessageKind.TOO_MANY_WRONG_CODES, "f-1", None)
    assert notice.dies_at == NOW + DAY_SECONDS


def test_a_row_may_go_after_a_day() -> None:
    assert code_message_for(flow(), "m-1", now=NOW).expires_at == NOW + DAY_SECONDS


def test_a_message_that_another_worker_settles_meanwhile_is_settled() -> None:
    app = started(invited()).app
    [message] = app.outbox.pending
    app.store.meanwhile.append(lambda: app.store.commit(app.outbox.drop(message.message_id, now=NOW)))
    assert app.deliver() == [Outcome.SETTLED]
