"""Files without every column, rows without every cell, and rows that are nobody's."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Status
from activation.domain.employment import RosterEntry, Structure
from activation.domain.roster.columns import Column
from activation.domain.roster.imports import Action
from activation.domain.roster.ports import StoredStructure
from activation.domain.roster.rows import STRUCTURE_FIELDS
from activation.imports.batches import change_of, change_values, read_batch
from tests.builders import MAIL, MOBILE, entry, invited
from tests.in_memory.roster import HEADER, LOUIS, STRUCTURE, InMemoryRosterService, counted, line

WHOLE = entry(usage_name="Petit", end_date="2027-01-31")
NEW = "nouveau@exemple.fr"


def service(*people: RosterEntry) -> InMemoryRosterService:
    app = InMemoryRosterService(*(invited(roster=person) for person in people or (WHOLE,)))
    app.structures.rows["S1"] = STRUCTURE
    return app


def take_in(app: InMemoryRosterService, text: str, **said: str) -> list[list[str]]:
    prepared = app.send(text.encode(), apply="yes", **said)
    app.work(prepared, prepared.action)
    return app.findings(prepared)


VALUES: dict[str, Any] = {
    "usage_name": "Moyen",
    "first_name": "Loïc",
    "email": NEW,
    "mobile": "+33698765432",
    "structure_id": "S2",
    "end_date": "2027-01-30",
    "start_date": "2020-09-01",
}
PERSONAL = [column for column in Column if column not in {*STRUCTURE_FIELDS, Column.IDENTIFIER, Column.LAST_NAME}]


@pytest.fixture
def app() -> InMemoryRosterService:
    return service()


@pytest.mark.parametrize("column", PERSONAL)
def test_each_column_alone_changes_only_what_it_says(column: str, app: InMemoryRosterService) -> None:
    unsaid = app.send(b"identifiant;nom\n10000001;Garcia\n", apply="yes")
    assert (counted(unsaid), unsaid.action) == ({"unchanged": 1}, Action.NOTHING)
    take_in(app, f"identifiant;nom;{column}\n10000001;Garcia;{VALUES[column]}\n", confirm_departures="yes")
    assert app.account().beneficiary.roster == replace(WHOLE, **{column: VALUES[column]})
    assert app.structures.rows["S1"] == STRUCTURE


def test_what_is_stored_is_not_judged_where_the_file_says_nothing_of_it() -> None:
    odd = replace(WHOLE, email="of former rules", usage_name="x" * 201, first_name="B?ranger", mobile="39 39")
    app = service(odd)
    structure = Structure("S1", "www.mairie.example", "?laire", "pas d'adresse", "x" * 201)
    app.structures.rows["S1"] = structure
    assert take_in(app, "identifiant;nom;date de fin\n10000001;Garcia;2027-02-01\n") == []
    assert app.account().beneficiary.roster == replace(odd, end_date="2027-02-01")
    assert app.structures.rows["S1"] == structure


NEEDS = "cette cellule est vide : une personne qui n'est pas encore connue a besoin d'une structure"


@pytest.mark.parametrize("text", ["identifiant;nom\n10000002;X\n", "identifiant;nom;SIRET\n10000002;X;\n"])
def test_somebody_new_needs_a_structure_and_nothing_else(text: str, app: InMemoryRosterService) -> None:
    assert take_in(app, f"{text}10000001;Garcia\n") == [["2", "refus", "code structure", NEEDS]]
    assert list(app.accounts.rows) == ["10000001"]
    assert take_in(app, "identifiant;nom;code structure\n10000002;Petit;S1\n10000003;Y;S3\n") == []
    assert app.account("10000002").beneficiary.roster == entry(last_name="Petit", first_name="", email="", mobile="")
    assert app.structures.rows == {"S1": STRUCTURE, "S3": Structure("S3", "")}
    long = f"identifiant;nom;SIRET\n10000001;Garcia;{'x' * 201}\n"
    assert [found[3] for found in take_in(app, long)] == ["plus de 200 caractères"]


@pytest.mark.parametrize("row", [";;", ";Autre;", ""])
def test_whoever_is_known_stays_in_their_structure_where_the_code_is_blank(row: str) -> None:
    app = service()
    text = f"identifiant;nom;email;SIRET;structure;correspondant\n10000001;Garcia;{NEW};{row}\n"
    assert [found for found in take_in(app, text) if found[1] == "refus"] == []
    assert app.account().beneficiary.roster == replace(WHOLE, email=NEW)
    assert app.structures.rows == {"S1": replace(STRUCTURE, name="Autre") if "Autre" in row else STRUCTURE}


def test_a_cell_too_many_is_one_refusal_that_says_so_unless_it_is_empty() -> None:
    app = service()
    header = "identifiant;nom;prénom;email;mobile;code structure"
    prepared = app.send(f"{header}\n10000002;Gar;cia;Louis;a@exemple.fr;;S1\n".encode())
    assert app.findings(prepared) == [["2", "refus", "", TOO_MANY]]
    found = take_in(app, "identifiant;nom;email;;\n10000001;Garcia;autre@exemple.fr;;;;;\n")
    assert "refus" not in str(found)
    assert app.account().beneficiary.roster.email == "autre@exemple.fr"


def test_the_correspondents_own_contact_is_seen_without_their_column() -> None:
    app, mail = service(), STRUCTURE.correspondent_email
    found = take_in(app, f"identifiant;nom;email\n10000001;Garcia;{mail}\n")
    assert found == [["2", "remarque", "adresse email", "c'est aussi le contact du correspondant"], *found[1:]]
    assert (app.account().beneficiary.roster.email, app.account().beneficiary.roster.shared) == (mail, True)


TOO_MANY = "cette ligne a une cellule de trop : un séparateur est en trop, ou un guillemet manque"


def test_where_every_row_ends_in_a_separator_each_fault_is_told(app: InMemoryRosterService) -> None:
    rows = [f"1000000{number};;x@y.fr;" for number in range(2, 9)]
    found = take_in(app, "\n".join(["identifiant;nom;email", "10000001;;no address;", *rows]))
    faults = [["nom de naissance", "cette cellule est vide"], ["adresse email", "ce n'est pas une adresse email"]]
    assert [cells[2:] for cells in found[:2]] == faults


def test_a_list_of_structures_is_no_roster(app: InMemoryRosterService) -> None:
    found = take_in(app, "id;nom;structure;SIRET\n1;Mairie de Lyon;Mairie de Lyon;S5\n2;Petit;Ville;S6\n")
    assert found == [["2", "refus", "nom de naissance", "c'est le nom de la structure : mettez celui de la personne"]]
    assert list(app.accounts.rows) == ["10000001", "2"]


@pytest.mark.parametrize("column", ["structure_name", "correspondent_name", "correspondent_email"])
def test_of_a_structure_only_what_the_file_says_is_changed(column: str, app: InMemoryRosterService) -> None:
    value = "autre@mairie.example" if column == "correspondent_email" else "Autre"
    take_in(app, f"identifiant;nom;{column}\n10000001;Garcia;{value}\n")
    assert app.structures.rows["S1"] == replace(STRUCTURE, **{column.replace("structure_name", "name"): value})


def test_structures_are_read_only_for_files_and_rows_that_do_not_tell_all_of_them(app: InMemoryRosterService) -> None:
    whole = app.check(LOUIS)
    before = app.rosters.reads
    app.check(LOUIS)
    assert app.rosters.reads - before == 2  # people, and every structure of the file once
    app.send(b"identifiant;nom\n10000001;Garcia\n")
    assert (app.rosters.reads - before, whole.refused) == (5, 0)


def test_a_person_who_changed_between_check_and_write_keeps_what_the_file_does_not_say() -> None:
    app = service()
    prepared = app.send(f"identifiant;nom;email\n10000001;Garcia;{NEW}\n".encode(), apply="yes")
    app.change_account(roster=replace(WHOLE, first_name="Loïc", end_date="2027-01-15"))
    app.work(prepared, prepared.action)
    assert app.account().beneficiary.roster == replace(WHOLE, first_name="Loïc", end_date="2027-01-15", email=NEW)
    [batch] = app.batches(prepared)
    assert app.work_on(prepared, Action.APPLY, batch) == {"updated": 1}
    app.accounts.rows.clear()  # whoever is erased meanwhile is not made of what was stored
    app.work(prepared, prepared.action)
    assert app.accounts.rows == {}


def test_a_structure_that_changed_between_check_and_write_keeps_what_the_file_does_not_say() -> None:
    app = service()
    text = "identifiant;nom;nom de la structure\n10000001;Garcia;Autre\n"
    prepared = app.send(text.encode(), apply="yes")
    app.structures.rows["S1"] = replace(STRUCTURE, correspondent_name="Paul")
    app.work(prepared, prepared.action)
    assert app.structures.rows["S1"] == replace(STRUCTURE, name="Autre", correspondent_name="Paul")
    app.structures.rows.clear()
    app.work(prepared, prepared.action)
    again = app.send(b"identifiant;nom;SIRET;structure\n10000001;Garcia;S9;Autre\n", apply="yes")
    app.structures.rows["S9"] = Structure("S9", "Autre", "Paul")
    app.work(again, again.action)
    assert app.structures.rows == {"S1": Structure("S1", "Autre"), "S9": Structure("S9", "Autre", "Paul")}
    assert app.rosters.journals == {"S1": StoredStructure(Structure("S1", "Autre"), prepared.import_id, app.now)}


def test_what_a_file_does_not_say_goes_with_its_batches(app: InMemoryRosterService) -> None:
    prepared = app.send(b"identifiant;nom;mail;structure\n10000001;Garcia;;Autre\n", apply="yes")
    batch = read_batch(app.files, app.batches(prepared)[0])
    [change], [structure] = batch.people, batch.structures
    names = "usage_name first_name mobile structure_id end_date start_date"
    assert change.unsaid == tuple(names.split())
    assert structure.unsaid == ("correspondent_name", "correspondent_email", "correspondent_phone")
    assert change_of(change_values(change)) == change
    former = {name: value for name, value in change_values(change).items() if name != "unsaid"}
    assert change_of(former).unsaid == ()


def test_undoing_a_partial_file_restores_everything_and_whoever_left_is_not_invited_again_by_one() -> None:
    app = service()
    prepared = app.send(f"identifiant;nom;email;structure\n10000001;Autre;{NEW};X\n".encode(), apply="yes")
    app.work(prepared, prepared.action)
    assert app.undo(prepared) == {}
    assert (app.account().beneficiary.roster, app.structures.rows) == (WHOLE, {"S1": STRUCTURE})
    left = invited(roster=replace(WHOLE, end_date="2020-01-01"), status=Status.CLOSED, closed_at=5)
    prepared = InMemoryRosterService(left).send(f"identifiant;nom;email\n10000001;Garcia;{NEW}\n".encode(), apply="yes")
    assert counted(prepared) == {"unchanged": 1}


ERASED = "cellule absente à la fin de la ligne : ce qui était connu est effacé"


def test_cells_missing_at_the_end_of_a_row_are_empty_and_what_they_erase_is_remarked() -> None:
    app = service()
    cells = dict(zip(HEADER, line(email=MAIL.value, mobile=MOBILE.value, usage_name="Petit").values(), strict=True))
    text = f"{';'.join(HEADER)}\n{';'.join(list(cells.values())[:9])}\nTotal;1\n"
    assert take_in(app, text) == [
        ["2", "remarque", "email du correspondant", ERASED],
        ["2", "remarque", "date de fin", ERASED],
        ["3", "remarque", "identifiant", "ligne de total : laissée de côté"],
        ["2", "remarque", "email du correspondant", "le correspondant de la structure S1 est effacé"],
    ]
    assert app.account().beneficiary.roster == replace(WHOLE, end_date="")
    assert app.structures.rows["S1"] == replace(STRUCTURE, correspondent_email="")
    app = service(entry())
    short = f"{';'.join(HEADER)}\n{';'.join(LOUIS.values()).rstrip(';')}\n10000002;Petit;;;;;S9\n"
    assert (take_in(app, short), app.account().beneficiary.roster) == ([], entry())
    assert app.account("10000002").beneficiary.roster.last_name == "Petit"
    unnamed = {column: "" if column.startswith(("structure", "correspondent")) else cells[column] for column in HEADER}
    take_in(app, f"{';'.join(HEADER)}\n{';'.join(unnamed.values())}\n")
    assert app.structures.rows["S1"] == STRUCTURE


HEADERS = ["identifiant;nom;email", "IDENTIFIANT;NOM;EMAIL", "Identifiant*;Nom de naissance;"]
TOTALS = [
    *("Total;1", "\u00a0;Total", "TOTAL : 1", ";Total général;;1", "Sous-total;2"),
    *("Nombre d'agents : 34", "Effectif;;34", "Nb;1"),
]


@pytest.mark.parametrize("row", TOTALS + HEADERS)
def test_totals_and_headers_that_come_again_are_left_aside_and_said(row: str, app: InMemoryRosterService) -> None:
    prepared = app.send(f"identifiant;nom;email\n10000001;Garcia;{MAIL.value}\n{row}\n".encode())
    said = "ligne de titres répétée : laissée de côté" if row in HEADERS else "ligne de total : laissée de côté"
    assert app.findings(prepared) == [["3", "remarque", "identifiant", said]]
    assert (prepared.rows, prepared.refused, counted(prepared)) == (1, 0, {"unchanged": 1})


NO_TOTALS = {"nom;identifiant\nTotal;10000001\n": 0, "identifiant;nom\n10000001;Nombre\n": 0} | {
    f"identifiant;nom;email\n10000001;Garcia;\n{row}\n": 1 for row in ("Totalement;1", "A;B;Total", "x;Total")
}


@pytest.mark.parametrize("text", NO_TOTALS)
def test_somebody_of_such_a_name_and_other_rows_are_no_totals(text: str) -> None:
    prepared = service().send(text.encode())
    assert (prepared.refused, sum(counted(prepared).values())) == (NO_TOTALS[text], 1)


@pytest.mark.parametrize("blank", ["", ";;", "\u00a0; ;", "\u200b;\ufeff;\t", '"";"";""', " "])
def test_rows_that_look_empty_are_none_and_numbers_stay_the_spreadsheets(blank: str) -> None:
    app = service()
    text = f"sep=;\nListe des agents\n{blank}\nidentifiant;nom;email\n{blank}\n10000001;;\n{blank}\n"
    assert app.findings(app.send(text.encode())) == [["5", "refus", "nom de naissance", "cette cellule est vide"]]


def test_a_row_whose_letters_were_lost_is_refused_and_letters_encoded_twice_are_taken_as_they_were() -> None:
    app = service()
    text = "identifiant;nom;prénom;structure;code structure\n10000001;B?ranger;Lef‚bure;C½ur;S1\n"
    reason = "des lettres y sont perdues : retapez-les, puis enregistrez en « CSV UTF-8 »"
    columns = ("nom de naissance", "prénom", "nom de la structure")
    assert app.findings(app.send(text.encode())) == [["2", "refus", column, reason] for column in columns]
    take_in(app, "identifiant;nom;prÃ©nom;code structure\n10000002;BÃ©ranger;LÃ\u00a0-bas;S1\n")
    taken = app.account("10000002").beneficiary.roster
    assert (taken.last_name, taken.first_name) == ("Béranger", "Là-bas")


ENCODINGS = {"cp850": "CP850 (« CSV MS-DOS »)", "mac_roman": "Mac Roman", "cp1252": "Windows-1252"}


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-8", "utf-16"])
def test_the_report_says_which_encoding_was_told_from_the_letters(encoding: str, app: InMemoryRosterService) -> None:
    text = "identifiant;nom;prénom;code structure\n10000002;Béranger;Zoé;S1\n"
    prepared = app.send(text.encode(encoding), apply="yes")
    app.work(prepared, prepared.action)
    assert app.account("10000002").beneficiary.roster.last_name == "Béranger"
    lines = app.report(prepared, prepared.action)["lines"]
    name = ENCODINGS.get(encoding)
    said = [f"Fichier lu en {name}, d'après ses lettres : vérifiez les accents."] if name else []
    assert [told for told in lines if told.startswith("Fichier lu")] == said


SPLIT: dict[str, dict[str, Any]] = {
    "DUPONT Marie": {"last_name": "DUPONT", "first_name": "Marie"},
    "DUPONT épouse MARTIN": {"last_name": "DUPONT", "usage_name": "MARTIN"},
    "MARTIN née DUPONT": {"last_name": "DUPONT", "usage_name": "MARTIN"},
}
MOVED = "il était avec le nom de naissance : il est mis dans sa colonne"


@pytest.mark.parametrize("name", SPLIT)
def test_a_name_that_is_split_off_is_taken_in_without_a_column_of_its_own(name: str) -> None:
    app = service()
    text = f"identifiant;nom;code structure\n10000002;{name};S1\n"
    assert [cells[3] for cells in take_in(app, text)] == [MOVED]
    blank = entry(first_name="", usage_name="", email="", mobile="")
    assert app.account("10000002").beneficiary.roster == replace(blank, **SPLIT[name])
    prepared = app.send(text.encode())
    assert (counted(prepared), app.findings(prepared)) == ({"unchanged": 1}, [])


@pytest.mark.parametrize("name", SPLIT)
@pytest.mark.parametrize("on_file", [{}, {"first_name": "Marie"}, {"usage_name": "Martin"}, {"first_name": "Louise"}])
def test_words_and_deed_agree_on_what_is_split_off(name: str, on_file: dict[str, str]) -> None:
    before = entry(last_name="Dupont", **{"first_name": "", "usage_name": "", **on_file})
    app = service(before)
    told = {(column, text) for _, _, column, text in take_in(app, f"identifiant;nom\n10000001;{name}\n")}
    after = app.account().beneficiary.roster
    moved = {"prénom": after.first_name != before.first_name, "nom d'usage": after.usage_name != before.usage_name}
    assert {column for column, text in told if text == MOVED} == {column for column, is_so in moved.items() if is_so}
    for column, stored in on_file.items():
        assert getattr(after, column) == stored


@pytest.mark.parametrize("name", SPLIT)
def test_whoever_was_erased_since_the_check_gets_nothing_back_of_what_was_stored(name: str) -> None:
    app = service(entry(last_name="Dupont", first_name="Zoé", usage_name="Petit", mobile=MOBILE.value))
    text = f"identifiant;nom;email;code structure\n10000001;{name};{NEW};S1\n"
    prepared = app.send(text.encode(), apply="yes", confirm_renamings="yes", confirm_changes="yes")
    app.accounts.rows.clear()
    app.work(prepared, prepared.action)
    after = app.account().beneficiary.roster
    assert not {"Zoé", "Petit", MOBILE.value} & {after.first_name, after.usage_name, after.mobile}
