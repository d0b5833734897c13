"""Who arrives with a correspondent's file: shown to an agent with what is on file of them, and taken in once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from activation.domain.accounts import Account, close
from activation.domain.errors import ImportNotFoundError, NoArrivalsError
from activation.domain.events import Event, EventKind
from activation.domain.upload_keys import UploadPaths
from activation.domain.uploads import Upload
from activation.imports import batches
from functions.support import arrivals
from functions.support.arrivals import MOST_SHOWN, Arrivals, OnFile
from functions.support.service import Call
from tests.builders import CLAIRE, NOW, active, entry, invited
from tests.in_memory import outcome
from tests.in_memory.declarations import InMemoryDeclarations
from tests.in_memory.roster import line
from tests.unit.refusals import failing, refused

ANNE = Call("anne", "Appel")
LATER = NOW + 60
Act = Callable[[InMemoryDeclarations, str], Arrivals]


def look(app: InMemoryDeclarations, import_id: str) -> Arrivals:
    return arrivals.look(app.arrival_ports, ANNE, import_id=import_id, context=app.context)


def admit(app: InMemoryDeclarations, import_id: str) -> Arrivals:
    return arrivals.admit(app.arrival_ports, ANNE, import_id=import_id, context=app.context)


def name(upload: Upload) -> str:
    return UploadPaths(upload.sender, upload.upload_id).import_id


def shown(seen: Arrivals) -> list[tuple[str, OnFile]]:
    return [(one.change.identifier, one.on_file) for one in seen.people]


def acts(app: InMemoryDeclarations) -> list[Event]:
    return [event for event in app.accounts.events.get(CLAIRE, []) if event.agent == ANNE.agent]


ON_FILE = [
    (None, OnFile.UNKNOWN),
    (invited(roster=entry(structure_id="S9")), OnFile.ELSEWHERE),
    (close(active(), now=NOW), OnFile.CLOSED),
]


@pytest.mark.parametrize(("person", "on_file"), ON_FILE)
def test_arrivals_are_shown_with_what_is_on_file_and_taken_in_once(person: Account | None, on_file: OnFile) -> None:
    app = InMemoryDeclarations(*[person] if person else [])
    upload = app.apply(app.send_in(line()))
    seen = look(app, name(upload))
    assert (seen.upload, shown(seen), seen.number, seen.is_done) == (upload, [("10000001", on_file)], 1, False)
    app.now = LATER
    done = admit(app, name(upload))
    assert done == Arrivals(replace(upload, admitted_at=LATER), seen.people, 1, is_done=True)
    order = UploadPaths(CLAIRE, upload.upload_id).arrivals
    assert (app.files.objects[order], app.files.kinds[order]) == (b"", "text/plain")
    app.carry_out(order)
    assert shown(look(app, name(upload))) == [("10000001", OnFile.THERE)]
    refused(NoArrivalsError, admit, app, name(upload))
    looked, admitted = EventKind.DESK_LOOKED, EventKind.DESK_ARRIVALS_ADMITTED
    lines = [(looked, NOW), (admitted, LATER), (looked, LATER)]
    assert acts(app) == [Event(kind, at, agent="anne", reason="Appel") for kind, at in lines]
    app.take_back(upload)
    assert look(app, name(upload)).is_done


@pytest.mark.parametrize("act", [look, admit])
def test_nobody_waits_before_a_file_is_applied_nor_once_it_is_taken_back(act: Act) -> None:
    app = InMemoryDeclarations(invited())
    changes_only = app.apply(app.send_in(line(first_name="Louis-Marie")))
    checked = app.send_in(line("10000002"))
    refused(NoArrivalsError, act, app, name(checked))
    taken_back = app.take_back(app.apply(checked))
    for upload in (changes_only, taken_back):
        refused(NoArrivalsError, act, app, name(upload))
    for unknown in (f"{name(checked)}-arrivals", name(replace(checked, sender="C00000001")), "20261124T093200Z"):
        refused(ImportNotFoundError, act, app, unknown)
    assert acts(app) == []


def test_a_look_shows_the_first_people_of_as_many_batches_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 60)
    app = InMemoryDeclarations()
    people = [f"3{number:07}" for number in range(150)]
    seen = look(app, name(app.apply(app.send_in(*map(line, people)))))
    assert (shown(seen), seen.number) == ([(one, OnFile.UNKNOWN) for one in people[:MOST_SHOWN]], 150)


def test_of_two_agents_at_once_one_takes_arrivals_in() -> None:
    app = InMemoryDeclarations()
    upload = app.apply(app.send_in(line()))
    app.store.meanwhile = [partial(admit, app, name(upload))]
    refused(NoArrivalsError, admit, app, name(upload))
    assert [event.kind for event in acts(app)] == [EventKind.DESK_ARRIVALS_ADMITTED]


NO_TABLE = [lambda: None, failing(OSError("no table"))]


@pytest.mark.parametrize(("then", "again"), [([], "ok"), (NO_TABLE, "NoArrivalsError")])
def test_arrivals_wait_as_before_when_the_order_cannot_be_put(
    then: list[Callable[[], object]], again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = InMemoryDeclarations()
    upload = app.apply(app.send_in(line()))
    app.store.meanwhile = list(then)
    with monkeypatch.context() as broken:
        broken.setattr(app.files, "write", failing(OSError("no bucket")))
        with pytest.raises(OSError, match="no bucket"):
            admit(app, name(upload))
    assert (app.upload(upload) == upload) is (again == "ok")
    assert outcome(lambda: admit(app, name(upload))) == again
