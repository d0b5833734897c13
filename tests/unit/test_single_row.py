"""One row typed by a correspondent: their people alone, nobody taken over, nothing told of who has activated."""

from dataclasses import replace
from functools import partial

import pytest

from activation.domain import errors
from activation.domain.accounts import Account, Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.code_recipients import declared_contact
from activation.domain.contacts import Channel, Contact
from activation.domain.employment import RosterEntry
from activation.domain.errors import NotConfirmedError, OutdatedVersionError, PersonNotFoundError, TooManyTodayError
from activation.domain.events import EventKind
from activation.domain.history import words_of
from activation.domain.limits import DAY_SECONDS, Daily
from activation.domain.outbox import MessageKind
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import ChangeKind, StoredPerson
from activation.domain.roster.rows import Fault, Remark
from activation.domain.roster.waiting import quarantine_after
from activation.domain.upload_keys import Rights, rights_of
from activation.imports import single_row
from activation.imports.single_row import TakenRow, TypedRow
from tests.builders import CLAIRE, MAIL, MOBILE, NOW, WORK_MAIL, active, active_correspondent, entry, invited
from tests.in_memory.declarations import MAIRIE, InMemoryDeclarations
from tests.unit.refusals import refused

NEW = Contact(Channel.EMAIL, "louis@exemple.fr")
WAITS = "contact remplacé : les contacts d'avant sont prévenus ; celui-ci servira dans 24 heures"


def closed(**roster: str) -> Account:
    return invited(status=Status.CLOSED, closed_at=1, roster=entry(**roster))


def taken(app: InMemoryDeclarations, identifier: str = "10000001", **more: str) -> TakenRow:
    result = app.type(identifier, **more)  # type: ignore[arg-type]  # cells
    assert isinstance(result, TakenRow)
    return result


def usable(app: InMemoryDeclarations, identifier: str = "10000001") -> Contact | None:
    """Where a code for activation goes now."""
    return declared_contact(app.account(identifier), app.now)


def test_a_row_changes_what_it_says_and_nothing_of_the_rest_of_the_structure_or_its_correspondent() -> None:
    app = InMemoryDeclarations(invited())
    before = dict(app.structures.rows)
    assert taken(app, usage_name="Lopez") == TakenRow(ChangeKind.UPDATED)
    assert app.account().beneficiary.roster == entry(usage_name="Lopez")
    again = {"correspondent_email": "voleur@exemple.fr", "structure_name": "Autre"}
    assert taken(app, usage_name="Lopez", **again) == TakenRow(ChangeKind.UNCHANGED)
    assert app.structures.rows == before


@pytest.fixture
def app() -> InMemoryDeclarations:
    return InMemoryDeclarations(invited())


NOT_FOUND = [
    None,
    invited(roster=entry(structure_id="S9")),
    active(roster=entry(structure_id="S9")),
    closed(),
    closed(structure_id="S9"),
    invited(roster=entry(structure_id="")),
]


@pytest.mark.parametrize("person", NOT_FOUND)
def test_somebody_unknown_elsewhere_or_closed_is_not_found_alike(person: Account | None) -> None:
    app = InMemoryDeclarations(*[person] if person else [])
    refused(PersonNotFoundError, app.type, version="v", email=NEW.value)
    assert app.accounts.rows.get("10000001") == person


def test_a_row_moves_somebody_between_the_sender_s_structures_and_to_no_other(app: InMemoryDeclarations) -> None:
    for other in ("S9", "S404"):
        faults = app.type(structure_id=other)
        assert faults == [Fault(1, Column.STRUCTURE_ID, "vous ne répondez pas de cette structure")]
    assert taken(app, structure_id="S2").outcome is ChangeKind.UPDATED
    assert app.account().beneficiary.roster.structure_id == "S2"


