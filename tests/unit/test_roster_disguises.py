"""Whatever a roster comes as, its report and the tables are the same."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.in_memory_roster import InMemoryRosterService, Row, as_csv, counted, line
from tests.unit.roster_disguises import FILES, ToFile, tables

ERASED = "cellule absente à la fin de la ligne : ce qui était connu est effacé"

people = st.lists(
    st.builds(
        line,
        st.sampled_from([f"1000000{number}" for number in range(6)]),
        last_name=st.sampled_from(
            ["Garcia", "Béranger", "Lefèvre", "D’Almeida-Cœur", "LE GOFF", "Noël", "?", "B?ranger"]
        ),
        usage_name=st.sampled_from(["", "Ménétrier"]),
        first_name=st.sampled_from(["Louis", "Zoé", "Anaïs", "François", ""]),
        email=st.sampled_from(["", "a@exemple.fr", "b@exemple.fr", "claire@mairie.example", "no address"]),
        mobile=st.sampled_from(["", "0612345678", "06 23 45 67 89", "3939"]),
        structure_id=st.sampled_from(["S1", "S2", ""]),
        structure_name=st.sampled_from(["Mairie de l’Été", "C.C.A.S. ; annexe"]),
        end_date=st.sampled_from(["", "2027-01-31", "31/12/2026", "2026-12-01", "demain"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(people, people, st.one_of(FILES), st.data())
def test_any_disguise_of_a_roster_gives_the_same_report_and_the_same_tables(
    first: Sequence[Row], second: Sequence[Row], to_file: ToFile, data: st.DataObject
) -> None:
    plain, disguised = InMemoryRosterService(), InMemoryRosterService()
    for app in (plain, disguised):
        app.take_in(*first, confirm_departures="yes")
    table = data.draw(tables(second))
    expected = taken_in(plain, as_csv(second), list(range(2, len(second) + 2)))
    assert taken_in(disguised, to_file(table.rows), table.numbers) == expected
    assert disguised.stored_rosters() == plain.stored_rosters()
    assert disguised.structures.rows == plain.structures.rows


def taken_in(app: InMemoryRosterService, body: bytes, numbers: list[int]) -> tuple[object, ...]:
    """What comes of a file: everything that its report says, with people's places for row numbers."""
    prepared = app.send(body, apply="yes")
    app.work(prepared, prepared.action)
    places = {str(number): place for place, number in enumerate(numbers)}
    findings = [(places[row], *said) for row, *said in app.findings(prepared) if row and said[-1] != ERASED]
    return prepared.refusal, prepared.action, prepared.rows, counted(prepared), prepared.unconfirmed, findings
