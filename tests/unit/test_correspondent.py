"""What a correspondent's calls do, over fakes: whose structures, whose people, whose files."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import RosterEntry, Structure
from activation.domain.errors import RowRejectedError
from activation.domain.limits import DAY_SECONDS
from activation.domain.people_search import MOST_PAGES_OF_NOBODY, PAGE_PEOPLE, Lack, Numbers, Places, Search
from activation.domain.roster.columns import Column
from activation.domain.roster.declared import version_of
from activation.domain.roster.rows import Fault
from activation.domain.sessions import Session, open_session
from activation.domain.upload_states import UploadState
from activation.domain.uploads import Changed, Upload
from activation.imports import single_row, uploads
from activation.imports.single_row import TypedRow
from functions.correspondent import service
from functions.correspondent.service import ShownUpload
from functions.correspondent.views import upload_body
from tests.builders import CLAIRE, NOW, TEXTS, active, active_correspondent, entry, invited
from tests.fakes.declared_people import FakeDeclaredPeople
from tests.fakes.links import FakeLinks
from tests.fakes.uploads import FakeUploads
from tests.unit.in_memory import outcome
from tests.unit.in_memory_roster import InMemoryRosterService
from tests.unit.refusals import refused

TOKEN = "session-hash"


class Reads:
    """The port `StructureReads` over the fakes; `calls` counts them."""

    def __init__(self, desk: "Space") -> None:
        self._desk = desk
        self.calls = 0

    def session_and_structure(
        self, token_hash: str, structure_id: str
    ) -> tuple[Session | None, LinkedStructure | None]:
        self.calls += 1
        return self._desk.app.sessions.get(token_hash), self._desk.links.structures([structure_id]).get(structure_id)

    def account_and_people(self, identifier: str, people: Sequence[str]) -> tuple[Account | None, list[Account]]:
        self.calls += 1
        rows = self._desk.app.accounts.rows
        return rows.get(identifier), [rows[one] for one in people if one in rows]


class Space:
    """Claire's session, and what her calls need. She answers for S1; there is S2 besides."""

    def __init__(self, *people: Account, claire: Account | None = None) -> None:
        self.app = app = InMemoryRosterService(*people)
        self.claire = claire or active_correspondent()
        app.accounts.add(self.claire)
        self.links, self.uploads, self.reads = FakeLinks(app.structures), FakeUploads(), Reads(self)
        for name in ("S1", "S2"):
            structure = app.structures.rows[name] = Structure(name, f"Mairie {name}")
            correspondents = (CLAIRE,) if name == "S1" else ()
            self.links.rows[name] = LinkedStructure(structure, correspondents)
        session = open_session(
            TOKEN, "s-1", identifier=self.claire.identifier, structure_id="", epoch=0, now=NOW, limits=app.limits
        )
        app.store.commit(app.sessions.open(session))
        read = app.sessions, app.accounts, self.links, self.reads, FakeDeclaredPeople(app.accounts)
        orders = partial(uploads.Ports, app.store, self.uploads, app.files)
        self.ports = service.Ports(*read, app.counters, self.uploads, orders, _no_rows)

    def search(self, structure: str = "S1", *, identifier: str | None = None, **wanted: Any) -> list[str]:
        return [account.identifier for account in self.found(structure, identifier=identifier, **wanted).people]

    def found(
        self, structure: str = "S1", *, identifier: str | None = None, after: Places | None = None, **wanted: Any
    ) -> service.FoundPeople:
        wants, context = Search(structure, **wanted), self.app.context
        return service.search(
            self.ports, TOKEN, wants, identifier=identifier, after=after, texts=TEXTS, context=context
        )

    def send(self, body: bytes = b"nom") -> Upload:
        return service.send_file(self.ports, TOKEN, body, texts=TEXTS, context=self.app.context)

    def home(self) -> service.Home:
        return service.show_home(self.ports, TOKEN, page=1, texts=TEXTS, context=self.app.context)

    def unlink(self, structure_id: str) -> None:
        self.links.rows[structure_id] = replace(self.links.rows[structure_id], correspondents=())

    def save(self, upload: Upload, **more: Any) -> Upload:
        """Let the import write the upload so."""
        changed = replace(upload, **more)
        self.app.store.commit(self.uploads.save(upload, changed))
        return changed

    def show(self, upload_id: str) -> Upload:
        return self.followed(upload_id).upload

    def followed(self, upload_id: str) -> service.ShownUpload:
        return service.show_upload(self.ports, TOKEN, upload_id, texts=TEXTS, context=self.app.context)


