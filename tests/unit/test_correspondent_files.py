"""A correspondent's file: checked, applied, taken back, within their structures; it tells nothing of who activated."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.code_recipients import declared_contact
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import RosterJournal
from activation.domain.errors import NoArrivalsError, NotConfirmedError, StaleError, WrongStepError
from activation.domain.events import Event, EventKind
from activation.domain.findings import Finding, Nature
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.roster.imports import Action, ImportPaths
from activation.domain.upload_keys import UploadPaths
from activation.domain.upload_states import UploadState
from activation.domain.uploads import ToConfirm, Upload, failed, undone
from activation.imports import preparation, uploads
from functions.import_roster import orders
from functions.import_roster.reporting import read_prepared
from functions.import_roster.service import find_undoable
from tests.builders import CLAIRE, MAIL, MOBILE, active, active_correspondent, entry, invited
from tests.in_memory.declarations import InMemoryDeclarations
from tests.in_memory.roster import line
from tests.unit.refusals import failing, refused
from tests.workbooks import as_xlsx

ARRIVES = "entrée à confirmer par le CNAS"
NEW = "louis@exemple.fr"
LOUIS = line(email=NEW, mobile=MOBILE.value)
THREE = ("identifier", "last_name", "email")


def closed(identifier: str = "10000001", **roster: str) -> Account:
    return invited(identifier, status=Status.CLOSED, closed_at=1, roster=entry(**roster))


def staff(number: int, *, status: Callable[..., Account] = invited, **roster: str) -> list[Account]:
    return [
        status(f"2{place:07}", roster=entry(email=f"p2{place:07}@exemple.fr", mobile="", **roster))
        for place in range(number)
    ]


def rows_of(people: list[Account], **cells: str) -> list[dict[str, str]]:
    return [line(person.identifier, **cells) for person in people]


def found(upload: Upload) -> list[tuple[int | None, str, str]]:
    return [(finding.row, finding.column, finding.reason) for finding in upload.findings if finding.row]


def batch_of(app: InMemoryDeclarations, upload: Upload) -> tuple[str, str]:
    import_id = UploadPaths(CLAIRE, upload.upload_id).import_id
    [batch] = json.loads(app.files.objects[ImportPaths(import_id).manifest])
    return import_id, batch["batch"]


def test_a_file_is_checked_applied_and_taken_back() -> None:
    app = InMemoryDeclarations(invited(), *staff(2))
    checked = app.send_in(LOUIS, *rows_of(staff(2)))
    assert (checked.state, checked.structures) == (UploadState.CHECKED, ("S1",))
    assert checked.counts == {"created": 0, "updated": 1, "left": 0, "unchanged": 2, "arrivals": 0}
    assert app.account() == invited()
    applied = app.apply(checked)
    assert (applied.state, applied.counts, applied.applied_at) == (UploadState.APPLIED, checked.counts, app.now)
    assert applied.progress.done == applied.progress.of == 1
    assert app.account().beneficiary.roster.email == NEW
    lines = len(app.accounts.events["10000001"])
    app.wait(5)
    undone = app.take_back(applied)
    assert (undone.state, undone.since, undone.stayed) == (UploadState.UNDONE, app.now, 0)
    assert app.account().beneficiary.roster == entry()
    told = [(event.at, event.agent, event.changed) for event in app.accounts.events["10000001"][lines - 1 :]]
    assert told == [(app.now - 5, CLAIRE, "adresse email"), (app.now, CLAIRE, "adresse email")]
    again = app.send_in(LOUIS)
    app.change_account(roster=entry(email=NEW))
    assert app.apply(again).counts["unchanged"] == 1


@pytest.fixture
def app() -> InMemoryDeclarations:
    return InMemoryDeclarations(invited())


def test_what_a_file_says_of_structures_and_correspondents_is_ignored_and_named_so(app: InMemoryDeclarations) -> None:
    before = dict(app.structures.rows), dict(app.links.rows)
    checked = app.send_in(LOUIS | {"structure_name": "Autre", "correspondent_email": "voleur@exemple.fr"})
    named = "nom de la structure, nom du correspondant, email du correspondant, téléphone du correspondant"
    assert [finding.reason for finding in checked.findings if finding.row is None] == [f"Colonnes ignorées : {named}."]
    app.apply(checked)
    assert (app.structures.rows, app.links.rows) == before


def test_the_sender_is_read_from_the_key_and_what_the_object_says_of_itself_counts_for_nothing() -> None:
    app = InMemoryDeclarations(invited())
    upload = app.send_in(LOUIS)
    said = {"apply": "yes", "sender": "voleur@exemple.fr", "confirm-departures": "yes", "confirm-changes": "yes"}
    app.files.said[UploadPaths(CLAIRE, upload.upload_id).file] = said
    again = app.send_in(line(end_date="2026-12-31"), LOUIS | {"identifier": "2"})
    assert (app.mail.sent, again.state, app.account()) == ([], UploadState.CHECKED, invited())


NO_KEYS = [
    *("correspondents/C40218866/20261124T093200Z-0123456789ab/other", "correspondents/C40218866/x/file"),
    "correspondents/c40218866/20261124T093200Z-0123456789ab/file",
    "correspondents/10000001/20261124T093200Z-0123456789ab/file",
    *("correspondents/C40218866/../incoming/a.csv", "correspondents/incoming/a.csv"),
    "correspondents/C40218866/20261124T093200Z-0123456789ab/arrivals",
    "arrivals/C40218866/20261124T093200Z-0123456789ab/file",
    *("correspondents//incoming/a.csv", "work/x/manifest.json"),
]


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_key_that_is_no_upload_s_orders_nothing(key: str, app: InMemoryDeclarations) -> None:
    app.files.send(key, b"", apply="yes")
    assert app.begin(key) is None


def test_an_object_without_its_record_orders_nothing_and_an_order_that_came_twice_only_once() -> None:
    app = InMemoryDeclarations(invited())
    upload = app.send_in(LOUIS)
    paths = UploadPaths(CLAIRE, upload.upload_id)
    other = replace(paths, sender="C00000001")
    for which in (paths, other):
        for key in (which.file, which.application, which.undoing):
            assert app.begin(key) == orders.Begun(which.import_id)
    assert app.begin(paths.arrivals) == orders.Begun(paths.arrivals_import_id)
    assert app.account() == invited()


OUTSIDE = [
    None,
    closed(),
    closed(structure_id="S9"),
    invited(roster=entry(structure_id="S9")),
    active(roster=entry(structure_id="S9")),
    invited(roster=entry(structure_id="S9", email=NEW, mobile="", last_name="Autre")),
]


@pytest.mark.parametrize("columns", [(), THREE])
def test_whoever_is_outside_the_structures_is_alike_one_who_arrives(columns: tuple[str, ...]) -> None:
    reads, written, seen = [], [], []
    for person in OUTSIDE:
        app = InMemoryDeclarations(*[person] if person else [], *staff(1))
        app.link(CLAIRE, "S1")
        before = app.rosters.reads
        upload = app.send_in(LOUIS, *rows_of(staff(1)), columns=columns)
        reads.append(app.rosters.reads - before)
        written.append({key: body for key, body in app.files.objects.items() if key.startswith(("work/", "reports/"))})
        seen.append(upload)
        assert app.accounts.rows.get("10000001") == person
    assert seen[0].counts["arrivals"] == 1
    assert (2, "", ARRIVES) in found(seen[0])
    assert (seen, written) == (seen[:1] * len(OUTSIDE), written[:1] * len(OUTSIDE))
    assert reads == reads[:1] * len(OUTSIDE)


def test_arrivals_are_taken_in_by_an_agent_alone() -> None:
    elsewhere = invited("10000002", roster=entry(structure_id="S9", last_name="Petit", email="", mobile=""))
    app = InMemoryDeclarations(elsewhere, closed("10000003"))
    rows = [line(), line("10000002", last_name="Petit"), line("10000003")]
    applied = app.apply(app.send_in(*rows))
    assert (applied.counts["created"], applied.counts["arrivals"]) == (0, 3)
    assert "10000001" not in app.accounts.rows
    assert ImportPaths(UploadPaths(CLAIRE, applied.upload_id).arrivals_import_id).report("csv") in app.files.objects
    app.admit(applied)
    rosters = {name: app.account(name).beneficiary.roster.structure_id for name in ("10000001", "10000002", "10000003")}
    assert set(rosters.values()) == {"S1"}
    assert app.account("10000003").status is Status.INVITED
    refused(NoArrivalsError, app.admit, applied)
    gone = app.apply(app.send_in(line("10000005", end_date="2026-11-24")))
    app.now += 2 * DAY_SECONDS
    app.admit(gone)
    assert "10000005" not in app.accounts.rows


def test_where_arrivals_need_no_agent_only_whoever_is_unknown_is_created() -> None:
    elsewhere = invited("10000002", roster=entry(structure_id="S9", last_name="Petit"))
    app = InMemoryDeclarations(elsewhere, closed("10000003"), invited("10000004"))
    app.arrivals_need_agent = False
    rows = [line(), line("10000002", last_name="Petit"), line("10000003"), line("10000004", email=NEW)]
    checked = app.send_in(*rows)
    import_id = UploadPaths(CLAIRE, checked.upload_id).import_id
    assert (checked.counts["created"], checked.counts["arrivals"]) == (0, 3)
    applied = app.apply(checked)
    assert (applied.counts["created"], applied.counts["arrivals"], applied.counts["updated"]) == (1, 2, 1)
    assert applied.findings == checked.findings
    created = app.account("10000001").beneficiary
    assert (created.roster.structure_id, created.journal) == ("S1", RosterJournal(import_id, app.now, 1))
    assert app.account("10000002") == elsewhere
    assert app.account("10000003").status is Status.CLOSED
    assert app.take_back(applied).stayed == 3
    assert "10000001" in app.accounts.rows


def test_an_order_for_arrivals_without_an_agent_s_word_does_nothing() -> None:
    app = InMemoryDeclarations()
    applied = app.apply(app.send_in(line()))
    paths = UploadPaths(CLAIRE, applied.upload_id)
    assert app.carry_out(paths.arrivals) == orders.Begun(paths.arrivals_import_id)
    assert "10000001" not in app.accounts.rows
    app.link(CLAIRE, "S2")  # nor one for a structure that the sender has lost
    app.admit(applied)
    assert "10000001" not in app.accounts.rows


def test_an_arrival_s_contacts_wait_where_they_replace_others() -> None:
    app = InMemoryDeclarations(invited(roster=entry(structure_id="S9")))
    paths = UploadPaths(CLAIRE, (applied := app.apply(app.send_in(LOUIS))).upload_id)
    assert app.admit(applied) == orders.Begun(paths.arrivals_import_id, Action.APPLY, 1)
    undoable = find_undoable(app.files, paths.arrivals_import_id, now=app.now)
    assert (undoable.import_id, undoable.file) == (paths.arrivals_import_id, "file")
    account = app.account()
    assert (account.beneficiary.roster.email, declared_contact(account, app.now)) == (NEW, MOBILE)
    assert MessageKind.ROSTER_CONTACT_CHANGED in [kind for kind, _ in app.notices()]


@pytest.mark.parametrize("structure_id", ["S9", "S404"])
def test_a_row_of_another_structure_is_refused_whether_or_not_there_is_one(structure_id: str) -> None:
    app = InMemoryDeclarations(invited())
    upload = app.send_in(line(structure_id=structure_id), line("10000002", structure_id=structure_id), line("3"))
    reason = "vous ne répondez pas de cette structure"
    assert [finding for finding in found(upload) if finding[2] == reason] == [
        (2, "code structure", reason),
        (3, "code structure", reason),
    ]


def test_with_one_structure_its_column_may_be_missing_and_with_two_newcomers_need_it(app: InMemoryDeclarations) -> None:
    rows = [{"identifier": name, "last_name": "Garcia", "email": NEW} for name in ("10000001", "10000002")]
    of_two = app.send_in(*rows, columns=THREE)
    assert [finding.column for finding in of_two.findings if finding.nature == "refus"] == ["code structure"]
    assert of_two.counts["arrivals"] == 0
    app.link(CLAIRE, "S1")
    applied = app.apply(app.send_in(*rows, columns=THREE))
    assert (applied.counts["arrivals"], applied.counts["updated"]) == (1, 1)
    app.admit(applied)
    assert app.account("10000002").beneficiary.roster.structure_id == "S1"
    elsewhere = app.send_in(line("10000003", structure_id="S9"))
    assert [finding.column for finding in elsewhere.findings if finding.nature == "refus"] == ["code structure"]


STATES = [
    invited(),
    active(),
    active(proven={Channel.EMAIL: Contact(Channel.EMAIL, NEW)}),
    active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS),
    invited(code_sent_at=1, code_delivered_at=2),
]
ROWS = [
    [LOUIS],
    [line(email="", mobile="")],
    [line(last_name="Petit", first_name="Zoé")],
    [line(end_date="2026-12-31")],
    [line(structure_id="S2", mobile="06 99 99 99 99")],
    [line(usage_name="Lopez")],
    [line(email="claire.fontaine@mondomaine.com")],
]


@pytest.mark.parametrize("rows", ROWS)
def test_nothing_that_comes_of_a_file_tells_who_activated(rows: list[dict[str, str]]) -> None:
    seen = []
    for person in STATES:
        app = InMemoryDeclarations(person)
        checked = app.send_in(*rows)
        applied = app.apply(checked, *(waiting.what for waiting in checked.confirm))
        told = app.notices()
        undone = app.take_back(applied)
        assert app.account().beneficiary.roster == person.beneficiary.roster
        shown = {key: body for key, body in app.files.objects.items() if key.startswith("reports/")}
        seen.append((checked, applied, undone, told, shown))
    assert seen == seen[:1] * len(STATES)


STAYS: list[Callable[[InMemoryDeclarations], object]] = [
    lambda app: app.change_account(roster=entry(email="autre@exemple.fr")),
    lambda app: app.change_account(roster=entry(structure_id="S9")),
    lambda app: app.change_account(status=Status.CLOSED, closed_at=app.now),
    lambda app: app.take_in(line(email="autre@exemple.fr", mobile=MOBILE.value)),
    lambda app: app.link(CLAIRE, "S2"),
    lambda app: app.accounts.rows.pop("10000001"),
]


@pytest.mark.parametrize("act", STAYS)
def test_undoing_says_how_many_stayed_and_changes_none_of_them(act: Callable[[InMemoryDeclarations], object]) -> None:
    app = InMemoryDeclarations(invited())
    applied = app.apply(app.send_in(LOUIS))
    act(app)
    before = app.accounts.rows.get("10000001")
    undone = app.take_back(applied)
    assert (undone.state, undone.stayed, app.accounts.rows.get("10000001")) == (UploadState.UNDONE, 1, before)


def test_nobody_is_put_back_into_a_structure_that_the_sender_has_lost(app: InMemoryDeclarations) -> None:
    applied = app.apply(app.send_in(line(structure_id="S2", email=MAIL.value, mobile=MOBILE.value)))
    assert app.account().beneficiary.roster.structure_id == "S2"
    app.link(CLAIRE, "S2")
    assert (app.take_back(applied).stayed, app.account().beneficiary.roster.structure_id) == (1, "S2")


def test_whoever_was_active_since_is_put_back_too_and_keeps_what_they_proved_even_just_before_the_write() -> None:
    app = InMemoryDeclarations(invited())
    applied = app.apply(app.send_in(LOUIS))

    def activate() -> None:
        app.change_account(status=Status.ACTIVE, proven={Channel.EMAIL: MAIL})
        raise StaleError

    app.store.meanwhile = [lambda: None, lambda: None, activate]
    assert app.take_back(applied).stayed == 0
    assert (app.account().beneficiary.roster, app.account().proven) == (entry(), {Channel.EMAIL: MAIL})
    assert app.store.meanwhile == []


@pytest.mark.parametrize("does", [Action.APPLY, Action.TAKE_BACK])
def test_a_row_that_changes_before_each_of_five_tries_fails_its_batch(does: Action, app: InMemoryDeclarations) -> None:
    checked = app.send_in(LOUIS)
    import_id, batch = batch_of(app, checked)
    if does is Action.TAKE_BACK:
        app.apply(checked)
    app.store.meanwhile = [failing(StaleError())] * 5
    refused(StaleError, app.work_in, import_id, does, batch)
    assert app.work_in(import_id, does, batch)


def test_a_batch_that_is_applied_or_taken_back_again_counts_the_same_and_does_nothing_twice() -> None:
    app = InMemoryDeclarations(invited())
    applied = app.apply(app.send_in(LOUIS))
    (import_id, batch), told = batch_of(app, applied), app.notices()
    assert (app.work_in(import_id, Action.APPLY, batch), app.notices()) == ({"updated": 1}, told)
    for _ in range(2):
        assert app.work_in(import_id, Action.TAKE_BACK, batch) == {"restored": 1, "stayed": 0}
    assert app.account().beneficiary.roster == entry()
    app.accounts.rows.clear()
    assert app.work_in(import_id, Action.TAKE_BACK, batch) == {"restored": 0, "stayed": 1}


def test_whoever_answers_for_a_structure_of_the_file_and_its_sender_s_history_are_told_what_it_changed() -> None:
    app = InMemoryDeclarations(invited(), *staff(2, structure_id="S2"))
    app.accounts.add(active_correspondent("C00000002", email="collegue@exemple.fr"))
    app.link("C00000002", "S1", "S2")
    leaves, stays = (line(f"2000000{n}", structure_id="S2", end_date="2026-12-31" * (n == 0)) for n in range(2))
    checked = app.send_in(LOUIS, leaves, stays, line("30000001"))
    app.wait(5)
    applied = app.apply(checked)
    assert applied.counts == {"created": 0, "updated": 1, "left": 1, "unchanged": 1, "arrivals": 1}
    words = "1 modification, 1 sortie, 1 entrée à confirmer"
    told = [message for message in app.outbox.pending if message.kind is MessageKind.FILE_APPLIED]
    assert {(each.identifier, each.structure_id, each.counts) for each in told} == {
        (who, "S1", words) for who in (CLAIRE, "C00000002")
    }
    import_id, _ = batch_of(app, applied)
    done = Event(EventKind.FILE_APPLIED, app.now, agent=CLAIRE, changed=f"{words} (envoi {import_id})")
    assert app.accounts.events[CLAIRE][-1] == done
    assert find_undoable(app.files, import_id, now=app.now + DAY_SECONDS - 1).action is Action.APPLY
    app.wait(5)
    app.take_back(applied)
    assert app.accounts.events[CLAIRE][-1] == Event(EventKind.FILE_UNDONE, app.now, agent=CLAIRE)
    again = app.send_in(LOUIS)
    app.change_account(roster=entry(structure_id="S9"))
    app.apply(again)
    assert app.accounts.events[CLAIRE][-1].changed == "rien n'a changé"


def test_rows_are_counted_as_they_are_done(app: InMemoryDeclarations) -> None:
    checked = app.send_in(LOUIS)
    paths = UploadPaths(CLAIRE, checked.upload_id)
    uploads.apply(app.upload_ports, checked, (), context=app.context)
    assert app.begin(paths.application) == orders.Begun(paths.import_id, Action.APPLY, 1)
    orders.go_on(app.uploads, paths.import_id, Action.APPLY, 1)
    assert app.upload(checked).progress.done == 1


def test_a_batch_that_is_applied_twice_at_once_counts_the_same_both_times(app: InMemoryDeclarations) -> None:
    import_id, batch = batch_of(app, app.send_in(LOUIS))

    def beside() -> None:
        assert app.work_in(import_id, Action.APPLY, batch) == {"updated": 1}

    app.store.meanwhile = [beside]
    assert app.work_in(import_id, Action.APPLY, batch) == {"updated": 1}


def test_an_entry_that_was_forgotten_meanwhile_is_not_put_back_and_nobody_is_removed(app: InMemoryDeclarations) -> None:
    applied = app.apply(app.send_in(LOUIS))
    journal = app.account().beneficiary.journal
    assert journal
    app.change_account(journal=replace(journal, before=None))
    assert (app.take_back(applied).stayed, app.account().beneficiary.roster.email) == (1, NEW)


def test_undoing_puts_a_former_contact_back_into_use_and_no_other_sooner() -> None:
    app = InMemoryDeclarations(invited(roster=entry(mobile="")))
    applied = app.apply(app.send_in(line(email=NEW)))
    assert declared_contact(app.account(), app.now) is None
    app.take_back(applied)
    assert declared_contact(app.account(), app.now) == MAIL
    first = app.apply(app.send_in(line(email=NEW)))
    second = app.apply(app.send_in(line(email="autre@exemple.fr")))
    app.take_back(second)
    account = app.account()
    assert (account.beneficiary.roster.email, declared_contact(account, app.now)) == (NEW, None)
    assert app.upload(first).state is UploadState.APPLIED


MEANWHILE: list[Callable[[InMemoryDeclarations], object]] = [
    lambda app: app.link(CLAIRE, "S2"),
    lambda app: app.change_account(CLAIRE, status=Status.CLOSED),
    lambda app: app.change_account(roster=entry(structure_id="S9")),
    lambda app: app.change_account(status=Status.CLOSED, closed_at=app.now),
    lambda app: app.accounts.rows.pop("10000001"),
]


@pytest.mark.parametrize("happen", MEANWHILE)
@pytest.mark.parametrize("when", ["before the batch", "before the write"])
def test_each_batch_and_each_try_judges_the_person_and_the_sender_as_they_are_then(
    happen: Callable[[InMemoryDeclarations], object], when: str
) -> None:
    app = InMemoryDeclarations(invited())
    checked = app.send_in(LOUIS)

    def meanwhile() -> None:
        happen(app)
        raise StaleError

    if when == "before the batch":
        happen(app)
    else:
        app.store.meanwhile = [lambda: None, lambda: None, meanwhile]
    applied = app.apply(checked)
    assert (applied.counts["updated"], app.store.meanwhile) == (0, [])
    person = app.accounts.rows.get("10000001")
    assert person is None or person.beneficiary.roster.email == MAIL.value
    said = "1 personne n'est plus dans vos structures : rien n'a été modifié pour elles"
    assert Finding(None, "", said, Nature.OF_FILE) in applied.findings


def test_a_move_by_somebody_else_between_the_sender_s_structures_loses_nothing(app: InMemoryDeclarations) -> None:
    checked = app.send_in({"identifier": "10000001", "last_name": "Garcia", "email": NEW}, columns=THREE)
    app.change_account(roster=entry(structure_id="S2", first_name="Louis Marie"))
    applied = app.apply(checked)
    assert app.account().beneficiary.roster == entry(structure_id="S2", first_name="Louis Marie", email=NEW)
    app.change_account(roster=replace(app.account().beneficiary.roster, shared=True))  # which no word of anybody's is
    assert app.take_back(applied).stayed == 0


def test_many_departures_other_names_and_contacts_wait_for_their_word() -> None:
    people = staff(10)
    app = InMemoryDeclarations(*people)
    rows = [*rows_of(people[:4], end_date="2026-12-31"), *rows_of(people[4:8], last_name="Petit"), *rows_of(people[8:])]
    checked = app.send_in(*rows)
    assert checked.confirm == (
        ToConfirm("departures", "Structure S1 : 4 départs ou fins prévues sur 10 personnes"),
        ToConfirm("renamings", "Structure S1 : 4 changements de nom sur 10 personnes"),
    )
    assert [finding.nature for finding in checked.findings if finding.row] == ["à confirmer"] * 8
    for said in ((), ("departures",), ("renamings",)):
        refused(NotConfirmedError, app.apply, checked, *said)
    applied = app.apply(checked, "departures", "renamings")
    assert (applied.counts["left"], applied.counts["updated"], applied.counts["unchanged"]) == (4, 4, 2)


def test_people_who_arrive_lend_no_weight_to_departures_which_are_among_the_changes_without_a_value() -> None:
    people = staff(10)
    app = InMemoryDeclarations(*people)
    arrivals = [line(f"3{place:07}") for place in range(90)]
    checked = app.send_in(*rows_of(people, end_date="2026-12-31"), *arrivals)
    assert [waiting.what for waiting in checked.confirm] == ["departures"]
    assert changed(checked) == [(row, True, ("date de fin",)) for row in range(2, 12)]
    assert "2026-12-31" not in str((checked.changes, app.report_of(checked)))


@pytest.mark.parametrize("status", [invited, active])
def test_another_person_s_names_wait_alike_and_the_words_do_not_tell(status: Callable[..., Account]) -> None:
    app = InMemoryDeclarations(*staff(10, status=status))
    checked = app.send_in(line("20000000", last_name="Petit", first_name="Zoé"), *rows_of(staff(10)[1:]))
    assert [waiting.what for waiting in checked.confirm] == ["renamings"]
    assert (2, "", "le nom et le prénom changent ensemble : à confirmer") in found(checked)


def test_a_mailbox_of_many_people_of_a_file_or_typed_before_for_somebody_else_is_marked() -> None:
    app = InMemoryDeclarations(invited(roster=entry(email="", mobile="")), *staff(3))
    app.apply(app.send_in(*rows_of(staff(3)[1:], email="foyer@exemple.fr")))
    app.type(email=NEW)
    checked = app.send_in(line("20000000", email=NEW))
    read_by_others = (2, "adresse email", "d'autres lisent ce contact : demandez un contact personnel")
    assert read_by_others in found(checked)
    assert read_by_others not in found(app.send_in(line(email=NEW, first_name="Zoé")))
    app.apply(checked)
    assert all(app.account(person.identifier).beneficiary.roster.shared for person in staff(3))


@pytest.mark.parametrize("mailbox", ["claire.fontaine@mondomaine.com", "colleague@exemple.fr"])
def test_the_mailbox_of_a_correspondent_of_the_structure_is_marked_in_a_file(mailbox: str) -> None:
    app = InMemoryDeclarations(*staff(2))
    app.accounts.add(active_correspondent("C00000002", email="colleague@exemple.fr"))
    app.link("C00000002", "S1")
    app.apply(app.send_in(*rows_of(staff(2)[:1], email=mailbox), *rows_of(staff(2)[1:])))
    assert [app.account(name).beneficiary.roster.shared for name in ("20000000", "20000001")] == [True, False]


def test_a_person_whose_contacts_changed_three_times_today_is_left_as_they_are(app: InMemoryDeclarations) -> None:
    for number in range(3):
        app.apply(app.send_in(line(email=f"louis{number}@exemple.fr", mobile=MOBILE.value)))
    applied = app.apply(app.send_in(LOUIS))
    assert (applied.counts["updated"], app.account().beneficiary.roster.email) == (0, "louis2@exemple.fr")
    said = "1 personne a déjà changé de contact trop souvent aujourd'hui : rien n'a été modifié pour elles"
    assert said in [finding.reason for finding in applied.findings]
    app.wait(DAY_SECONDS)
    assert app.apply(app.send_in(LOUIS)).counts["updated"] == 1


@pytest.mark.parametrize("body", [b"", b"\0\1\2", b"nom;prenom\nGarcia;Louis", b"identifiant;nom\n", b"PK\x03\x04cut"])
def test_a_file_that_is_anything_else_is_refused_and_says_why(body: bytes, app: InMemoryDeclarations) -> None:
    upload = app.send_bytes(body)
    assert upload.state is UploadState.REFUSED
    assert [finding.row for finding in upload.findings] == [None]
    assert upload.findings[0].reason
    refused(WrongStepError, app.apply, upload)


def test_a_workbook_is_read_as_a_csv_is(app: InMemoryDeclarations) -> None:
    upload = app.send_bytes(as_xlsx([list(LOUIS), list(LOUIS.values())]))
    assert (upload.state, upload.counts["updated"]) == (UploadState.CHECKED, 1)


def test_a_report_has_so_many_lines_at_most_and_the_upload_200_refusals_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert preparation.MOST_LINES_FOR == {True: 10_000, False: 50_000}
    monkeypatch.setitem(preparation.MOST_LINES_FOR, True, 250)
    app = InMemoryDeclarations(*staff(1))
    app.link(CLAIRE, "S1")
    arrivals = [line(f"3{place:07}") for place in range(350)]
    upload = app.send_in(*arrivals, line("20000000", email="nope"))
    lines = app.report_of(upload)
    assert len(lines) == 251
    assert lines[-1][3].startswith("…")
    assert len(upload.findings) == 200
    assert [finding.nature for finding in upload.findings if finding.row][:2] == ["refus", "à confirmer"]


def changed(upload: Upload) -> list[tuple[int, bool, tuple[str, ...]]]:
    return [(change.row, change.leaves, change.columns) for change in upload.changes]


def test_the_check_tells_whom_the_file_would_change_and_in_which_columns() -> None:
    people = staff(6)
    app = InMemoryDeclarations(*people)
    one, two, three, four, five, six = rows_of(people)
    checked = app.send_in(
        one | {"mobile": MOBILE.value},
        two,
        three | {"structure_id": "S2", "start_date": "2020-09-01"},
        four | {"last_name": "Durand", "email": NEW},
        five | {"end_date": "2026-12-31"},
        line("30000001"),
        six | {"email": "nope"},
    )
    prepared = read_prepared(app.files, UploadPaths(CLAIRE, checked.upload_id).import_id)
    assert (prepared.changes, prepared.structures) == (checked.changes, ("S1", "S2"))
    assert (prepared.ended_links, prepared.unconfirmed_links) == (0, None)
    assert changed(checked) == [
        (6, True, ("date de fin",)),
        (5, False, ("nom de naissance", "adresse email")),
        (2, False, ("téléphone mobile",)),
        (4, False, ("code structure", "début des droits")),
    ]
    assert [change.identifier for change in checked.changes] == ["20000004", "20000003", "20000000", "20000002"]
    lines = [cells for cells in app.report_of(checked) if cells[1] == "changement"]
    assert lines[:2] == [
        ["6", "changement", "date de fin", "sortie"],
        ["5", "changement", "nom de naissance, adresse email", "modification"],
    ]
    assert (len(lines), app.apply(checked).changes) == (4, ())


def test_a_contact_that_the_desk_was_given_changes_in_words_only_where_another_takes_its_place() -> None:
    given = invited(roster=replace(entry(), desk_email=True))
    app = InMemoryDeclarations(given)
    assert changed(app.send_in(line(email=MAIL.value, mobile=MOBILE.value))) == []
    assert changed(app.send_in(LOUIS)) == [(2, False, ("adresse email",))]


def test_the_upload_has_ninety_nine_changes_at_most_and_the_report_them_all() -> None:
    people = staff(120)
    app = InMemoryDeclarations(*people)
    rows = rows_of(people, first_name="Zoé")
    rows[-1]["end_date"] = "2026-12-31"
    checked = app.send_in(*rows)
    assert (len(checked.changes), changed(checked)[0]) == (99, (121, True, ("prénom", "date de fin")))
    assert len([cells for cells in app.report_of(checked) if cells[1] == "changement"]) == 120


def test_of_what_is_found_refusals_stand_before_all_else_of_rows_each_in_their_order() -> None:
    people = staff(4)
    app = InMemoryDeclarations(*people)
    new, (one, two, three, four) = line("30000001"), rows_of(people)
    checked = app.send_in(new, one | {"email": "nope"}, {"identifier": "Total"}, two, three | {"last_name": ""}, four)
    found = [(finding.row, finding.words.split(" : ")[0]) for finding in checked.findings if finding.row]
    assert found == [(3, "Refusé"), (6, "Refusé"), (2, "En attente"), (4, "Remarque")]


def test_why_a_whole_file_is_refused_is_told_however_many_of_its_rows_are() -> None:
    app = InMemoryDeclarations(*staff(300))
    refused = app.send_in(*rows_of(staff(300), email="rien du tout"))
    assert (refused.state, refused.since) == (UploadState.REFUSED, app.now)
    assert any(finding.reason.startswith("Plus de la moitié des lignes") for finding in refused.findings)
    assert len(refused.findings) == 200


def test_a_check_that_broke_off_is_begun_again(app: InMemoryDeclarations) -> None:
    app.store.meanwhile = [lambda: None, lambda: None, failing(OSError())]
    with pytest.raises(OSError):  # noqa: PT011  # its own
        app.send_in(LOUIS)
    [upload] = app.uploads.rows.values()
    assert upload.state is UploadState.CHECKING
    paths = UploadPaths(CLAIRE, upload.upload_id)
    assert app.carry_out(paths.file) == orders.Begun(paths.import_id, rows=1)
    assert app.files.kept == {paths.file: "v1"}
    assert read_prepared(app.files, paths.import_id).action is Action.NOTHING
    checked = app.upload(upload)
    assert (checked.state, checked.counts["updated"], checked.progress.done) == (UploadState.CHECKED, 1, 1)


def test_an_order_that_is_given_up_or_fails_is_told_so(app: InMemoryDeclarations) -> None:
    checked = app.send_in(LOUIS)
    uploads.apply(app.upload_ports, checked, (), context=app.context)
    paths = UploadPaths(CLAIRE, checked.upload_id)
    keys = (paths.file, paths.arrivals, "incoming/a.csv", paths.application)
    applying = app.upload(checked)
    app.wait(60)
    given_up = [orders.give_up(app.order_ports, key, now=app.now) for key in keys]
    assert [bool(each) for each in given_up] == [False, False, False, True]
    assert app.upload(checked) == failed(applying, now=app.now)
    assert not orders.give_up(app.order_ports, UploadPaths(CLAIRE, "20261124T093200Z-0123456789ab").file, now=app.now)
    again = app.send_in(LOUIS)
    uploads.apply(app.upload_ports, again, (), context=app.context)
    import_id, _ = batch_of(app, again)
    ended = orders.finish(app.order_ports, import_id, Action.APPLY, has_failed=True, random=app.random, now=app.now)
    assert ended == app.upload(again)
    assert (ended.state, ended.since) == (UploadState.FAILED, app.now)
    assert orders.finish(app.order_ports, import_id, Action.APPLY, has_failed=True, random=app.random, now=7) is None


def test_an_operator_s_undoing_is_told_of_an_applied_file_alone(app: InMemoryDeclarations) -> None:
    applied, checked = app.apply(app.send_in(LOUIS)), app.send_in(LOUIS)
    app.wait(60)
    for upload in (applied, checked, applied):
        orders.undo_of_operator(app.order_ports, UploadPaths(CLAIRE, upload.upload_id).import_id, now=app.now)
    orders.undo_of_operator(app.order_ports, "20261124T093200Z-0123456789ab", now=app.now)
    assert (app.upload(applied), app.upload(checked)) == (undone(applied, stayed=0, now=app.now), checked)
    assert app.accounts.events[CLAIRE][-1] == Event(EventKind.FILE_UNDONE, app.now)
    assert [event.kind for event in app.accounts.events[CLAIRE]].count(EventKind.FILE_UNDONE) == 1
