"""What holds for any two rosters."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry, Structure
from activation.domain.roster.imports import Action, Prepared
from tests.in_memory.roster import InMemoryRosterService, line

IDENTIFIERS = [f"1000000{number}" for number in range(6)]
CORRESPONDENT = line()["correspondent_email"]
WORDS = dict.fromkeys(["confirm_departures", "confirm_renamings", "confirm_changes"], "yes")
Rows = Mapping[str, dict[str, str]]

_cells = st.fixed_dictionaries(
    {
        "last_name": st.sampled_from(["Garcia", "Le Goff", "?"]),
        "email": st.sampled_from(["", "a@exemple.fr", "b@exemple.fr", CORRESPONDENT, "no address"]),
        "mobile": st.sampled_from(["", "0612345678", "06 23 45 67 89"]),
        "structure_id": st.sampled_from(["S1", "S2"]),
        "structure_name": st.just("Mairie"),
        "end_date": st.sampled_from(["", "2027-01-31", "2026-12-01"]),
    }
)
rosters = st.dictionaries(st.sampled_from(IDENTIFIERS), _cells, min_size=1)


def take_in(app: InMemoryRosterService, rows: Rows, words: Mapping[str, str] = WORDS) -> Prepared:
    return app.take_in(*(line(identifier, **cells) for identifier, cells in rows.items()), **words)


def is_good(cells: Mapping[str, str]) -> bool:
    return cells["last_name"] != "?" and cells["email"] != "no address"


def stored(app: InMemoryRosterService) -> tuple[dict[str, RosterEntry], dict[str, Structure]]:
    return app.stored_rosters(), dict(app.structures.rows)


def contacts(cells: Mapping[str, str]) -> set[str]:
    return {cells["email"], cells["mobile"].replace(" ", "")} - {""}


def sharing(rows: Rows) -> set[str]:
    """Who has a contact that the file has for somebody else, on a refused row too, or for the correspondent."""
    times = Counter(contact for cells in rows.values() for contact in contacts(cells))
    return {
        name
        for name, cells in rows.items()
        if any(times[contact] > 1 or contact == CORRESPONDENT for contact in contacts(cells))
    }


def marked(*files: Rows) -> set[str]:
    """Who is marked after these files: by the latest, or by an earlier one for as long as one of the contacts stays."""
    marks: set[str] = set()
    stored: dict[str, set[str]] = {}
    for rows in files:
        good = {name: contacts(cells) for name, cells in rows.items() if is_good(cells)}
        kept = {name for name, said in good.items() if said & stored.get(name, set())}
        marks = (marks - (good.keys() - kept)) | (sharing(rows) & good.keys())
        stored |= good
    return marks


@settings(max_examples=30, deadline=None)
@given(rosters, rosters)
def test_one_roster_after_another_leaves_the_tables_as_both_together(first: Rows, second: Rows) -> None:
    one_by_one, at_once = InMemoryRosterService(), InMemoryRosterService()
    take_in(one_by_one, first)
    take_in(one_by_one, second)
    good = {name: cells for rows in (first, second) for name, cells in rows.items() if is_good(cells)}
    for name, cells in good.items():
        take_in(at_once, {name: cells})
    marks = marked(first, second)
    expected = {name: replace(entry, shared=name in marks) for name, entry in at_once.stored_rosters().items()}
    assert one_by_one.stored_rosters() == expected
    assert one_by_one.structures.rows.items() >= at_once.structures.rows.items()  # employers stay
    before = stored(one_by_one)
    take_in(one_by_one, second)
    assert stored(one_by_one) == before


def all_of(last_name: str) -> Rows:
    cells = {"last_name": last_name, "email": "", "mobile": "", "structure_id": "S1", "structure_name": "Mairie"}
    return {name: {**cells, "end_date": ""} for name in IDENTIFIERS}


ALL_RENAMED = all_of("Garcia"), all_of("Le Goff")


@settings(max_examples=30, deadline=None)
@example(*ALL_RENAMED)
@given(rosters, rosters)
def test_what_waits_for_its_word_changes_nobody_until_it_is_said(first: Rows, second: Rows) -> None:
    waiting, at_once = InMemoryRosterService(), InMemoryRosterService()
    for app in (waiting, at_once):
        take_in(app, first)
    before = waiting.stored_rosters()
    take_in(at_once, second)
    prepared = take_in(waiting, second, {})
    withheld = {found[0] for found in waiting.findings(prepared) if found[1] == "à confirmer"}
    assert withheld or (first, second) != ALL_RENAMED
    after = waiting.stored_rosters()
    for number, name in enumerate(second, 2):
        expected = before if str(number) in withheld else at_once.stored_rosters()
        assert after.get(name) == expected.get(name)
    take_in(waiting, second)
    assert waiting.stored_rosters() == at_once.stored_rosters()


@settings(max_examples=30, deadline=None)
@given(rosters, rosters, st.sets(st.sampled_from(IDENTIFIERS)), st.data())
def test_undo_restores_every_roster_but_of_whoever_was_active_since(
    first: Rows, second: Rows, actives: set[str], data: st.DataObject
) -> None:
    app = InMemoryRosterService()
    take_in(app, first)
    before = app.stored_rosters()
    rows = [line(identifier, **cells) for identifier, cells in second.items()]
    prepared = app.take_in(*rows, **WORDS)
    if prepared.action is Action.NOTHING:
        return
    after = app.stored_rosters()
    changed = {name for name in after if before.get(name) != after[name]}
    for name in actives & after.keys():
        app.change_account(name, status=Status.ACTIVE)
    for batch in data.draw(st.permutations(app.batches(prepared) * 2)):
        app.work_on(prepared, Action.UNDO, batch)
    expected = {name: entry for name, entry in before.items() if name not in actives & changed}
    expected |= {name: after[name] for name in actives & changed}
    assert (app.stored_rosters(), set(app.undo(prepared))) == (expected, actives & changed)


@settings(max_examples=30, deadline=None)
@given(rosters, rosters, st.booleans())
def test_two_rosters_at_once_end_as_one_after_the_other(first: Rows, second: Rows, swapped: bool) -> None:
    app = InMemoryRosterService()
    checked = [
        app.check(*(line(name, **cells) for name, cells in rows.items()), **WORDS, apply="yes")
        for rows in (first, second)
    ]
    for prepared in reversed(checked) if swapped else checked:
        app.work(prepared, prepared.action)
    last, other = (first, second) if swapped else (second, first)
    in_turn = InMemoryRosterService()
    take_in(in_turn, other)
    take_in(in_turn, last)
    assert app.stored_rosters() == in_turn.stored_rosters()
    assert all(account.version <= 2 for account in app.accounts.rows.values())