def _no_rows() -> single_row.Ports:
    raise AssertionError("nothing is changed here")


def test_the_home_counts_the_people_of_the_structures_that_both_rows_name() -> None:
    space = Space(invited("1"), invited("2", roster=entry(email="", mobile="")), invited("3", has_bounced=True))
    home = space.home()
    assert [(linked.structure_id, numbers) for linked, numbers in home.structures] == [("S1", Numbers(3, 1, 1))]
    assert (home.uploads, home.after) == ([], None)
    space.unlink("S1")
    assert space.home().structures == []


def test_people_are_those_of_the_structure_as_they_are_read_now() -> None:
    elsewhere, closed = invited("2", roster=entry(structure_id="S2")), invited("3", status=Status.CLOSED)
    space = Space(invited("1"), elsewhere, closed, active("4", roster=entry(email="", mobile="")))
    assert (space.search(), space.search(lack=Lack.CONTACT)) == (["1", "4"], ["4"])
    assert space.search(identifier="1") == ["1"]
    assert [space.search(identifier=other) for other in ("2", "3", "9", CLAIRE)] == [[], [], [], []]
    assert outcome(lambda: space.search("S2")) == outcome(lambda: space.search("S3")) == "NotFoundError"


def test_one_call_passes_over_ten_pages_of_people_who_left_at_most() -> None:
    left = [invited(f"{number:03}", status=Status.CLOSED) for number in range(MOST_PAGES_OF_NOBODY * PAGE_PEOPLE)]
    space = Space(*left[:120], invited("500"))
    assert (space.search(), space.reads.calls) == (["500"], 1 + 3)
    space = Space(*left, invited("900"))
    first = space.found()
    assert (first.people, space.reads.calls) == ([], 1 + MOST_PAGES_OF_NOBODY)
    assert [account.identifier for account in space.found(after=first.after).people] == ["900"]


REFUSED = [
    (active_correspondent(terms=None), "WrongStepError accept_terms"),
    (active_correspondent(session_epoch=1), "SessionExpiredError"),
    (active_correspondent(status=Status.CLOSED), "SessionExpiredError"),
    (active(), "NotYourAccountError"),
]


@pytest.mark.parametrize(("claire", "said"), REFUSED)
def test_every_call_looks_first_at_whose_session_it_is(claire: Account, said: str) -> None:
    space = Space(invited("1"), claire=claire)
    typed = TypedRow("1", version_of(entry()), {Column.FIRST_NAME: "Lou"})
    context = space.app.context
    calls = (
        space.search,
        space.send,
        space.home,
        lambda: space.show("x"),
        lambda: service.change_row(space.ports, TOKEN, typed, texts=TEXTS, context=context),
        lambda: service.read_report(space.ports, TOKEN, "x", texts=TEXTS, context=context),
        lambda: service.apply_upload(space.ports, TOKEN, "x", [], texts=TEXTS, context=context),
        lambda: service.undo_upload(space.ports, TOKEN, "x", texts=TEXTS, context=context),
    )
    assert {outcome(call) for call in calls} == {said}


def test_nobody_has_a_session_without_a_token_or_past_its_end() -> None:
    space = Space()
    search = partial(service.search, space.ports, identifier=None, after=None, texts=TEXTS, context=space.app.context)
    for token in (None, "another"):
        call = partial(search, token, Search("S1"))
        assert outcome(call) == "SessionExpiredError"
    space.app.now += space.app.limits.session_idle_seconds
    assert outcome(space.search) == outcome(lambda: space.show("x")) == "SessionExpiredError"


