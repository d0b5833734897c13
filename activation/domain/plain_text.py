"""The plain value of what people paste and spreadsheets write: one for a roster's cells and for every typed field.

The front has the same in `web/assets/plain-text.js`; both are held by the cases of `tests/plain_text.json`.
"""

import re
import unicodedata

_LATIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u2019]*")
"""Letters with accents and ordinary signs: nothing of them changes."""

_UNSEEN = frozenset({"Cc", "Cf"})
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""The rest of what Unicode calls Default_Ignorable_Code_Point: variation selectors, fillers, tags."""

_FULL_WIDTH = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
"""The full-width forms are ASCII's printable characters in a wider type, one for one."""


def plain_text(text: str) -> str:
    """The text in NFC without white space around it, each white space inside, line breaks included, as one space.

    Control characters and invisible ones, such as those that change the direction of writing, are dropped, and
    full-width forms become ASCII. So whatever compares or shows the text later need not guard against them.
    """
    is_ascii = text.isascii() and text.isprintable()  # nearly always, and a file can have ten million cells
    if not is_ascii and not _LATIN.fullmatch(text):
        seen = "".join(filter(_is_seen, _IGNORABLE.sub("", text)))
        text = unicodedata.normalize("NFC", seen.translate(_FULL_WIDTH))
    return " ".join(text.split())


def plain_digits(text: str) -> str:
    """The plain text of an identifier or a code: without the spaces that people write between digits."""
    return plain_text(text).replace(" ", "")


def _is_seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _UNSEEN
