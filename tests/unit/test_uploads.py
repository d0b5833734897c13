"""The files of correspondents: one at a time, each step in its time, nothing without its confirmation."""

from dataclasses import replace
from functools import partial

import pytest

from activation.domain import uploads
from activation.domain.errors import DomainError, ImportRunningError, NextStep, NotConfirmedError, WrongStepError
from activation.domain.findings import Finding, Nature
from activation.domain.limits import DAY_SECONDS
from activation.domain.ports import Write
from activation.domain.upload_keys import UploadPaths
from activation.domain.upload_states import UploadState
from activation.domain.uploads import LAPSE_SECONDS, ToConfirm, Upload
from activation.imports import uploads as orders
from tests.builders import NOW
from tests.fakes.random import FakeRandom
from tests.in_memory.declarations import InMemoryDeclarations
from tests.unit.refusals import failing, refused

SENDER = "C40218866"
LATER = NOW + 60
DEPARTURES = ToConfirm(uploads.Confirmation.DEPARTURES, "Structure S1 : 4 départs ou fins prévues sur 20 personnes")


def sent() -> Upload:
    return uploads.new_upload(SENDER, ["S1"], FakeRandom(), now=NOW)


def checked(*confirm: ToConfirm, **counts: int) -> Upload:
    return uploads.checked(sent(), structures=["S1"], counts=counts, findings=[], confirm=confirm, now=LATER)


def applied(**counts: int) -> Upload:
    return uploads.applied(uploads.to_apply(checked(), [], now=LATER), counts, now=LATER)


def test_an_upload_s_id_begins_with_its_time_so_that_ids_stand_in_order_and_its_objects_under_its_sender() -> None:
    random = FakeRandom()
    first, second = (uploads.new_upload(SENDER, ["S1"], random, now=now) for now in (NOW, NOW + 1))
    assert first.upload_id.startswith("20261124T093200Z-")
    assert sorted([second.upload_id, first.upload_id]) == [first.upload_id, second.upload_id]
    assert (first.state, first.sent_at, first.since, first.structures) == (UploadState.CHECKING, NOW, NOW, ("S1",))
    paths, own = UploadPaths(SENDER, "U"), "correspondents/C40218866/U/"
    assert (paths.file, paths.application, paths.undoing) == (f"{own}file", f"{own}application", f"{own}undoing")
    assert paths.arrivals == "arrivals/C40218866/U/arrivals"


def test_a_check_is_counted_and_ends_with_what_was_found() -> None:
    upload = uploads.counted(sent(), 31)
    assert (upload.progress, upload.state) == (uploads.UploadProgress(0, 31), UploadState.CHECKING)
    found = [Finding(row, "nom", "vide") for row in range(201)]
    ended = uploads.checked(
        upload, structures=["S1"], counts={"updated": 3}, findings=found, confirm=[DEPARTURES], now=LATER
    )
    assert (ended.state, ended.since, ended.counts) == (UploadState.CHECKED, LATER, {"updated": 3})
    assert (ended.confirm, ended.findings) == ((DEPARTURES,), tuple(found[:200]))
    unread = uploads.refused(upload, found, now=LATER)
    assert (unread.state, unread.since, unread.findings) == (UploadState.REFUSED, LATER, tuple(found[:200]))
    assert uploads.to_apply(ended, ["departures"], now=LATER).progress == uploads.UploadProgress()
    broken = uploads.failed(upload, now=LATER)
    assert (broken.since, broken.progress) == (LATER, upload.progress)


NATURES = [
    (Nature.REFUSED, "Refusé : vide"),
    (Nature.REMARK, "Remarque : vide"),
    (Nature.WAITS, "En attente : vide"),
    (Nature.OF_FILE, "vide"),
    ("", "vide"),
]


@pytest.mark.parametrize(("nature", "words"), NATURES)
def test_what_is_found_begins_with_what_it_means_for_its_row(nature: str, words: str) -> None:
    assert Finding(2, "nom", "vide", nature).words == words


