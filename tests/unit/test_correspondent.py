"""What a correspondent's calls do, over fakes: whose structures, whose people, whose files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import RosterEntry, Structure
from activation.domain.errors import RowRejectedError
from activation.domain.findings import Changed
from activation.domain.limits import DAY_SECONDS, Daily, Limits
from activation.domain.people_search import MOST_PAGES_OF_NOBODY, PAGE_PEOPLE, Cursor, Lack, Numbers, Search
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind
from activation.domain.roster.declared import version_of
from activation.domain.sessions import Session, open_session
from activation.domain.upload_states import UploadState
from activation.domain.uploads import ToConfirm, Upload, new_upload
from activation.imports import single_row, uploads
from activation.imports.single_row import TakenRow, TypedRow
from functions.correspondent import service
from functions.correspondent.service import ShownUpload
from functions.correspondent.views import upload_body
from tests.builders import CLAIRE, NOW, TEXTS, active, active_correspondent, entry, invited
from tests.fakes.accounts import FakeDeclaredPeople
from tests.fakes.random import FakeRandom
from tests.fakes.uploads import FakeGivenContacts, FakeUploads
from tests.in_memory import outcome
from tests.in_memory.roster import InMemoryRosterService
from tests.unit.refusals import refused

Done = TypeVar("Done")
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
        return rows[identifier], [rows[one] for one in people if one in rows]


class Space:
    """Claire's session, and what her calls need. She answers for S1; there is S2 besides."""

    def __init__(self, *people: Account, claire: Account | None = None) -> None:
        self.app = app = InMemoryRosterService(*people)
        self.claire = claire or active_correspondent()
        app.accounts.add(self.claire)
        self.links, self.uploads, self.reads = app.links, FakeUploads(), Reads(self)
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
        rows = partial(single_row.Ports, app.declaration_ports, FakeGivenContacts())
        self.ports = service.Ports(*read, app.counters, self.uploads, orders, rows)

    def do(self, call: Callable[..., Done], *said: Any, **more: Any) -> Done:
        return call(self.ports, TOKEN, *said, texts=TEXTS, context=self.app.context, **more)

    def search(self, structure: str = "S1", *, identifier: str | None = None, **wanted: Any) -> list[str]:
        return [account.identifier for account in self.found(structure, identifier=identifier, **wanted).people]

    def found(
        self, structure: str = "S1", *, identifier: str | None = None, after: Cursor | None = None, **wanted: Any
    ) -> service.FoundPeople:
        return self.do(service.search, Search(structure, **wanted), identifier=identifier, after=after)

    def type(self, identifier: str = "1", **cells: str) -> TakenRow:
        account = self.app.accounts.rows.get(identifier, invited())
        version = version_of(account.beneficiary.roster)
        typed = TypedRow(identifier, version, {Column(name): text for name, text in cells.items()})
        return self.do(service.change_row, typed)

    def send(self, body: bytes = b"nom") -> Upload:
        return self.do(service.send_file, body)

    def home(self, page: int = 1) -> service.Home:
        return self.do(service.show_home, page=page)

    def unlink(self, structure_id: str) -> None:
        self.links.rows[structure_id] = replace(self.links.rows[structure_id], correspondents=())

    def save(self, upload: Upload, **more: Any) -> Upload:
        changed = replace(upload, **more)
        self.app.store.commit(self.uploads.save(upload, changed))
        return changed

    def show(self, upload_id: str) -> Upload:
        return self.followed(upload_id).upload

    def followed(self, upload_id: str) -> service.ShownUpload:
        return self.do(service.show_upload, upload_id)

    def report(self, upload_id: str) -> bytes:
        return self.do(service.read_report, upload_id)

    def apply(self, upload_id: str, *confirmed: str) -> Upload:
        return self.do(service.apply_upload, upload_id, confirmed)

    def undo(self, upload_id: str) -> Upload:
        return self.do(service.undo_upload, upload_id)


def test_the_home_counts_the_people_of_the_structures_that_both_rows_name() -> None:
    space = Space(invited("1"), invited("2", roster=entry(email="", mobile="")), invited("3", has_bounced=True))
    home = space.home()
    assert [(linked.structure_id, numbers) for linked, numbers in home.structures] == [("S1", Numbers(3, 1, 1))]
    assert (home.uploads, home.after) == ([], None)
    space.unlink("S1")
    assert space.home().structures == []


