"""What a correspondent's upload is in its table: by its sender alone, one step at a time, gone after thirty days."""

import pytest

from activation import bootstrap
from activation.domain import uploads
from activation.domain.errors import ImportRunningError, StaleError
from activation.domain.limits import DAY_SECONDS
from activation.domain.uploads import KEPT_SECONDS, Finding, Progress, ToConfirm, Upload
from activation.imports import uploads as orders
from tests.builders import context
from tests.functions.test_correspondent_uploads import ports
from tests.functions.world import World

SENDER = "C40218866"


def send(world: World, body: bytes = b"nom") -> Upload:
    return orders.send(ports(), SENDER, ["S1", "S2"], body, context=context()._replace(now=world.now))


def save(before: Upload, after: Upload) -> Upload:
    bootstrap.store().commit(bootstrap.uploads().save(before, after))
    return after


def test_all_of_an_upload_is_kept(world: World) -> None:
    upload = send(world)
    counts, waiting = {"updated": 3, "arrivals": 2}, [ToConfirm("departures", "Structure S1 : 4 départs")]
    found = [Finding(2, "nom", "vide"), Finding(None, "", "Colonnes ignorées : âge.")]
    checked = uploads.checked(upload, structures=["S1"], counts=counts, findings=found, confirm=waiting, now=world.now)
    save(upload, checked)
    assert bootstrap.uploads().get(SENDER, upload.upload_id) == checked
    row = world.row("accounts", identifier=SENDER, record=f"UPLOAD#{upload.upload_id}")
    assert int(row["erase_at"]["N"]) == world.now + KEPT_SECONDS


def test_a_step_that_has_gone_on_and_an_agent_s_word_are_written_once(world: World) -> None:
    upload = send(world)
    applied = save(upload, uploads.applied(upload, {"arrivals": 1}, now=world.now))
    with pytest.raises(StaleError):
        save(upload, uploads.failed(upload, now=world.now))
    admitted = save(applied, uploads.admitted(applied, now=world.now))
    with pytest.raises(StaleError):
        save(applied, admitted)
    save(admitted, uploads.to_undo(admitted, now=world.now))


def test_progress_is_counted_while_the_step_is_under_way_and_not_after(world: World) -> None:
    upload = send(world)
    counted = save(upload, uploads.counted(upload, 31))
    bootstrap.uploads().go_on(counted, 20)
    read = bootstrap.uploads().get(SENDER, upload.upload_id)
    assert read
    assert read.progress == Progress(20, 31)
    save(read, uploads.refused(read, [], now=world.now))
    bootstrap.uploads().go_on(counted, 5)
    assert bootstrap.uploads().latest(SENDER, most=1)[0].progress == Progress(31, 31)


def test_one_runs_at_a_time_and_one_that_is_gone_holds_nothing_up(world: World) -> None:
    first = send(world)
    with pytest.raises(ImportRunningError):
        send(world)
    world.advance(30 * DAY_SECONDS)
    world.deployment.dynamodb.delete_item(
        TableName="accounts", Key={"identifier": {"S": SENDER}, "record": {"S": f"UPLOAD#{first.upload_id}"}}
    )
    assert send(world).upload_id != first.upload_id


def test_no_step_begins_beside_one_of_the_latest_upload_that_began_meanwhile(world: World) -> None:
    ended = []
    for _ in range(2):
        upload = send(world)
        checked = uploads.checked(upload, structures=["S1"], counts={}, findings=[], confirm=[], now=world.now)
        save(upload, checked)
        ended.append(checked)
        world.advance(60)
    earlier, latest = ended
    assert bootstrap.uploads().last_begun(SENDER) == latest
    assert [bootstrap.uploads().latest(SENDER, most=most) for most in (1, 2)] == [[latest], [latest, earlier]]
    orders.apply(ports(), latest, [], context=context()._replace(now=world.now))
    applying = uploads.to_apply(earlier, [], now=world.now)
    with pytest.raises(StaleError):
        bootstrap.store().commit(
            bootstrap.uploads().save(earlier, applying), *bootstrap.uploads().begin(applying, latest)
        )