ENDS = [
    (sent(), LAPSE_SECONDS, UploadState.FAILED),
    (checked(), DAY_SECONDS, UploadState.EXPIRED),
    (uploads.to_apply(checked(), [], now=LATER), LAPSE_SECONDS, UploadState.FAILED),
    (uploads.to_undo(applied(), now=LATER), LAPSE_SECONDS, UploadState.FAILED),
    (applied(), 30 * DAY_SECONDS, UploadState.APPLIED),
]
RUNNING = (UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING)


@pytest.mark.parametrize(("upload", "ends_after", "then"), ENDS)
def test_what_takes_too_long_fails_and_what_waits_expires(upload: Upload, ends_after: int, then: UploadState) -> None:
    until = upload.since + ends_after
    assert upload.state_at(until - 1) is upload.state
    assert upload.state_at(until) is then
    assert (upload.is_running(LATER), upload.is_running(until)) == (upload.state in RUNNING, False)
    if upload.state is not UploadState.APPLIED:
        assert upload.expires_at == until


def test_nothing_is_applied_before_all_that_waits_is_confirmed() -> None:
    renamings = ToConfirm(uploads.Confirmation.RENAMINGS, "Structure S2 : 5 changements de nom sur 9 personnes")
    upload = checked(DEPARTURES, renamings)
    for confirmed in ([], ["departures"], ["renamings", "changes"]):
        refused(NotConfirmedError, uploads.to_apply, upload, confirmed, now=LATER)
    assert uploads.to_apply(upload, ["renamings", "departures"], now=LATER).state is UploadState.APPLYING


NOT_FRESH = [
    sent(),
    replace(checked(), since=LATER - DAY_SECONDS),
    uploads.refused(sent(), [], now=LATER),
    applied(),
    uploads.failed(sent(), now=LATER),
]


@pytest.mark.parametrize("upload", NOT_FRESH)
def test_only_a_fresh_check_is_applied(upload: Upload) -> None:
    assert refused(WrongStepError, uploads.to_apply, upload, [], now=LATER).next_step is NextStep.HOME


def test_what_is_applied_can_be_taken_back_for_a_day_and_its_arrivals_taken_in_once() -> None:
    upload = applied(updated=2)
    assert (upload.applied_at, upload.undo_until, upload.counts) == (LATER, LATER + DAY_SECONDS, {"updated": 2})
    undone = uploads.undone(uploads.to_undo(upload, now=LATER + DAY_SECONDS - 1), stayed=1, now=LATER + DAY_SECONDS)
    assert (undone.state, undone.stayed, undone.undo_until) == (UploadState.UNDONE, 1, None)
    assert undone.since == LATER + DAY_SECONDS
    for too_late, now in ((upload, LATER + DAY_SECONDS), (undone, LATER), (checked(), LATER)):
        assert refused(WrongStepError, uploads.to_undo, too_late, now=now).next_step is NextStep.HOME
    admitted = uploads.admitted(applied(arrivals=2), now=LATER)
    assert admitted.admitted_at == LATER
    for other in (admitted, applied(arrivals=0), applied(), checked(arrivals=2)):
        assert refused(WrongStepError, uploads.admitted, other, now=LATER).next_step is NextStep.HOME


class Desk(InMemoryDeclarations):
    """Orders, and what becomes of them."""

    def order(self, body: bytes = b"a") -> Upload:
        return orders.send(self.upload_ports, SENDER, ["S1"], body, context=self.context)

    def end(self, upload: Upload, state: UploadState) -> Upload:
        ended = self.uploads.rows[SENDER, upload.upload_id] = replace(self.upload(upload), state=state, since=self.now)
        return ended


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_no_file_is_sent_while_another_runs_for_three_hours_at_most_nor_applied_nor_taken_back(desk: Desk) -> None:
    first = desk.end(desk.order(), UploadState.APPLIED)
    second = desk.end(desk.order(), UploadState.CHECKED)
    third = desk.order()
    apply = partial(orders.apply, desk.upload_ports, second, [], context=desk.context)
    for act in (desk.order, apply, partial(orders.take_back, desk.upload_ports, first, context=desk.context)):
        assert refused(ImportRunningError, act).retry_at == NOW + LAPSE_SECONDS
    desk.end(third, UploadState.REFUSED)
    orders.apply(desk.upload_ports, second, [], context=desk.context)
    assert UploadPaths(SENDER, second.upload_id).application in desk.files.objects
    desk.now += LAPSE_SECONDS
    undoing = orders.take_back(desk.upload_ports, first, context=desk.context)
    assert (undoing.state, desk.uploads.get(SENDER, first.upload_id)) == (UploadState.UNDOING, undoing)
    assert UploadPaths(SENDER, first.upload_id).undoing in desk.files.objects


