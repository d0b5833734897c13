"""From bytes to rows: what is read, and what is no roster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.roster import files
from activation.domain.roster.columns import Column, RosterRefusedError, read_header, tidy
from activation.domain.roster.files import find_encoding, read_records

HEADER = ";".join(column.value for column in Column)


def pieces(body: bytes, size: int = 5) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def read(body: bytes, size: int = 5) -> list[list[str]]:
    return list(read_records(pieces(body, size), find_encoding(pieces(body, size))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_encodings_delimiters_and_line_ends_are_found(encoding: str, delimiter: str, end: str, size: int) -> None:
    text = delimiter.join(("nom", "prénom")) + end + delimiter.join(("Lefèvre", '"Zoé\nAnne"')) + end
    assert read(text.encode(encoding), size) == [["nom", "prénom"], ["Lefèvre", "Zoé\nAnne"]]


def test_what_was_read_from_a_workbook_is_separated_by_what_nobody_types() -> None:
    assert read(b"a;;;\x1fb,c,\r\n1\x1f2\r\n") == [["a;;;", "b,c,"], ["1", "2"]]


def test_blank_lines_keep_their_place_so_that_rows_are_numbered_as_spreadsheets_do() -> None:
    assert read(b"a;b\n\n1;2\n") == [["a", "b"], [], ["1", "2"]]


SAVE_AS = "Dans le tableur, choisissez « Enregistrer sous », puis « CSV UTF-8 »."
QUOTE = f"un guillemet n'est pas fermé, ou une cellule est démesurée. {SAVE_AS}"
IMAGE = f"Le fichier est une image, pas un CSV. {SAVE_AS}"
UTF_16 = f"Le fichier est un texte en UTF-16 (« Texte Unicode »), pas un CSV. {SAVE_AS}"
OTHER_KINDS = {
    b"": "Le fichier est vide.",
    b"\xef\xbb\xbf \r\n": "Le fichier est vide.",
    b"%PDF-1.7": f"Le fichier est un PDF, pas un CSV. {SAVE_AS}",
    b"\x89PNG\r\n": IMAGE,
    b"\xff\xd8\xff\xe0": IMAGE,
    b"GIF89a": IMAGE,
    b"RIFF": IMAGE,
    b"\x1f\x8b\x08": f"Le fichier est une archive gzip, pas un CSV. {SAVE_AS}",
    b"\xff\xfe" + "identifiant;nom".encode("utf-16-le"): UTF_16,
    b"\xfe\xff" + "identifiant;nom".encode("utf-16-be"): UTF_16,
    b"a;b\n1;\x00\n": f"Le fichier contient des octets nuls : ce n'est pas un CSV. {SAVE_AS}",
    "é;b\n".encode() + "é;b\n".encode("cp1252"): (
        f"Le fichier mélange deux encodages, UTF-8 et Windows-1252. {SAVE_AS}"
    ),
    "é;b\n".encode("cp1252") + "é;b\nwords enough for a chunk of their own\n".encode(): (
        f"Le fichier mélange deux encodages, UTF-8 et Windows-1252. {SAVE_AS}"
    ),
    b"a;b\n\x81;2\n": f"Le fichier n'est ni en UTF-8 ni en Windows-1252. {SAVE_AS}",
    b"a line of words\n": (
        "Le fichier n'est pas un CSV : sa première ligne ne sépare rien par « ; », « , » ou tabulation. " + SAVE_AS
    ),
    b'a;b\n1;"never closed\n': f"Ligne 2 : {QUOTE}",
    b'a;b\n1;"closed" and more;\n': f"Ligne 2 : {QUOTE}",
    b"a;b\n1;2\n1;" + b"x" * 200_000 + b"\n": f"Ligne 3 : {QUOTE}",
    b"x" * 200_000: f"Ligne 1 : {QUOTE}",
}


@pytest.mark.parametrize("size", [3, 1 << 16])
@pytest.mark.parametrize("body", OTHER_KINDS, ids=range(len(OTHER_KINDS)))
def test_what_is_no_roster_is_refused_in_words(body: bytes, size: int) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read(body, max(size, len(body) // 1_000))
    assert str(refused.value) == OTHER_KINDS[body]


def test_ten_million_rows_are_refused_as_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1_000)
    assert len(read(b"a;b\n" * 1_000, 100)) == 1_000
    with pytest.raises(RosterRefusedError) as refused:
        read(b"a;b\n" * 1_001, 100)
    assert str(refused.value) == "Le fichier dépasse 1 000 lignes : partagez-le."


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
    cells = f"{first}|Structure|Correspondant|correspondent_email|telephone du correspondant|Ville|".split("|")
    header = read_header(cells)
    assert header.places[Column.FIRST_NAME] == 0
    assert header.places[Column.MOBILE] == 5
    assert set(header.places) == set(Column)
    assert (header.width, header.ignored) == (14, ("Ville",))


COLUMNS = (
    "« identifiant » (identifier), « nom de naissance » (last_name), « nom d'usage » (usage_name), "
    "« prénom » (first_name), « adresse email » (email), « téléphone mobile » (mobile), "
    "« code structure » (structure_id), « nom de la structure » (structure_name), "
    "« nom du correspondant » (correspondent_name), « email du correspondant » (correspondent_email), "
    "« téléphone du correspondant » (correspondent_phone), « date de fin » (end_date)"
)


@pytest.mark.parametrize(
    ("cells", "missing", "found"),
    [
        ([], COLUMNS, "aucune"),
        (["", "Ville"], COLUMNS, "« Ville »"),
        (
            HEADER.replace("first_name", " Ville  d'avant ").split(";")[:4],
            COLUMNS.replace(COLUMNS[: COLUMNS.index("« prénom")], ""),
            "« identifier », « last_name », « usage_name », « Ville d'avant »",
        ),
    ],
)
def test_missing_columns_are_named_with_what_was_found(cells: list[str], missing: str, found: str) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read_header(cells)
    assert str(refused.value) == (
        f"Il manque ces colonnes : {missing}. Colonnes trouvées : {found}. "
        "La première ligne du fichier doit porter le nom de chaque colonne."
    )


def test_doubled_columns_are_named() -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read_header([*HEADER.split(";"), "Nom", "mail", "matricule", "courriel"])
    assert str(refused.value) == (
        "Ces colonnes sont en double : « identifiant » (identifier), « nom de naissance » (last_name), "
        "« adresse email » (email). Gardez-en une seule."
    )


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("Garcia", "Garcia"),
        ("  Le\u00a0 Goff\r\n", "Le Goff"),
        ("Gar\x1bcia", "Garcia"),
        ("Gar\u202ecia", "Garcia"),
        ("a\tb\u200bc", "a bc"),
        ("\ue000 Œ", "\ue000 Œ"),
    ],
)
def test_a_tidy_text_has_single_spaces_and_nothing_unseen(text: str, tidied: str) -> None:
    assert tidy(text) == tidied