@pytest.mark.parametrize("state", ["unlinked", "link in one row", "link in the other", "closed", "invited", "unknown"])
def test_whoever_does_not_answer_for_the_structure_now_changes_nobody(state: str, app: InMemoryDeclarations) -> None:
    match state:
        case "unlinked":
            app.link(CLAIRE, "S2")
        case "link in one row":
            app.links.rows["S1"] = replace(app.links.rows["S1"], correspondents=())
        case "link in the other":
            app.change_account(CLAIRE, structures=("S2",))
        case "unknown":
            del app.accounts.rows[CLAIRE]
        case _:
            app.change_account(CLAIRE, status=Status(state))
    refused(PersonNotFoundError, app.type, email=NEW.value)
    assert app.account() == invited()


@pytest.mark.parametrize(
    "meanwhile", [lambda app: app.link(CLAIRE, "S2"), lambda app: app.change_account(roster=entry(structure_id="S9"))]
)
def test_a_row_is_judged_again_when_something_happened_before_it_was_written(meanwhile: object) -> None:
    app = InMemoryDeclarations(invited())

    def happen() -> None:
        meanwhile(app)  # type: ignore[operator]  # one of the two above
        raise errors.StaleError

    app.store.meanwhile = [happen]
    refused(PersonNotFoundError, app.type, email=NEW.value)
    assert app.account().beneficiary.roster.email == MAIL.value


def test_a_row_that_was_read_before_it_changed_is_refused_and_told_its_version(app: InMemoryDeclarations) -> None:
    read = app.version()
    app.change_account(roster=entry(first_name="Louis Marie"))
    error = refused(OutdatedVersionError, app.type, version=read, email=NEW.value)
    assert error.current == app.version() != read
    assert app.account().beneficiary.roster == entry(first_name="Louis Marie")


def test_a_contact_replaced_waits_a_day_and_every_contact_held_is_told(app: InMemoryDeclarations) -> None:
    assert taken(app, email=NEW.value, first_name="Louis Marie").remarks == (Remark(1, Column.EMAIL, WAITS),)
    assert app.notices() == [(MessageKind.ROSTER_CONTACT_CHANGED, channel) for channel in Channel]
    [event] = app.accounts.events["10000001"]
    assert (event.kind, event.agent) == (EventKind.DECLARED_ANEW, CLAIRE)
    said = "Un correspondant a modifié ce que votre employeur déclare de vous : prénom, adresse email"
    assert (words_of(event), usable(app)) == (said, MOBILE)
    app.deliver()
    assert [sent.to for sent in app.mail.sent] == [MAIL.value]
    app.wait(DAY_SECONDS)
    assert usable(app) == NEW
    removed = "contact retiré : les contacts d'avant sont prévenus"
    assert taken(app, email="").remarks == (Remark(1, Column.EMAIL, removed),)


@pytest.mark.parametrize(("mobile", "at_once"), [(MOBILE.value, MOBILE), ("", NEW)], ids=["beside another", "first"])
def test_a_contact_added_beside_another_waits_too_and_the_first_is_good_at_once(mobile: str, at_once: Contact) -> None:
    app = InMemoryDeclarations(invited(roster=entry(email="", mobile=mobile)))
    taken(app, email=NEW.value)
    assert (usable(app), bool(app.notices())) == (at_once, bool(mobile))
    app.wait(DAY_SECONDS)
    assert usable(app) == NEW


BOTH, NONE = entry(email=MAIL.value, mobile=MOBILE.value), entry(email="", mobile="")
WAITING = QuarantinedContact(NEW, NOW + 1, "before")
NOW_IN_QUARANTINE = [
    (NONE, BOTH, (), []),
    (NONE, BOTH, (WAITING,), [MAIL, MOBILE]),
    (BOTH, NONE, (), [replace(MAIL, value=""), replace(MOBILE, value="")]),
    (BOTH, replace(BOTH, email=NEW.value), (), [NEW]),
]


@pytest.mark.parametrize(("before", "after", "waiting", "added"), NOW_IN_QUARANTINE)
def test_who_had_a_contact_waits_for_each_that_comes_and_for_each_that_goes_where_none_is_left(
    before: RosterEntry, after: RosterEntry, waiting: tuple[QuarantinedContact, ...], added: list[Contact]
) -> None:
    over = QuarantinedContact(MAIL, NOW, "before")
    stored = StoredPerson(before, Status.INVITED, 1, quarantine=(over, *waiting))
    in_quarantine = quarantine_after(stored, after, import_id="i", now=NOW)
    assert in_quarantine == (*waiting, *(QuarantinedContact(one, NOW + DAY_SECONDS, "i") for one in added))