def test_structures_come_twenty_at_a_time_in_order_of_name_each_page_with_the_last_five_files() -> None:
    names = [f"T{number:02}" for number in range(2 * service.PAGE_STRUCTURES)]
    space = Space(claire=active_correspondent(structures=names))
    for number, name in enumerate(names):
        structure = space.app.structures.rows[name] = Structure(name, f"École {-number // 2:03}")
        space.links.rows[name] = LinkedStructure(structure, (CLAIRE,))
    sent = [space.save(space.send(), state=UploadState.REFUSED) for _ in range(6)]
    last = sorted(sent, key=attrgetter("upload_id"), reverse=True)[:5]
    pages = [space.home(), space.home(2)]
    shown = [[linked.structure_id for linked, _ in page.structures] for page in pages]
    in_order = sorted(names, key=lambda name: (space.app.structures.rows[name].name, name))
    assert shown == [in_order[:20], in_order[20:]]
    assert [(page.uploads, page.after) for page in pages] == [(last, 2), (last, None)]


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
    assert space.search(after=first.after) == ["900"]
    space = Space(*(invited(f"{number:03}") for number in range(PAGE_PEOPLE + 1)))
    assert (len(space.search()), space.search(after=space.found().after)) == (PAGE_PEOPLE, ["050"])


REFUSED = [
    (active_correspondent(terms=None), "WrongStepError accept_terms"),
    (active_correspondent(session_epoch=1), "SessionExpiredError"),
    (active_correspondent(status=Status.CLOSED), "SessionExpiredError"),
    (active(), "NotYourAccountError"),
]


@pytest.mark.parametrize(("claire", "said"), REFUSED)
def test_every_call_looks_first_at_whose_session_it_is(claire: Account, said: str) -> None:
    space = Space(invited("1"), claire=claire)
    of_one = (partial(call, "x") for call in (space.show, space.report, space.apply, space.undo))
    calls = (space.search, space.send, space.home, lambda: space.type(first_name="Lou"), *of_one)
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
    changes_nobody = space.save(upload, state=UploadState.CHECKED, structures=())
    assert space.show(upload.upload_id) == changes_nobody
    space.unlink("S1")
    assert outcome(space.send) == "NotFoundError"
    space = Space(claire=active_correspondent(structures=("S1", "S2")))
    space.links.rows["S2"] = replace(space.links.rows["S2"], correspondents=(CLAIRE,))
    upload = space.send()
    space.save(upload, state=UploadState.CHECKED, structures=("S2",))
    assert [shown.upload_id for shown in space.home().uploads] == [upload.upload_id]
    space.unlink("S2")
    assert space.home().uploads == []


def test_a_look_at_a_file_is_no_activity_of_the_session_and_other_calls_are() -> None:
    space = Space(invited("1"))
    show = partial(space.show, space.save(space.send(), state=UploadState.REFUSED).upload_id)
    for call in (space.search, space.home, space.send, partial(space.type, first_name="Louis-Marie"), show):
        seen = space.app.sessions.get(TOKEN)
        space.app.now += 600
        call()
        assert (space.app.sessions.get(TOKEN) == seen) is (call is show)


COUNTED: list[tuple[Daily, Callable[[Space, str], object]]] = [
    (Daily.UPLOADS, lambda space, _: space.save(space.send(), state=UploadState.REFUSED)),
    (Daily.SINGLE_ROWS, lambda space, first_name: space.type(first_name=first_name)),
]


@pytest.mark.parametrize(("what", "act"), COUNTED)
def test_files_and_changed_rows_are_counted_each_by_the_day(what: Daily, act: Callable[[Space, str], object]) -> None:
    space = Space(invited("1"))
    space.app.limits = replace(space.app.limits, uploads_per_day=2, single_rows_per_day=2)
    act(space, "Louis-Marie")
    space.app.store.commit(space.app.counters.count_today(what, CLAIRE, most=2, now=NOW))
    assert outcome(lambda: act(space, "Louis")) == "TooManyTodayError"
    (other,) = (other for counted, other in COUNTED if counted is not what)
    assert (Limits().uploads_per_day, Limits().single_rows_per_day) == (20, 200)
    assert outcome(lambda: other(space, "Louis-Jean")) == "ok"