def test_a_file_is_sent_in_the_name_of_the_structures_of_that_moment_and_shown_while_one_is_theirs() -> None:
    space = Space()
    upload = space.send()
    assert (upload.structures, space.show(upload.upload_id)) == (("S1",), upload)
    seen = space.app.sessions.get(TOKEN)
    space.app.now += 600
    space.show(upload.upload_id)
    assert space.app.sessions.get(TOKEN) == seen
    changes_nobody = space.save(upload, state=UploadState.CHECKED, structures=())
    assert space.show(upload.upload_id) == changes_nobody
    space.unlink("S1")
    assert outcome(lambda: space.show(upload.upload_id)) == outcome(space.send) == "NotFoundError"
    space = Space(claire=active_correspondent(structures=("S1", "S2")))
    space.links.rows["S2"] = replace(space.links.rows["S2"], correspondents=(CLAIRE,))
    upload = space.send()
    space.save(upload, state=UploadState.CHECKED, structures=("S2",))
    assert [shown.upload_id for shown in space.home().uploads] == [upload.upload_id]
    space.unlink("S2")
    assert space.home().uploads == []
    for _ in range(space.app.limits.uploads_per_day - 1):
        space.save(space.send(), state=UploadState.REFUSED)
    assert outcome(space.send) == "TooManyTodayError"


def test_a_file_is_shown_as_its_time_has_it() -> None:
    upload = Space().send()
    checked = replace(upload, state=UploadState.CHECKED, since=NOW, counts={"updated": 2})
    assert upload_body(ShownUpload(checked), now=NOW).state is UploadState.CHECKED
    assert upload_body(ShownUpload(checked), now=checked.expires_at).state is UploadState.EXPIRED
    assert upload_body(ShownUpload(upload), now=NOW).counts is None


def test_of_a_checked_file_they_see_who_would_change_by_the_names_of_now() -> None:
    space, upload = with_changes("10000001", "10000002")
    [first, second] = upload_body(space.followed(upload.upload_id), now=NOW).changes or []
    assert (first.row, first.identifier, first.last_name, first.first_name) == (2, "10000001", "Garcia", "Louis")
    assert (first.leaves, first.columns, second.last_name) == (False, ["adresse email"], "Diop")


@pytest.mark.parametrize("now", [entry(structure_id="S2"), None])
def test_whoever_is_elsewhere_or_gone_by_now_is_shown_no_more(now: RosterEntry | None) -> None:
    space, upload = with_changes("10000001", "10000002")
    gone = invited("10000001", roster=now) if now else invited("10000001", status=Status.CLOSED, closed_at=1)
    space.app.accounts.add(gone)
    assert [each.identifier for each, _ in space.followed(upload.upload_id).changes] == ["10000002"]


def test_nobody_of_a_structure_that_is_theirs_no_more_is_shown() -> None:
    claire = active_correspondent(structures=("S1", "S2"))
    space, upload = with_changes("10000001", "10000003", claire=claire)
    space.links.rows["S2"] = replace(space.links.rows["S2"], correspondents=(CLAIRE,))
    assert [each.identifier for each, _ in space.followed(upload.upload_id).changes] == ["10000001", "10000003"]
    space.unlink("S2")
    assert [each.identifier for each, _ in space.followed(upload.upload_id).changes] == ["10000001"]
    before = space.reads.calls
    space.save(upload, since=NOW - DAY_SECONDS)  # it may be applied no more, and nobody is read
    assert (space.followed(upload.upload_id).changes, space.reads.calls) == ((), before)


def with_changes(*identifiers: str, claire: Account | None = None) -> tuple[Space, Upload]:
    """A checked file of Claire's that would change the mail of these."""
    diop, elsewhere = entry(last_name="Diop"), entry(structure_id="S2")
    people = [invited("10000001"), invited("10000002", roster=diop), invited("10000003", roster=elsewhere)]
    space = Space(*people, claire=claire)
    changes = tuple(Changed(row, name, ("adresse email",)) for row, name in enumerate(identifiers, 2))
    return space, space.save(space.send(), state=UploadState.CHECKED, changes=changes)


def test_the_faults_of_a_typed_row_are_told_by_its_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {Column.EMAIL: "ce n'est pas une adresse email", Column.IDENTIFIER: "trop long", None: "illisible"}
    faults = [Fault(1, column, reason) for column, reason in said.items()]
    monkeypatch.setattr(single_row, "take_in_row", lambda *_, **__: faults)
    space = Space(invited("1"))
    ports = space.ports._replace(rows=lambda: None)  # type: ignore[arg-type, return-value]  # not looked at
    typed = TypedRow("1", "v", {Column.EMAIL: "x"})
    error = refused(RowRejectedError, service.change_row, ports, TOKEN, typed, texts=TEXTS, context=space.app.context)
    told = {"row/email": "Ce n'est pas une adresse email.", "identifier": "Trop long.", "row": "Illisible."}
    assert error.reasons == told
