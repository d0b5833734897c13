"""A correspondent's file on the deployed import: the machine's steps, what they wrote, what they asked of AWS.

Each day another eighth of the import's calls fail, by turns done or not; in `make fuzz` each does, in both ways.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from activation import bootstrap
from activation.domain import uploads
from activation.domain.accounts import Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import ImportRunningError, StaleError
from activation.domain.findings import Finding
from activation.domain.limits import DAY_SECONDS
from activation.domain.upload_keys import UploadPaths
from activation.domain.upload_states import UploadState
from activation.domain.uploads import KEPT_SECONDS, ToConfirm, Upload, UploadProgress
from activation.imports import uploads as orders
from tests.builders import CLAIRE, ROSTER, row
from tests.exhaustive import IS_EXHAUSTIVE, is_due
from tests.functions.correspondents import claire_at_home, invite, stored
from tests.functions.desk import CLAIRE as AGENT
from tests.functions.desk import REASON, kinds
from tests.functions.people import LOUIS, LOUIS_MAIL
from tests.functions.roster_steps import carry_out, prepare, step, undo
from tests.functions.visitor import Answer
from tests.functions.wire import timeout
from tests.functions.world import World
from tests.in_memory.roster import as_csv

NEW = "louis@exemple.fr"
LOUIS_ROW = row("10000001", "Garcia", "Louis", email=NEW, mobile="0612345678")


@pytest.fixture(autouse=True)
def claire(world: World) -> None:
    claire_at_home(world)


def ports() -> orders.Ports:
    return orders.Ports(bootstrap.store(), bootstrap.uploads(), bootstrap.roster_files())


def send(world: World, rows: list[dict[str, str]], sender: str = CLAIRE) -> Upload:
    upload = orders.send(ports(), sender, ["S1"], as_csv(rows), context=bootstrap.request_context())
    carry_out(world, UploadPaths(sender, upload.upload_id).file)
    return now(upload)


def apply(world: World, upload: Upload, *confirmed: str) -> Upload:
    orders.apply(ports(), upload, confirmed, context=bootstrap.request_context())
    carry_out(world, UploadPaths(upload.sender, upload.upload_id).application)
    return now(upload)


def now(upload: Upload) -> Upload:
    read = bootstrap.uploads().get(upload.sender, upload.upload_id)
    assert read
    return read


def arrivals(upload: Upload, what: str = "arrivals") -> Answer:
    return AGENT.send(what, {"upload": UploadPaths(upload.sender, upload.upload_id).import_id, "reason": REASON})


def test_an_agent_takes_arrivals_in_of_which_everybody_who_answers_for_the_structure_is_told(world: World) -> None:
    invite(world, identifier="C00000002", email="colleague@exemple.fr", mail_key="other")
    checked = send(world, [row("20000001", "Lefèvre", "Zoé"), *ROSTER])
    assert arrivals(checked).said == (409, "no-arrivals")
    assert AGENT.send("arrivals", {"upload": "x", "reason": REASON}).status == 422
    applied = apply(world, checked)
    assert (applied.counts["arrivals"], world.profile("20000001")) == (1, {})
    told = {message.to for message in world.deliver() if ": 1 entrée à confirmer." in message.text}
    assert told == {"claire.fontaine@mondomaine.com", "colleague@exemple.fr"}
    seen = arrivals(applied)
    assert (seen.status, seen.body["number"], seen.body["is_done"]) == (200, 1, False)
    [zoe] = seen.body["people"]
    assert (zoe["identifier"], zoe["last_name"], zoe["on_file"]) == ("20000001", "Lefèvre", "unknown")
    assert arrivals(applied, "arrivals/confirmation").body["is_done"]
    assert "file_applied" in kinds(world, CLAIRE)
    taken = carry_out(world, UploadPaths(CLAIRE, applied.upload_id).arrivals)
    assert world.profile("20000001")["roster"]["M"]["structure_id"]["S"] == "S1"
    undo(world, taken)
    assert world.profile("20000001") == {}


def test_an_operator_takes_back_what_a_correspondent_who_was_unlinked_did(world: World) -> None:
    """And with it the quarantine that the file made, and no other."""
    louis = stored(world, LOUIS.identifier)
    other = QuarantinedContact(Contact(Channel.SMS, "+33612345678"), world.now + DAY_SECONDS, "karim")
    bootstrap.store().commit(
        bootstrap.accounts().save(replace(louis, owner=replace(louis.beneficiary, quarantine=(other,))))
    )

    def waiting() -> list[str]:
        return [one["M"]["contact"]["M"]["value"]["S"] for one in world.profile()["quarantine"]["L"]]

    applied = apply(world, send(world, [LOUIS_ROW, *ROSTER[1:]]))
    assert (applied.state, applied.progress.done) == (UploadState.APPLIED, 1)
    assert waiting() == ["+33612345678", NEW]
    bootstrap.store().commit(bootstrap.accounts().save(replace(stored(world), status=Status.CLOSED)))
    for _ in range(2):
        undo(world, {"import_id": UploadPaths(CLAIRE, applied.upload_id).import_id})
        assert (now(applied).state, waiting()) == (UploadState.UNDONE, ["+33612345678"])
        assert world.profile()["roster"]["M"]["email"]["S"] == LOUIS_MAIL


def test_what_fails_for_good_is_told(world: World) -> None:
    checked = send(world, [LOUIS_ROW, *ROSTER[1:]])
    applying = orders.apply(ports(), checked, [], context=bootstrap.request_context())
    key = UploadPaths(CLAIRE, applying.upload_id).application
    assert step("give-up", order={"detail": {"object": {"key": key}}}) == {}
    assert now(checked).state is UploadState.FAILED
    again = send(world, [LOUIS_ROW, *ROSTER[1:]])
    orders.apply(ports(), again, [], context=bootstrap.request_context())
    begun = prepare(UploadPaths(CLAIRE, again.upload_id).application)
    step("report", does=begun["does"], import_id=begun["import_id"], failed=True)
    assert now(again).state is UploadState.FAILED
    assert step("give-up", order={"undo": "x"}) == {}


@pytest.mark.parametrize("was_done", [(False,), (True,)] if IS_EXHAUSTIVE else [(False, True)])
def test_wherever_the_import_fails_its_next_try_ends_as_if_none_had(world: World, was_done: Sequence[bool]) -> None:
    rows = [{**ROSTER[0], "usage_name": "Lopez"}, row("20000001", "Lefèvre", "Zoé"), *ROSTER[1:]]
    was_interrupted, due = True, 0
    while was_interrupted:
        due += 1
        if not is_due(due, one_in=8):
            continue
        after = was_done[due // 8 % len(was_done)]
        upload = orders.send(ports(), CLAIRE, ["S1"], as_csv(rows), context=bootstrap.request_context())
        paths = UploadPaths(CLAIRE, upload.upload_id)
        was_interrupted = _again(world, paths.file, due, after=after)
        checked = now(upload)
        assert (checked.state, checked.counts["updated"], checked.counts["arrivals"]) == (UploadState.CHECKED, 1, 1)
        orders.apply(ports(), checked, [], context=bootstrap.request_context())
        was_interrupted |= _again(world, paths.application, due, after=after)
        applied = now(upload)
        assert (applied.state, applied.counts) == (UploadState.APPLIED, checked.counts)
        assert world.profile()["roster"]["M"]["usage_name"]["S"] == "Lopez"
        orders.take_back(ports(), applied, context=bootstrap.request_context())
        was_interrupted |= _again(world, paths.undoing, due, after=after)
        assert (now(upload).state, now(upload).stayed) == (UploadState.UNDONE, 0)
        assert world.profile()["roster"]["M"]["usage_name"]["S"] == ""
        assert world.profile("20000001") == {}
    assert due > 10


def _again(world: World, key: str, due: int, *, after: bool) -> bool:
    """Take the machine's steps; if the call number `due` fails, again from the start. Whether one did."""
    world.wire.interrupt(due, timeout, after=after)
    try:
        carry_out(world, key)
    except Exception:  # noqa: BLE001  # whatever it is, the machine tries again
        world.wire.mend()
        carry_out(world, key)
        return True
    world.wire.mend()
    return False


