"""From bytes to rows: what is read, and what is no roster."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.roster import files
from activation.domain.roster.columns import Column, RosterRefusedError, read_header
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


def test_blank_lines_keep_their_place_so_that_rows_are_numbered_as_spreadsheets_do() -> None:
    assert read(b"a;b\n\n1;2\n") == [["a", "b"], [], ["1", "2"]]


OTHER_KINDS = {
    b"": "Le fichier est vide",
    b"\xef\xbb\xbf \r\n": "Le fichier est vide",
    b"PK\x03\x04 and so on": "xlsx",
    b"\xd0\xcf\x11\xe0\xa1": "xls",
    b"%PDF-1.7": "un PDF",
    b"\x89PNG\r\n": "une image",
    b"\xff\xd8\xff\xe0": "une image",
    b"GIF89a": "une image",
    b"\x1f\x8b\x08": "gzip",
    "identifiant;nom".encode("utf-16"): "UTF-16",
    b"a;b\n1;\x00\n": "octets nuls",
    "é;b\n".encode() + "é;b\n".encode("cp1252"): "mélange deux encodages",
    b"a;b\n\x81;2\n": "ni en UTF-8 ni en Windows-1252",
    b"a line of words\n": "n'est pas un CSV",
    b'a;b\n1;"never closed\n': "Ligne 2 : un guillemet",
    b'a;b\n1;"closed" and more;\n': "Ligne 2 : un guillemet",
    b"a;b\n1;" + b"x" * 1_000_000 + b"\n": "Ligne 2 : un guillemet",
    b"x" * 1_000_000: "Ligne 1 : un guillemet",
}


@pytest.mark.parametrize("body", OTHER_KINDS, ids=OTHER_KINDS.values())
def test_what_is_no_roster_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(RosterRefusedError, match=re.escape(OTHER_KINDS[body])):
        read(body, 1 << 16)


def test_ten_million_rows_are_refused_as_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 10)
    with pytest.raises(RosterRefusedError, match="dépasse 10 lignes"):
        read(b"a;b\n" * 11)


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


def test_missing_columns_are_named_with_what_was_found() -> None:
    with pytest.raises(RosterRefusedError) as refused:
        read_header(["identifiant", "nom", "Ville", ""])
    assert "« prénom » (first_name)" in str(refused.value)
    assert "Colonnes trouvées : « identifiant », « nom », « Ville »" in str(refused.value)
    with pytest.raises(RosterRefusedError, match="Colonnes trouvées : aucune"):
        read_header([])


def test_doubled_columns_are_named() -> None:
    with pytest.raises(RosterRefusedError, match=r"en double : « nom de naissance » \(last_name\)"):
        read_header([*HEADER.split(";"), "Nom"])
