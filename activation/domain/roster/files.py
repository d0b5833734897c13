"""From the bytes of a file to its rows, as a stream: memory does not grow with the file."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from activation.domain.roster.columns import RosterRefusedError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_ROWS = 2_000_000
"""More than twice the number of all beneficiaries."""

MOST_LINE_CHARACTERS = 200_000
"""No real row is so long. It keeps a file without line ends from being read into memory whole."""

CELL_SEPARATOR = "\x1f"
"""Between the cells of what was read from a workbook: nobody types it."""

_OTHER_KINDS = {
    b"%PDF": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"RIFF": "une image",
    b"\x1f\x8b": "une archive gzip",
    b"\xff\xfe": "un texte en UTF-16 (« Texte Unicode »)",
    b"\xfe\xff": "un texte en UTF-16 (« Texte Unicode »)",
}
_SIGNATURE_BYTES = max(map(len, _OTHER_KINDS))
_NO_TEXT = b"\xef\xbb\xbf \t\r\n"
_SAVE_AS = "Dans le tableur, choisissez « Enregistrer sous », puis « CSV UTF-8 »."
_DELIMITERS = (";", ",", "\t")
_BROKEN = re.compile("[\udc80-\udcff]")
_MULTIBYTE = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def find_encoding(chunks: Iterable[bytes]) -> str:
    """Tell UTF-8 (with or without BOM) from Windows-1252. Raises RosterRefusedError for what is neither, or both."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    start, is_blank, has_broken, has_multibyte = b"", True, False, False
    for chunk in chain(chunks, [b""]):
        start = (start + chunk)[:_SIGNATURE_BYTES]
        _refuse_other_kinds(start)
        is_blank = is_blank and not chunk.strip(_NO_TEXT)
        if b"\0" in chunk:
            raise RosterRefusedError(f"Le fichier contient des octets nuls : ce n'est pas un CSV. {_SAVE_AS}")
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            has_broken = has_broken or bool(_BROKEN.search(text))
            has_multibyte = has_multibyte or bool(_MULTIBYTE.search(text))
    if is_blank:
        raise RosterRefusedError("Le fichier est vide.")
    if has_broken and has_multibyte:
        raise RosterRefusedError(f"Le fichier mélange deux encodages, UTF-8 et Windows-1252. {_SAVE_AS}")
    return "cp1252" if has_broken else "utf-8-sig"


def read_records(chunks: Iterable[bytes], encoding: str) -> Iterator[list[str]]:
    """Read the rows of a file, header first. Blank rows are included, so that numbers match the spreadsheet's.

    Raises RosterRefusedError for what is no CSV, or too large to be a roster.
    """
    text = io.TextIOWrapper(io.BufferedReader(_Stream(chunks)), encoding, newline="")
    number = 0
    try:
        for number, row in enumerate(_rows(text), 1):
            if number > MOST_ROWS:
                raise RosterRefusedError(f"Le fichier dépasse {MOST_ROWS:_} lignes : partagez-le.".replace("_", " "))
            yield row
    except csv.Error:
        raise RosterRefusedError(
            f"Ligne {number + 1} : un guillemet n'est pas fermé, ou une cellule est démesurée. {_SAVE_AS}"
        ) from None
    except UnicodeDecodeError:
        raise RosterRefusedError(f"Le fichier n'est ni en UTF-8 ni en Windows-1252. {_SAVE_AS}") from None


def _refuse_other_kinds(start: bytes) -> None:
    for signature, kind in _OTHER_KINDS.items():
        if start.startswith(signature):
            raise RosterRefusedError(f"Le fichier est {kind}, pas un CSV. {_SAVE_AS}")


def _rows(text: io.TextIOWrapper) -> Iterator[list[str]]:
    lines = _lines(text)
    first = next(lines, "")
    yield from csv.reader(chain([first], lines), delimiter=_delimiter_of(first), strict=True)


def _delimiter_of(header: str) -> str:
    if CELL_SEPARATOR in header:
        return CELL_SEPARATOR
    delimiter = max(_DELIMITERS, key=header.count)
    if delimiter not in header:
        raise RosterRefusedError(
            "Le fichier n'est pas un CSV : sa première ligne ne sépare rien par « ; », « , » ou tabulation. " + _SAVE_AS
        )
    return delimiter


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_LINE_CHARACTERS):
        if len(line) == MOST_LINE_CHARACTERS:
            raise csv.Error
        yield line


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file that is read once."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """See io.RawIOBase."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        with memoryview(buffer) as target:
            size = min(target.nbytes, len(self._left))
            target[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