# What stands in the table


def sent() -> Upload:
    return orders.send(ports(), CLAIRE, ["S1", "S2"], b"nom", context=bootstrap.request_context())


def save(before: Upload, after: Upload) -> Upload:
    bootstrap.store().commit(bootstrap.uploads().save(before, after))
    return after


def test_all_of_an_upload_is_kept(world: World) -> None:
    upload = sent()
    counts, waiting = {"updated": 3, "arrivals": 2}, [ToConfirm("departures", "Structure S1 : 4 départs")]
    found = [Finding(2, "nom", "vide"), Finding(None, "", "Colonnes ignorées : âge.")]
    checked = uploads.checked(upload, structures=["S1"], counts=counts, findings=found, confirm=waiting, now=world.now)
    save(upload, checked)
    assert bootstrap.uploads().get(CLAIRE, upload.upload_id) == checked
    row = world.row("accounts", identifier=CLAIRE, record=f"UPLOAD#{upload.upload_id}")
    assert int(row["erase_at"]["N"]) == world.now + KEPT_SECONDS


def test_a_step_that_has_gone_on_and_an_agent_s_word_are_written_once(world: World) -> None:
    upload = sent()
    applied = save(upload, uploads.applied(upload, {"arrivals": 1}, now=world.now))
    with pytest.raises(StaleError):
        save(upload, uploads.failed(upload, now=world.now))
    admitted = save(applied, uploads.admitted(applied, now=world.now))
    with pytest.raises(StaleError):
        save(applied, admitted)
    save(admitted, uploads.to_undo(admitted, now=world.now))


