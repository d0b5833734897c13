"""The plain form of text that people paste and spreadsheets write: one for a roster's cells and for every typed field.

The front has the same in `web/assets/plain-text.js`; both are held by the cases of `tests/plain_text.json`.
"""

import re
import unicodedata

_FIRST_MARK = "\u0300"
"""The first combining mark. Characters before it are Latin letters and ordinary signs, which never change."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Half a surrogate pair is dropped too: JSON can write it, as a field's length may cut a sign off, and UTF-8 cannot."""
_CONTROL_SPACES = "\t\n\v\f\r\x85"
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
    if text.isalnum() and text.isascii():  # true of half of a file's ten million cells
        return text
    is_simple = text.isprintable() and (text.isascii() or max(text) < _FIRST_MARK)
    if not is_simple:
        seen = "".join(filter(_is_seen, _IGNORABLE.sub("", text)))
        text = unicodedata.normalize("NFC", seen.translate(_FULL_WIDTH))
    return " ".join(text.split())


def plain_digits(text: str) -> str:
    """The plain text of an identifier or a code: without the spaces that people write between digits."""
    return plain_text(text).replace(" ", "")


def _is_seen(char: str) -> bool:
    return char in _CONTROL_SPACES or unicodedata.category(char) not in _UNSEEN
