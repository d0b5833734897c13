"""Reads the bytes of a file into rows, as a stream: memory does not grow with the file."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, Self

from activation.domain.roster.columns import HEADER_ROWS, RosterRefusedError, known_columns
from activation.domain.roster.mojibake import EIGHT_BIT, likeliest_encoding, repair

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_ROWS = 2_000_000
"""More than twice the number of all beneficiaries."""

MOST_LINE_CHARACTERS = 200_000
"""The most characters of a line: no real row is so long, and a file without line ends is not read whole."""

CELL_SEPARATOR = "\x1f"
"""The sign between the cells of text that was read from a workbook: nobody types it."""

_OTHER_KINDS = {
    b"%PDF": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"RIFF": "une image",
    b"\x1f\x8b": "une archive gzip",
}
_START_BYTES = 1_024
"""The bytes at the start of a file that tell its kind."""
_NO_TEXT = b"\xef\xbb\xbf \t\r\n"
_SAVE_AS = "Dans le tableur, choisissez « Enregistrer sous », puis « CSV UTF-8 »."
_DELIMITERS = (";", ",", "\t")
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)
"""The first line of a file that is for Excel only; Excel does not show it as a row."""
_MOST_LINES_OF_A_CELL = 50
"""A quotation mark that isn't closed within so many lines is a stray one."""

_BROKEN = re.compile("[\udc80-\udcff]")
_BROKEN_WORD = re.compile(r"(?<![A-Za-z\udc80-\udcff])[A-Za-z]*[\udc80-\udcff][A-Za-z\udc80-\udcff]*")
_MULTIBYTE = re.compile("[\x80-\u024f\u1e00-\u20cf\u2122]")
_FOREIGN = re.compile("[^\0-\u024f\u1e00-\u20cf\u2122\udc80-\udcff]")
"""Letters that arise when two bytes of another encoding happen to be valid UTF-8."""
_MAY_BE_DOUBLED = re.compile(r"[ÂÃ√├][^\s;,\"]|â€")
"""Signs in words that may have been UTF-8, read as another encoding and saved again."""
_BETWEEN_WORDS = re.compile(r"[\s;,\"]")
_LONGEST_WORD = 60
_MOST_WORDS = 5_000
"""The most words that are collected to tell encodings apart."""

KnownColumns = Callable[[Sequence[str]], int]
"""The function that counts the columns that a row names, as `Vocabulary.known_columns` does."""


class Encoding(NamedTuple):
    """The encoding of a file: `codec`; and `other` for lines that aren't UTF-8, if there are any (see `mojibake`).

    `is_doubled`: letters were UTF-8 read as another encoding, and are repaired cell by cell.
    """

    codec: str
    other: str | None = None
    is_mixed: bool = False
    is_doubled: bool = False

    @property
    def guessed(self) -> str:
        """In French, the encoding that was guessed by its letters; empty when the bytes leave no choice."""
        if not self.other:
            return "UTF-8 enregistré deux fois" if self.is_doubled else ""
        return f"UTF-8 et {EIGHT_BIT[self.other]}, selon les lignes" if self.is_mixed else EIGHT_BIT[self.other]


def find_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Tell UTF-8, UTF-16 and encodings of one byte a letter apart. Raises RosterRefusedError if it is no text."""
    chunks = iter(chunks)
    start = b""
    while len(start) < _START_BYTES and (chunk := next(chunks, b"")):
        start += chunk
    _refuse_other_kinds(start)
    if wide := _wide(start):
        if not start.decode(wide, "ignore").strip():
            raise RosterRefusedError("Le fichier est vide.")
        return Encoding(wide)
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    is_blank, is_mixed, is_doubled, words = True, False, False, list[str]()
    for chunk in chain([start], chunks, [b""]):
        is_blank = is_blank and not chunk.strip(_NO_TEXT)
        if b"\0" in chunk:
            raise RosterRefusedError(f"Le fichier contient des octets nuls : ce n'est pas un CSV. {_SAVE_AS}")
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            is_mixed = is_mixed or bool(_MULTIBYTE.search(text))
            is_doubled = is_doubled or any(repair(word) != word for word in _words_around(_MAY_BE_DOUBLED, text))
            if len(words) < _MOST_WORDS and _BROKEN.search(text):
                words += _BROKEN_WORD.findall(text)
    if is_blank:
        raise RosterRefusedError("Le fichier est vide.")
    if not words:
        return Encoding("utf-8-sig", is_doubled=is_doubled)
    return Encoding("utf-8-sig", likeliest_encoding(map(_bytes_of, set(words))), is_mixed)


def read_records(
    chunks: Iterable[bytes], encoding: Encoding, known: KnownColumns = known_columns
) -> Iterator[list[str]]:
    """Read the rows of a file. Blank ones are included, so that numbers match the spreadsheet's.

    `known` recognises the header. Quotation marks that are not in pairs are read as characters. Raises
    RosterRefusedError for a file that is no CSV, or too large to be a roster.
    """
    errors = "surrogateescape" if encoding.codec == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(io.BufferedReader(_Stream(chunks)), encoding.codec, errors, newline="")
    for number, row in enumerate(_rows(_lines(text, encoding.other), known), 1):
        if number > MOST_ROWS:
            raise RosterRefusedError(f"Le fichier dépasse {MOST_ROWS:_} lignes : partagez-le.".replace("_", " "))
        yield row


def _refuse_other_kinds(start: bytes) -> None:
    for signature, kind in _OTHER_KINDS.items():
        if start.startswith(signature):
            raise RosterRefusedError(f"Le fichier est {kind}, pas un CSV. {_SAVE_AS}")


def _wide(start: bytes) -> str:
    """The codec of UTF-16; empty for another. In French nearly every second byte of UTF-16 is 0."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    noughts = start[::2].count(0), start[1::2].count(0)
    if min(noughts) or max(noughts) * 3 < len(start):
        return ""
    return "utf-16-le" if noughts[1] else "utf-16-be"


