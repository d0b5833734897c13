"""What nobody on the site does: the functions that an event source or the help desk calls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from activation.domain.outbox import LEASE_SECONDS
from activation.domain.upload_keys import UPLOADED, Order
from tests.builders import CLAIRE as CORRESPONDENT
from tests.builders import ROSTER
from tests.functions import correspondents
from tests.functions.desk import CLAIRE
from tests.functions.people import DAY, LOUIS, LOUIS_MOBILE, flow_id
from tests.functions.reports import report_mail, report_sms, retry, sms_line
from tests.functions.requests import IN_A_MONTH
from tests.functions.roster_steps import carry_out, take_in_states, undo
from tests.functions.visitor import CONTEXT, Answer, Visitor, handler
from tests.functions.walks.acts import Act, latest_upload
from tests.functions.wire import ProcessKilledError, aws_error
from tests.functions.world import World
from tests.in_memory.states import by_number, said

MOST_HANDOVERS = 8


def let_the_worker_work(world: World) -> None:
    """Every message of the outbox reaches the worker, by the stream first, then by the queue that it puts some on.

    Time goes by as the queue waits. Fails when a message is not settled in the end: then it is lost.
    """
    for message_id in world.pending():
        _hand_over(world, message_id)
    _nothing_is_lost(world)


def let_the_queue_work(world: World) -> None:
    """The same, for messages that come from the queue alone, and whose provider fails at the first try."""
    world.wire.fail("SendEmail", aws_error("InternalFailure", 500), times=1)
    for message_id in world.pending():
        _hand_over_from_the_queue(world, message_id)
    _nothing_is_lost(world)


def _nothing_is_lost(world: World) -> None:
    left = [row["state"]["S"] for row in world.rows("outbox") if row["state"]["S"] not in ("sent", "dropped")]
    assert not left, f"messages are lost: {left}"


def _hand_over(world: World, message_id: str) -> None:
    heard = len(world.wire.done)
    while not _taken(lambda: world.stream(message_id)):
        continue  # the stream hands a batch over again until the function ends well
    for _ in range(MOST_HANDOVERS):
        delays = [
            asked["DelaySeconds"]
            for operation, asked in world.wire.done[heard:]
            if operation == "SendMessage" and asked["MessageBody"] == message_id and "DelaySeconds" in asked
        ]
        heard = len(world.wire.done)
        if not delays:
            return
        world.advance(max(delays))
        _hand_over_from_the_queue(world, message_id)


def _hand_over_from_the_queue(world: World, message_id: str) -> None:
    while not _taken(lambda: retry(world, message_id, 1)):
        world.advance(LEASE_SECONDS)


def _taken(hand_over: Callable[[], Any]) -> bool:
    """Whether the function ended well, and said of no message that it failed."""
    try:
        answer = hand_over()
    except (Exception, ProcessKilledError):  # noqa: BLE001  # whatever ends the function, its source tries again
        return False
    return not answer["batchItemFailures"]


DONE = Answer(200, {}, "")
"""What stands for the answer of a function that no person calls."""
TO_DO_AGAIN = Answer(503, {"Retry-After": ["5"], "Content-Type": ["application/json"]}, "{}")
"""The same, when it failed: whatever started it starts it again."""


def _work(world: World, _: Visitor) -> Answer:
    let_the_worker_work(world)
    return DONE


def _work_from_the_queue(world: World, _: Visitor) -> Answer:
    let_the_queue_work(world)
    return DONE


def _import(world: World, _: Visitor) -> Answer:
    rows = [ROSTER[0] | {"structure_name": "Mairie"}, ROSTER[1] | {"identifier": "10000008"}]
    return _started(lambda: world.import_rows(rows))


def _import_states(world: World, _: Visitor) -> Answer:
    rows = [by_number(_number(world), "settled", words="Vos titres sont repartis."), said("settled")]
    return _started(lambda: take_in_states(world, rows))


def _undo_states(world: World, _: Visitor) -> Answer:
    journals = [row["journal"]["M"] for row in world.rows("requests") if "journal" in row]
    names = {journal["import_id"]["S"] for journal in journals}
    return _started(lambda: [undo(world, {"import_id": name}) for name in sorted(names)])


def _purge(world: World, _: Visitor) -> Answer:
    world.advance(DAY)
    return _started(lambda: handler("purge_expired")({}, CONTEXT))


def _take(world: World, _: Visitor) -> Answer:
    return CLAIRE.ask("requests/take", LOUIS.identifier, number=_number(world))


def _ask(world: World, _: Visitor) -> Answer:
    asked = {"field": "la date", "because": "incomplet", "before": IN_A_MONTH}
    return CLAIRE.ask("requests/ask", LOUIS.identifier, number=_number(world), **asked)


def _number(world: World) -> str:
    rows = [row for row in world.rows("requests") if row["record"]["S"].startswith("R#")]
    [number] = [row["number"]["S"] for row in rows if row["origin"] == {"S": "person"}]
    return str(number)


def _bounce(world: World, _: Visitor) -> Answer:
    mail = world.wire.asked("SendEmail")[-1]
    [to], [tag] = mail["Destination"]["ToAddresses"], mail["EmailTags"]
    return _started(lambda: report_mail(tag["Value"], "bounce", to=to))


def _sms_fails(world: World, visitor: Visitor) -> Answer:
    rows = world.rows("outbox")
    [code] = [row for row in rows if row.get("flow_id") == {"S": flow_id(visitor)} and "channel" not in row]
    [pointer] = [row["message_id"]["S"] for row in rows if row.get("points_to") == code["message_id"]]
    provider_id = pointer.removeprefix("sent#")
    said = "Phone number is opted out"
    return _started(lambda: report_sms(sms_line("FAILURE", to=LOUIS_MOBILE, said=said, provider_id=provider_id)))


def _started(function: Callable[[], object]) -> Answer:
    try:
        function()
    except Exception:  # noqa: BLE001  # whatever it is, it is tried again
        return TO_DO_AGAIN
    return DONE


def _asked(name: str, path: str, *whom: str, **more: str) -> Act:
    """An agent asks that of the desk."""
    return Act(name, lambda _, __: CLAIRE.ask(path, *whom, **more))


def _ordered(order: Order) -> Act:
    """The machine carries out what a correspondent ordered for their latest file."""

    def do(world: World, _: Visitor) -> Answer:
        key = f"{UPLOADED}{correspondents.CLAIRE_FONTAINE.identifier}/{latest_upload(world)}/{order}"
        return _started(lambda: carry_out(world, key))

    return Act("import_roster", do)


WORK = Act("deliver_message", _work)
"""The worker gets what waits."""
FROM_THE_QUEUE = Act("deliver_message, from the queue", _work_from_the_queue)
SAME_WORK = replace(WORK, walked=False)
BOUNCE = Act("record_delivery", _bounce)
"""The last mail comes back."""
SMS_FAILS = Act("record_delivery", _sms_fails)
"""The SMS with the code finds a number that has opted out."""
IMPORT = Act("import_roster", _import)
IMPORT_STATES = Act("import_roster, a file of states", _import_states)
UNDO_STATES = Act("import_roster, a file of states undone", _undo_states)
CLEAN_UP = Act("purge_expired", _purge)
LOOK = _asked("support", "person", LOUIS.identifier)
TAKE = Act("support, taking a request", _take, walked=False)
ASK_TO_COMPLETE = Act("support, asking to complete", _ask, walked=False)
INVITE = _asked("support, inviting", "invitation", structure_id="S1", last_name="Fontaine", first_name="Claire")
UNLINK = _asked("support, unlinking", "unlinking", CORRESPONDENT, structure_id="S1")
UNLOCK = _asked("support, unlocking", "lock", LOUIS.identifier)
CHECK_FILE, APPLY_FILE, UNDO_FILE = map(_ordered, (Order.FILE, Order.APPLICATION, Order.UNDOING))