def test_progress_is_counted_while_the_step_is_under_way_and_not_after(world: World) -> None:
    upload = sent()
    counted = save(upload, uploads.counted(upload, 31))
    bootstrap.uploads().go_on(counted, 20)
    read = now(upload)
    assert read.progress == UploadProgress(20, 31)
    save(read, uploads.refused(read, [], now=world.now))
    bootstrap.uploads().go_on(counted, 5)
    assert bootstrap.uploads().latest(CLAIRE, most=1)[0].progress == UploadProgress(31, 31)


def test_one_runs_at_a_time_and_one_that_is_gone_holds_nothing_up(world: World) -> None:
    first = sent()
    with pytest.raises(ImportRunningError):
        sent()
    world.advance(30 * DAY_SECONDS)
    world.deployment.dynamodb.delete_item(
        TableName="accounts", Key={"identifier": {"S": CLAIRE}, "record": {"S": f"UPLOAD#{first.upload_id}"}}
    )
    assert sent().upload_id != first.upload_id


def test_no_step_begins_beside_one_of_the_latest_upload_that_began_meanwhile(world: World) -> None:
    ended = []
    for _ in range(2):
        upload = sent()
        checked = uploads.checked(upload, structures=["S1"], counts={}, findings=[], confirm=[], now=world.now)
        ended.append(save(upload, checked))
        world.advance(60)
    earlier, latest = ended
    assert bootstrap.uploads().last_begun(CLAIRE) == latest
    assert [bootstrap.uploads().latest(CLAIRE, most=most) for most in (1, 2)] == [[latest], [latest, earlier]]
    orders.apply(ports(), latest, [], context=bootstrap.request_context())
    applying = uploads.to_apply(earlier, [], now=world.now)
    with pytest.raises(StaleError):
        bootstrap.store().commit(
            bootstrap.uploads().save(earlier, applying), *bootstrap.uploads().begin(applying, latest)
        )