def test_a_file_is_applied_once_all_is_confirmed_and_taken_back_though_its_arrivals_come_in_meanwhile() -> None:
    space = Space()
    upload = space.send(b"nom;prenom")
    waits = (ToConfirm("departures", "S1 : 4 départs"),)
    checked = space.save(upload, state=UploadState.CHECKED, since=NOW, confirm=waits)
    assert outcome(lambda: space.apply(upload.upload_id)) == "NotConfirmedError"
    applying = space.apply(upload.upload_id, "departures")
    assert applying == space.show(upload.upload_id) == replace(checked, state=UploadState.APPLYING)
    applied = space.save(applying, state=UploadState.APPLIED)
    space.app.store.meanwhile = [partial(space.save, applied, admitted_at=NOW)]
    undoing = space.undo(upload.upload_id)
    assert undoing == space.show(upload.upload_id) == replace(applied, state=UploadState.UNDOING, admitted_at=NOW)
    own = f"correspondents/{CLAIRE}/{upload.upload_id}"
    put = {f"{own}/file": b"nom;prenom", f"{own}/application": b"", f"{own}/undoing": b""}
    assert space.app.files.objects == put


def test_a_file_s_report_is_read_once_there_is_one() -> None:
    space = Space()
    upload = space.send()
    assert outcome(lambda: space.report(upload.upload_id)) == "NotFoundError"
    space.app.files.send(f"reports/{CLAIRE}-{upload.upload_id}/report.csv", b"ligne;sorte")
    assert space.report(upload.upload_id) == b"ligne;sorte"


def of_another(space: Space) -> str:
    theirs = new_upload("C00000001", ["S1"], FakeRandom(), now=NOW)
    space.app.store.commit(space.uploads.send(theirs))
    return theirs.upload_id


def of_no_structure_any_more(space: Space) -> str:
    sent = space.send()
    space.unlink("S1")
    return sent.upload_id


def of_no_id(space: Space) -> str:
    sent = replace(space.send(), upload_id="x" * 65)
    space.app.store.commit(space.uploads.send(sent))
    return sent.upload_id


@pytest.mark.parametrize("named", [of_another, of_no_structure_any_more, of_no_id, lambda _: "x"])
def test_a_file_that_is_not_theirs_is_none(named: Callable[[Space], str]) -> None:
    space = Space()
    upload_id = named(space)
    before = dict(space.app.files.objects)
    calls = [partial(call, upload_id) for call in (space.show, space.report, space.apply, space.undo)]
    assert [outcome(call) for call in calls] == ["NotFoundError"] * 4
    assert space.app.files.objects == before


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
    diop, elsewhere = entry(last_name="Diop"), entry(structure_id="S2")
    people = [invited("10000001"), invited("10000002", roster=diop), invited("10000003", roster=elsewhere)]
    space = Space(*people, claire=claire)
    changes = tuple(Changed(row, name, ("adresse email",)) for row, name in enumerate(identifiers, 2))
    return space, space.save(space.send(), state=UploadState.CHECKED, changes=changes)


def test_a_row_is_changed_of_their_own_people_alone_and_each_cell_has_its_fault() -> None:
    elsewhere, closed = invited("2", roster=entry(structure_id="S2")), invited("3", status=Status.CLOSED)
    space = Space(invited("1"), elsewhere, closed)
    assert space.type(first_name="Louis-Marie").outcome is ChangeKind.UPDATED
    assert space.app.account("1").beneficiary.roster == entry(first_name="Louis-Marie")
    of_nobody = [partial(space.type, one, first_name="Louis-Marie") for one in ("2", "3", "9")]
    assert [outcome(call) for call in of_nobody] == ["NotFoundError"] * 3
    told = {"row/email": "Ce n'est pas une adresse email.", "row/last_name": "Cette cellule est vide."}
    assert refused(RowRejectedError, space.type, email="louis@", last_name="").reasons == told
    told = {"row/structure_id": "Vous ne répondez pas de cette structure."}
    assert refused(RowRejectedError, space.type, structure_id="S2").reasons == told