def test_nobody_can_remove_a_contact_first_and_then_be_the_first_to_give_one() -> None:
    app = InMemoryDeclarations(invited(roster=entry(mobile="")))
    taken(app, email="")
    assert [waiting.contact.value for waiting in app.account().owner.quarantine] == [""]
    taken(app, email=NEW.value)
    assert usable(app) is None
    app.wait(DAY_SECONDS)
    assert usable(app) == NEW


def test_flipping_contacts_makes_none_good_sooner() -> None:
    app = InMemoryDeclarations(invited(roster=entry(mobile="")))
    for value in (NEW.value, MAIL.value, NEW.value):
        taken(app, email=value)
        assert usable(app) is None
        app.wait(3_600)
    app.wait(DAY_SECONDS - 3_600 - 1)
    assert usable(app) is None
    app.wait(1)
    assert usable(app) == NEW


def test_a_person_s_contacts_change_three_times_a_day(app: InMemoryDeclarations) -> None:
    for number in range(3):
        taken(app, email=f"louis{number}@exemple.fr")
    refused(TooManyTodayError, app.type, email=NEW.value)
    assert app.account().beneficiary.roster.email == "louis2@exemple.fr"
    assert taken(app, first_name="Louis Marie").outcome is ChangeKind.UPDATED
    app.wait(DAY_SECONDS)
    taken(app, email=NEW.value)


def test_one_mailbox_typed_for_several_people_is_marked_as_read_by_others() -> None:
    people = [invited(f"1000000{number}", roster=entry(email="", mobile="")) for number in range(1, 5)]
    app = InMemoryDeclarations(*people)
    remarks = [taken(app, person.identifier, email=NEW.value).remarks for person in people]
    assert [app.account(person.identifier).beneficiary.roster.shared for person in people] == [False, True, True, True]
    others = Remark(1, Column.EMAIL, "d'autres lisent ce contact : demandez un contact personnel")
    assert remarks == [(), (others,), (others,), (others,)]
    at_once = InMemoryDeclarations(*people[:2])
    at_once.store.meanwhile = [lambda: at_once.type("10000002", email=NEW.value)]
    taken(at_once, email=NEW.value)
    assert [at_once.account(person.identifier).beneficiary.roster.shared for person in people[:2]] == [True, False]


@pytest.mark.parametrize("mail", [WORK_MAIL.value, "collegue@exemple.fr", "moi@exemple.fr", MAIRIE.correspondent_email])
def test_the_mailbox_of_any_correspondent_of_the_structure_is_marked_as_read_by_others(mail: str) -> None:
    app = InMemoryDeclarations(invited(roster=entry(email="", mobile="")))
    app.accounts.add(active_correspondent("C00000002", email="collegue@exemple.fr"))
    app.link("C00000002", "S1")
    app.change_account(CLAIRE, proven={Channel.EMAIL: Contact(Channel.EMAIL, "moi@exemple.fr")})
    taken(app, email=mail)
    assert app.account().beneficiary.roster.shared


def test_the_beginning_of_the_rights_is_typed_like_any_other_cell_and_needs_no_word(app: InMemoryDeclarations) -> None:
    shown = app.version()
    assert taken(app, start_date="01/09/2020").outcome is ChangeKind.UPDATED
    assert app.account().beneficiary.roster == entry(start_date="2020-09-01")
    refused(OutdatedVersionError, app.type, version=shown, start_date="")
    assert taken(app, start_date="").outcome is ChangeKind.UPDATED
    assert app.account().beneficiary.roster == entry()