def test_of_two_files_sent_at_once_one_is_taken_each_written_before_its_file(desk: Desk) -> None:
    other: list[Upload] = []
    desk.store.meanwhile = [lambda: other.append(desk.order(b"b"))]
    refused(ImportRunningError, desk.order)
    assert [upload.upload_id for upload in other] == [upload_id for _, upload_id in desk.uploads.rows]
    desk.end(other[0], UploadState.REFUSED)
    desk.store.meanwhile = [lambda: desk.files.objects.update({"when the upload was written": b""})]
    upload = desk.order(b"nom;prenom")
    assert desk.uploads.get(SENDER, upload.upload_id) == upload
    assert list(desk.files.objects)[1:] == ["when the upload was written", UploadPaths(SENDER, upload.upload_id).file]


AT_ONCE = [("sent", ImportRunningError), ("applied", ImportRunningError), ("the same", DomainError)]


@pytest.mark.parametrize(("begins", "refusal"), AT_ONCE)
def test_of_an_order_and_another_step_at_once_one_is_taken(begins: str, refusal: type[DomainError], desk: Desk) -> None:
    earlier = desk.end(desk.order(), UploadState.CHECKED)
    latest = desk.end(desk.order(), UploadState.CHECKED)
    order = partial(orders.apply, desk.upload_ports, latest, [], context=desk.context)
    another = partial(orders.apply, desk.upload_ports, earlier, [], context=desk.context)
    acts = {"sent": partial(desk.order), "applied": another, "the same": order}
    desk.store.meanwhile = [order]
    refused(refusal, acts[begins])
    assert [upload.upload_id for upload in desk.uploads.rows.values() if upload.is_running(NOW)] == [latest.upload_id]


def test_a_file_that_cannot_be_put_has_failed_and_another_may_be_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    with monkeypatch.context() as broken:
        broken.setattr(desk.files, "write", failing(OSError("no bucket")))
        with pytest.raises(OSError, match="no bucket"):
            desk.order()
    [upload] = desk.uploads.latest(SENDER, most=5)
    assert (upload.state, upload.since, desk.files.objects) == (UploadState.FAILED, NOW, {})
    assert desk.order().state is UploadState.CHECKING


def test_an_order_that_cannot_be_put_leaves_the_upload_as_it_was(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    applied = desk.end(desk.order(), UploadState.APPLIED)
    checked = desk.end(desk.order(), UploadState.CHECKED)
    monkeypatch.setattr(desk.files, "write", failing(OSError("no bucket")))
    for upload, order in (
        (checked, partial(orders.apply, desk.upload_ports, checked, [], context=desk.context)),
        (applied, partial(orders.take_back, desk.upload_ports, applied, context=desk.context)),
    ):
        with pytest.raises(OSError, match="no bucket"):
            order()
        assert desk.uploads.get(SENDER, upload.upload_id) == upload
    monkeypatch.setattr(desk.files, "write", failing(OSError("the first")))
    desk.store.meanwhile = [lambda: None, failing(OSError("no table"))]
    with pytest.raises(OSError, match="the first"):
        desk.order()


def test_a_step_that_was_written_though_it_seemed_to_fail_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    commit = desk.store.commit

    def written_and_lost(*writes: Write) -> None:
        commit(*writes)
        monkeypatch.setattr(desk.store, "commit", commit)
        raise TimeoutError

    monkeypatch.setattr(desk.store, "commit", written_and_lost)
    refused(TimeoutError, desk.order)
    assert [upload.state for upload in desk.uploads.latest(SENDER, most=5)] == [UploadState.FAILED]
    assert desk.order().state is UploadState.CHECKING
