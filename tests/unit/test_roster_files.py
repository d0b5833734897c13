"""From bytes to rows: what is read, and what is no roster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.roster import columns, files
from activation.domain.roster.columns import OTHER_NAMES, Column, RosterRefusedError, find_header, read_header
from activation.domain.roster.files import find_encoding, read_records
from tests.unit.refusals import refused

HEADER = ";".join(column.value for column in Column)


def pieces(body: bytes, size: int = 5) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def read(body: bytes, size: int = 5) -> list[list[str]]:
    return list(read_records(pieces(body, size), find_encoding(pieces(body, size))))


def guessed(body: bytes) -> str:
    return find_encoding(pieces(body)).guessed


OF_WINDOWS_DOS_AND_MAC = {"cp1252": "Windows-1252", "cp850": "CP850 (« CSV MS-DOS »)", "mac_roman": "Mac Roman"}
ENCODINGS = dict.fromkeys(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], "") | OF_WINDOWS_DOS_AND_MAC


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_encodings_delimiters_and_line_ends_are_found(encoding: str, delimiter: str, end: str, size: int) -> None:
    text = delimiter.join(("nom", "prénom")) + end + delimiter.join(("Lefèvre", '"Zoé\nAnne"')) + end
    assert read(text.encode(encoding), size) == [["nom", "prénom"], ["Lefèvre", "Zoé\nAnne"]]
    assert guessed(text.encode(encoding)) == ENCODINGS[encoding]


def test_the_words_of_a_whole_file_tell_its_encoding_and_not_its_last_ones() -> None:
    names = "".join(f"Béranger;Gaëlle;{place}\n" for place in range(100)).encode("mac_roman")
    assert find_encoding([names, "Zoé\n".encode("cp1252")]).other == "mac_roman"


ROWS = {
    b"a;b\n\n1;2\n": [["a", "b"], [], ["1", "2"]],
    b"a;;;\x1fb,c,\r\n1\x1f2\r\n": [["a;;;", "b,c,"], ["1", "2"]],
    b"\xff\xfe" + "nom\tprénom\r\nŒ\tZoé\r\n".encode("utf-16-le"): [["nom", "prénom"], ["Œ", "Zoé"]],
    b"\xfe\xff" + "nom\tprénom\r\nŒ\tZoé\r\n".encode("utf-16-be"): [["nom", "prénom"], ["Œ", "Zoé"]],
    b"nom;pr\xe9nom\nx;\x81\n": [["nom", "prénom"], ["x", "\ufffd"]],
    "nom;prénom\nl’été;x\n".encode("mac_roman"): [["nom", "prénom"], ["l’été", "x"]],
}
ROW_NAMES = ["blank lines", "from a workbook", "utf-16-le", "utf-16-be", "no letter", "letters that are UTF-8 too"]


@pytest.mark.parametrize("body", ROWS, ids=ROW_NAMES)
def test_rows_are_read_as_they_stand_and_numbered_as_spreadsheets_do(body: bytes) -> None:
    assert read(body) == ROWS[body]


SAVE = "Dans le tableur, choisissez « Enregistrer sous », puis « CSV UTF-8 »."
LONG = f"une cellule est démesurée. {SAVE}"
IMAGE = f"Le fichier est une image, pas un CSV. {SAVE}"
NO_CSV = f"Le fichier n'est pas un CSV : ses premières lignes ne séparent rien par « ; », « , » ou tabulation. {SAVE}"
OTHER_KINDS = {
    b"": "Le fichier est vide.",
    b"\xef\xbb\xbf \r\n": "Le fichier est vide.",
    b"\xff\xfe": "Le fichier est vide.",
    b"\xfe\xff" + " \n".encode("utf-16-be"): "Le fichier est vide.",
    b"%PDF-1.7": f"Le fichier est un PDF, pas un CSV. {SAVE}",
    b"\x89PNG\r\n": IMAGE,
    b"\xff\xd8\xff\xe0": IMAGE,
    b"GIF89a": IMAGE,
    b"RIFF": IMAGE,
    b"\x1f\x8b\x08": f"Le fichier est une archive gzip, pas un CSV. {SAVE}",
    b"a;b\n1;\x00\n": f"Le fichier contient des octets nuls : ce n'est pas un CSV. {SAVE}",
    b"a line of words\n": NO_CSV,
    b"a;b\n1;2\n1;" + b"x" * 200_000 + b"\n": f"Ligne 3 : {LONG}",
    b"x" * 200_000: f"Ligne 1 : {LONG}",
}


@pytest.mark.parametrize("size", [3, 1 << 16])
@pytest.mark.parametrize("body", OTHER_KINDS, ids=lambda body: str(body[:30]))
def test_what_is_no_roster_is_refused_in_words(body: bytes, size: int) -> None:
    assert str(refused(RosterRefusedError, read, body, max(size, len(body) // 1_000))) == OTHER_KINDS[body]


def test_ten_million_rows_are_refused_as_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1_000)
    assert len(read(b"a;b\n" * 1_000, 100)) == 1_000
    error = refused(RosterRefusedError, read, b"a;b\n" * 1_001, 100)
    assert str(error) == "Le fichier dépasse 1 000 lignes : partagez-le."


LINES_OF_TWO_ENCODINGS = [
    ("cp1252", "Lefèvre;Zoé", "UTF-8 et Windows-1252, selon les lignes"),
    ("cp850", "Lefèvre;Zoé", "UTF-8 et CP850 (« CSV MS-DOS »), selon les lignes"),
    ("mac_roman", "l’été;Zoé", "UTF-8 et Mac Roman, selon les lignes"),
]


@pytest.mark.parametrize(("encoding", "names", "said"), LINES_OF_TWO_ENCODINGS)
def test_a_file_of_two_encodings_is_read_line_by_line(encoding: str, names: str, said: str) -> None:
    body = "nom;prénom\n".encode() + f"{names}\n".encode(encoding) + f"{names}\n".encode()
    assert (read(body), guessed(body)) == ([["nom", "prénom"], names.split(";"), names.split(";")], said)


def test_no_more_words_than_needed_tell_encodings_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_WORDS", 1)
    assert guessed(("Béranger;x\n" * 200 + "B‚B;x\nB‚B‚B;x\n").encode("cp1252")) == "Windows-1252"


def test_all_letters_of_a_word_tell_whether_it_was_encoded_twice() -> None:
    assert not find_encoding(pieces("ŁÃ©on;a;b;ŁÃ©on\n".encode(), 1_000)).is_doubled


NAMES, LOUIS = "identifiant;nom;prénom;email\n", ["1", "Gar", '"Louis', "a"]
STRAY = {
    '1;Gar"cia;Louis;a\n2;P;R;b\n': [["1", 'Gar"cia', "Louis", "a"], ["2", "P", "R", "b"]],
    '1;Gar;"Louis;a\n2;P;R;b\n': [LOUIS, ["2", "P", "R", "b"]],
    '1;"Gar";"Louis;a\n2;"P;""x";R;b\n': [LOUIS, ["2", 'P;"x', "R", "b"]],
    '1;Gar;"Louis;a\n2;P;R;b\n3;S;"Rose";c\n': [LOUIS, ["2", "P", "R", "b"], ["3", "S", "Rose", "c"]],
    '1;Gar;"Louis;a\n2;P;R;b\n3;S;Rose";c\n': [LOUIS, ["2", "P", "R", "b"], ["3", "S", 'Rose"', "c"]],
    '1;Gar;"Louis;a\n2;P";R;b\n': [LOUIS, ["2", 'P"', "R", "b"]],
    '1;"Le\rGoff";"x;y;z";a\n': [["1", "Le\rGoff", "x;y;z", "a"]],
    '1;Gar;"Louis" dit Lou;a\n': [["1", "Gar", '"Louis" dit Lou', "a"]],
    '1;"Le\nGoff";"Yann\r\nMarie";a\n': [["1", "Le\nGoff", "Yann\r\nMarie", "a"]],
    '1;Gar;"Louis;\nMarie";a\n': [["1", "Gar", "Louis;\nMarie", "a"]],
    '1;"G ""a"" r";"Louis;LACROIX\n2;P;R;b \n': [["1", 'G "a" r', '"Louis', "LACROIX"], ["2", "P", "R", "b "]],
    '1;Gar;"Louis;a \n': [[*LOUIS[:3], "a "]],
    '1;Gar;"never closed;a\n': [["1", "Gar", '"never closed', "a"]],
}


@pytest.mark.parametrize("body", STRAY)
def test_a_stray_quotation_mark_is_a_character_and_takes_no_other_row_with_it(body: str) -> None:
    assert read((NAMES + body).encode())[1:] == STRAY[body]


def test_a_quotation_mark_is_a_stray_one_when_no_other_comes_in_fifty_lines() -> None:
    rows = "x\n" * 50
    assert len(read(f'{NAMES}1;"Gar\n{rows}x";;\n'.encode())) == 53
    assert len(read(f'{NAMES}1;"Gar\n{rows[:-2]}x";;\n'.encode())) == 2
    wider = NAMES.replace("email", "email;mobile")
    assert len(read(f'{wider}1;Gar;"Louis;a\n2;P"\n'.encode())) == 3


def test_many_stray_quotation_marks_cost_no_more_than_their_rows() -> None:
    rows = read(NAMES.encode() + b'1;"Gar;Louis;a\n' * 3_000, 10_000)
    assert rows[1:] == [["1", '"Gar', "Louis", "a"]] * 3_000


TITLE = "Agents, de la mairie, de, X, et Y"
DELIMITED = {
    "sep=;\nidentifiant;nom\n1;2\n": [["identifiant", "nom"], ["1", "2"]],
    '\ufeff"SEP=|"\r\nidentifiant|nom\n1|2\n': [["identifiant", "nom"], ["1", "2"]],
    f"{TITLE}\n\nidentifiant;nom\n1;2\n": [[TITLE], [], ["identifiant", "nom"], ["1", "2"]],
    "sep=;": [],
}


@pytest.mark.parametrize("body", DELIMITED)
def test_the_delimiter_is_the_one_that_is_named_or_that_the_header_has(body: str) -> None:
    assert read(body.encode()) == DELIMITED[body]


def test_a_line_has_a_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_LINE_CHARACTERS", 10)
    assert read(b"a;b\n1234;567\n") == [["a", "b"], ["1234", "567"]]
    with pytest.raises(RosterRefusedError, match="démesurée"):
        read(b"a;b\n1234;5678\n")


@given(st.binary(max_size=300), st.integers(1, 20))
def test_no_bytes_whatever_do_more_than_be_refused(body: bytes, size: int) -> None:
    try:
        rows = read(body, size)
    except RosterRefusedError:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_the_columns_are_found_in_any_order_and_in_french_or_english() -> None:
    first = "PRENOM|  Nom_d'usage |Identifiant|NOM DE NAISSANCE|e-mail|Téléphone  Portable|Date de fin|code structure"
    more = "Structure|Correspondant|correspondent_email|telephone du correspondant|Début des droits|Ville|"
    header = read_header(f"{first}|{more}".split("|"))
    assert (header.places[Column.FIRST_NAME], header.places[Column.MOBILE]) == (0, 5)
    assert (set(header.places), header.width, header.ignored) == (set(Column), 15, ("Ville",))
    for column in Column:  # and no word names two columns
        for name in (column.value, *columns.FRENCH_NAMES[column], *OTHER_NAMES[column]):
            assert find_header(iter([_with_required(column, name)])).places[column] == 0, name
    assert sum(map(len, OTHER_NAMES.values())) >= 24


REQUIRED = "« identifiant » (identifier), « nom de naissance » (last_name)"


OTHER = "Ville d'avant"
MISSING = [
    ([], REQUIRED, "aucune"),
    ([["", "Ville"]], REQUIRED, "« Ville »"),
    ([["Agents", "de", "X"], ["nom", "e-mail"], ["Garcia", ""]], "« identifiant » (identifier)", "« nom », « e-mail »"),
    ([["Nom de l'agent"], ["Garcia", "a"]], "« identifiant » (identifier)", "« Nom de l'agent »"),
    ([["identifiant", " Ville  d'avant "]], "« nom de naissance » (last_name)", f"« identifiant », « {OTHER} »"),
    ([*[[""]] * 20, HEADER.split(";")], REQUIRED, "aucune"),
]


@pytest.mark.parametrize(("rows", "missing", "found"), MISSING)
def test_missing_columns_are_named_with_what_was_found(rows: list[list[str]], missing: str, found: str) -> None:
    error = refused(RosterRefusedError, find_header, iter(rows))
    assert str(error) == (
        f"Il manque ces colonnes : {missing}. Colonnes trouvées : {found}. "
        "Une des 20 premières lignes du fichier doit porter le nom de chaque colonne."
    )


def test_a_column_that_does_not_count_is_not_read_and_named_among_those_of_no_use() -> None:
    header = read_header(["identifiant", "nom", "SIRET"]).without([Column.LAST_NAME])
    assert header.places == {Column.IDENTIFIER: 0, Column.STRUCTURE_ID: 2}
    assert header.ignored == ("nom de naissance",)


def test_doubled_columns_are_named() -> None:
    error = refused(RosterRefusedError, read_header, [*HEADER.split(";"), "Nom", "mail", "matricule", "courriel"])
    assert str(error) == (
        "Ces colonnes sont en double : « identifiant » (identifier), « nom de naissance » (last_name), "
        "« adresse email » (email). Gardez-en une seule."
    )


def _with_required(column: Column, name: str) -> list[str]:
    return [name, *(other for other in (Column.IDENTIFIER, Column.LAST_NAME) if other is not column)]


EXPORTS = {
    **dict.fromkeys(["Tél. portable", "Tél. mobile perso", "Tel mobile agent"], Column.MOBILE),
    **dict.fromkeys(["N° identifiant", "Identifiant CNAS", "Nº de matricule *"], Column.IDENTIFIER),
    **dict.fromkeys(["1. Identifiant", "Identifiant (obligatoire)"], Column.IDENTIFIER),
    **dict.fromkeys(["nom_obligatoire", "Nom\nde naissance* :", "Nom de l'agent"], Column.LAST_NAME),
    "Nom de naissance de l'agent": Column.LAST_NAME,
    **dict.fromkeys(["Nom (d'usage)", "Nom usage"], Column.USAGE_NAME),
    **dict.fromkeys(["2) Prénom", "PrÃ©nom"], Column.FIRST_NAME),
    **dict.fromkeys(["E-mail perso", "Courriel professionnel", "Mél"], Column.EMAIL),
    "Email (correspondant)": Column.CORRESPONDENT_EMAIL,
    **dict.fromkeys(["Identifiant de la structure", "N° SIRET"], Column.STRUCTURE_ID),
    **dict.fromkeys(["Fin des droits", "Date fin", "Dt. de fin (JJ/MM/AAAA)"], Column.END_DATE),
}
UNKNOWN = ["Téléphone", "E-mail 2", "N°", "Agent", "Nom Prénom", "Date de naissance", "Code postal", "Pro", "Statut"]


@pytest.mark.parametrize("name", EXPORTS)
def test_headers_of_employers_exports_are_understood(name: str) -> None:
    assert read_header(_with_required(EXPORTS[name], name)).places[EXPORTS[name]] == 0


@pytest.mark.parametrize("name", UNKNOWN)
def test_headers_that_may_be_anything_are_ignored(name: str) -> None:
    assert read_header(["identifiant", "nom", name]).ignored == (name,)


def test_of_two_headers_for_a_column_the_one_in_so_many_words_counts() -> None:
    header = read_header(["identifiant", "Nom de l'agent", "nom", "Courriel professionnel", "e-mail"])
    assert (header.places[Column.LAST_NAME], header.places[Column.EMAIL]) == (2, 4)
    assert header.ignored == ("Nom de l'agent", "Courriel professionnel")
    with pytest.raises(RosterRefusedError, match="en double"):
        read_header(["identifiant", "nom", "Courriel professionnel", "E-mail perso"])


def test_the_header_may_stand_below_a_title_and_its_row_is_told() -> None:
    header = find_header(iter([["Liste des agents"], [], ["identifiant", "nom", "e-mail", "", ""], ["1", "x"]]))
    assert (header.row, header.width) == (3, 5)
    assert header.places == {Column.IDENTIFIER: 0, Column.LAST_NAME: 1, Column.EMAIL: 2}
    assert find_header(iter([[""]] * 19 + [["identifiant", "nom"]])).row == 20


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "mac_roman"])
def test_utf_8_that_was_saved_twice_is_told(codec: str) -> None:
    assert guessed("1;Béranger;x".encode().decode(codec).encode()) == "UTF-8 enregistré deux fois"


@pytest.mark.parametrize("text", ["1;Béranger", "1;SÃO PAULO", "1;Château", "1;ÂGÉ", "1;Garcia"])
def test_utf_8_that_was_saved_once_is_nothing_to_tell(text: str) -> None:
    assert guessed(text.encode()) == ""