@pytest.mark.parametrize("person", [invited(), active()])
def test_a_departure_needs_its_word_and_so_do_other_names_whether_or_not_the_account_is_active(person: Account) -> None:
    app = InMemoryDeclarations(person)
    for cells, word in (({"end_date": "2026-12-31"}, "departures"), ({"last_name": "Petit"}, "renamings")):
        for said in ((), ("renamings" if word == "departures" else "departures",)):
            refused(NotConfirmedError, app.type, confirmed=said, **cells)
        assert isinstance(app.type(confirmed=(word,), **cells), TakenRow)
    assert app.account().beneficiary.roster == entry(end_date="2026-12-31", last_name="Petit")
    refused(NotConfirmedError, app.type, last_name="Diop", first_name="Zoé")
    taken(app, email=NEW.value)
    assert app.account().proven == person.proven
    assert bool(app.account().owner.quarantine) is (person.status is Status.INVITED)


def test_ten_rows_a_day_can_be_confirmed() -> None:
    people = [invited(f"100000{number:02}") for number in range(1, 12)]
    app = InMemoryDeclarations(*people)
    for person in people[:10]:
        app.type(person.identifier, end_date="2026-12-31", confirmed=("departures",))
    refused(TooManyTodayError, app.type, people[10].identifier, end_date="2026-12-31", confirmed=("departures",))
    assert app.account(people[10].identifier) == people[10]


PEOPLE = [
    invited(),
    active(),
    active(proven={Channel.SMS: MOBILE}, channel=Channel.SMS),
    invited(code_sent_at=1),
    active(closing=None, signed_in_at=5),
]
CELLS = [
    {"email": NEW.value},
    {"email": "", "mobile": ""},
    {"mobile": "06 99 99 99 99"},
    {"first_name": "Louis Marie"},
    {"structure_id": "S2"},
    {"email": "x@"},
    {"usage_name": "Lopez"},
]


@pytest.mark.parametrize("cells", CELLS)
def test_what_comes_of_a_row_is_alike_whether_or_not_the_person_activated(cells: dict[str, str]) -> None:
    seen = []
    for person in PEOPLE:
        app = InMemoryDeclarations(person)
        result = app.type(**cells)  # type: ignore[arg-type]  # cells
        lines = [words_of(event) for event in app.accounts.events.get("10000001", [])]
        seen.append((result, app.notices(), lines))
    assert seen == seen[:1] * len(PEOPLE)


def test_nothing_is_told_where_only_the_mark_of_a_shared_contact_changes() -> None:
    app = InMemoryDeclarations(invited(roster=entry(mobile="")))
    app.accounts.add(active_correspondent("C00000002", email=MAIL.value))
    app.link("C00000002", "S1")
    assert taken(app, first_name="Louis").outcome is ChangeKind.UPDATED
    assert (app.account().beneficiary.roster.shared, app.accounts.events.get("10000001", [])) == (True, [])


def test_a_contact_given_to_the_same_person_again_is_nobody_else_s(app: InMemoryDeclarations) -> None:
    for email in (NEW.value, "", NEW.value):
        taken(app, email=email)
    assert not app.account().beneficiary.roster.shared


def test_a_row_is_written_in_its_sender_s_name_with_what_goes_with_it_and_a_confirmed_one_is_counted() -> None:
    app = InMemoryDeclarations(invited(), invited("10000002"))
    taken(app, "10000002", email=NEW.value)
    app.type(end_date="2026-12-31", confirmed=("departures",))
    row = TypedRow("10000001", app.version(), {Column.EMAIL: "zoe@exemple.fr"}, ())
    ports = single_row.Ports(app.declaration_ports, app.given)
    count = partial(app.counters.count_today, Daily.SINGLE_ROWS, CLAIRE, most=1, now=app.now)
    single_row.take_in_row(ports, CLAIRE, row, context=app.context, extra_writes=lambda: [count()])
    [waiting], journal = app.account().beneficiary.quarantine, app.account().beneficiary.journal
    assert journal
    assert rights_of(journal.import_id) == Rights(CLAIRE)
    assert waiting.agent == journal.import_id
    counted = {scope.rpartition(" ")[0]: number for scope, number in app.counters.days.items()}
    contacts = {f"{Daily.CONTACT_CHANGES} {each}": 1 for each in ("10000001", "10000002")}
    assert counted == {**contacts, f"{Daily.CONFIRMED_ROWS} {CLAIRE}": 1, f"{Daily.SINGLE_ROWS} {CLAIRE}": 1}