def _words_around(sign: re.Pattern[str], text: str) -> set[str]:
    """The words that contain the sign; the time that this takes does not grow with the other words."""
    words = set()
    for found in sign.finditer(text):
        before = _BETWEEN_WORDS.split(text[max(found.start() - _LONGEST_WORD, 0) : found.start()])[-1]
        words.add(before + _BETWEEN_WORDS.split(text[found.start() : found.start() + _LONGEST_WORD])[0])
    return words


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _lines(text: io.TextIOWrapper, other: str | None) -> Iterator[str]:
    number = 0
    while line := text.readline(MOST_LINE_CHARACTERS):
        number += 1
        if len(line) == MOST_LINE_CHARACTERS:
            raise RosterRefusedError(f"Ligne {number} : une cellule est démesurée. {_SAVE_AS}")
        if other and not line.isascii() and (_BROKEN.search(line) or _FOREIGN.search(line)):
            line = _bytes_of(line).decode(other, "replace")
        yield line


def _rows(lines: Iterator[str], known: KnownColumns) -> Iterator[list[str]]:
    first = list(islice(lines, 2 * HEADER_ROWS))  # titles may have line breaks
    sep = _SEP.fullmatch(first[0]) if first else None
    signs = (CELL_SEPARATOR,) if any(CELL_SEPARATOR in line for line in first) else _DELIMITERS
    tables = (_Table(sign, first, known) for sign in signs)
    table = _Table(sep[1], first[1:], known) if sep else max(tables, key=_likeness)
    if not sep and table.delimiters == 0:
        raise RosterRefusedError(
            "Le fichier n'est pas un CSV : ses premières lignes ne séparent rien par « ; », « , » ou tabulation. "
            + _SAVE_AS
        )
    return table.rows(lines)


def _likeness(table: "_Table") -> tuple[int, int]:
    return table.columns, table.delimiters


class _Table:
    """Cuts lines into cells at a delimiter. `columns`: how many columns the header among the first lines names."""

    def __init__(self, delimiter: str, first: list[str], known: KnownColumns) -> None:
        self._delimiter, self._first = delimiter, first
        sign = re.escape(delimiter)
        self._cell = re.compile(rf'{sign}(?:"((?:[^"]|"")*+)"(?={sign}|$)|([^{sign}]*))')
        self.delimiters = max((line.count(delimiter) for line in first), default=0)
        self._width = 0
        header = max(self.rows(iter(())), key=known, default=[])
        self.columns = known(header)
        self._width = len(header) if self.columns else 0

    def rows(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The rows of the first lines, and of `lines`."""
        ahead = _Lines(chain(self._first, lines))
        for line in ahead:
            if '"' in line:
                yield self._quoted(line, ahead)
            else:
                text = line.rstrip("\r\n")
                yield text.split(self._delimiter) if text else []

    def _quoted(self, line: str, ahead: "_Lines") -> list[str]:
        """The row that begins with that line. A cell in quotation marks may go on in the lines after it."""
        taken: list[str] = []

        def cell_lines() -> Iterator[str]:
            yield line
            for following in islice(ahead, _MOST_LINES_OF_A_CELL):
                taken.append(following)
                yield following

        try:
            row = next(csv.reader(cell_lines(), delimiter=self._delimiter, strict=True))
        except csv.Error:
            row = []
        if row and not (taken and self._swallows_rows(row)):
            return row
        ahead.give_back(taken)
        found = self._cell.findall(self._delimiter + line.rstrip("\r\n"))
        return [quoted.replace('""', '"') or plain for quoted, plain in found]

    def _swallows_rows(self, row: list[str]) -> bool:
        """Whether a row of several lines is really several rows, between two stray quotation marks."""
        if not self._width:
            return False
        most = max(cell.count(self._delimiter) for cell in row if "\n" in cell or "\r" in cell)
        return len(row) > self._width or most * 2 >= self._width - 1


class _Lines:
    """Lines that can be given back, to be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._again = lines, deque[str]()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return self._again.popleft() if self._again else next(self._lines)

    def give_back(self, lines: list[str]) -> None:
        """Have these lines read next."""
        self._again.extendleft(reversed(lines))


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file that is read once."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Always True."""
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
