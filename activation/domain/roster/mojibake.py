"""Mojibake: finds the letters that bytes and misread texts stand for, by which ones give French words."""

import re
from collections.abc import Iterable

EIGHT_BIT = {
    "cp1252": "Windows-1252",
    "cp850": "CP850 (« CSV MS-DOS »)",
    "mac_roman": "Mac Roman",
    "iso8859_15": "ISO-8859-15",
}
"""The encodings of one byte a letter that spreadsheets save in, by Python's name, the usual one first."""

_LOWER, _UPPER = "àâäæçéèêëîïôöœùûü", "ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜ"
_FRENCH = re.compile(
    r"(?P<often>(?<![A-Z]{2})(?<=\w)[éèêëàâçôîïùûœ](?![A-Z])|(?<!\w)à(?!\w)|(?<!\w)[ÉÈÀ]|(?<=[A-Z])[ÉÈÊÇ](?![a-z])"
    r"|(?<=\w)’(?=\w)|(?<=[nN])°)"
    rf"|(?P<rarely>(?<![A-Z]{{2}})[{_LOWER}](?![A-Z])|(?<!\w)[{_UPPER}]|(?<=[A-Z{_UPPER}])[{_UPPER}](?![a-z{_LOWER}]))"
    "|(?P<elsewhere>[à-öø-ÿšž](?![A-Z])|(?<=[A-Z])[À-ÖØ-öø-ÿ](?![a-z])|[\u00a0«»“”‘’…–—€·°])"
    r"|(?P<never>[^\x00-\x7f])"
)
"""French letters where French words have them: no capital after a small letter, as misreading gives."""
_POINTS = {"often": 2, "rarely": 1, "elsewhere": 0, "never": -2}

_MISREAD_AS = ("cp1252", "latin-1", "mac_roman", "cp850")
_TWO_HIGH = re.compile(r"[^\x00-\x7f]{2}")
_MOST_TIMES_DOUBLED = 3
_PLAUSIBLE = re.compile("[\x00-\x7f\u00a0-\u017f\u2010-\u2026\u20ac\u2122]*")
"""The characters that doubly encoded text can have had. Else « JOSÉ » and a no-break space would become one letter."""

_C1 = re.compile(r"(?<=[^\W\d_])[\x80-\x84\x86-\x9f]")

_LOST = re.compile(
    r"\ufffd|(?<=[^\W\d_])\?|\?(?=[^\W\d_])"  # « ? » stands for what an encoding has no place for
    r"|[¤¢£¥¦¬¯±¶¸¹³¼½¾¿‚„†‡‰‹›ƒˆ˜˚ˇ˘˙√∞≈≠≤≥∆◊∂∑∏∫Ω\u2500-\u259f]"
    r"|[a-zß-ÿ][À-ÖØ-ÞŒŠŽŸ]|[A-Z][À-ÖØ-ÞŒŠŽŸ][a-z]|Ã(?=[^\w\s])|(?<=[^\W\d_])[“”•…«»](?=[^\W\d_])"
)


def likeliest_encoding(words: Iterable[bytes]) -> str:
    """The encoding of `EIGHT_BIT` in which these words have the most French letters; the usual one in doubt."""
    words = list(words)
    return max(EIGHT_BIT, key=lambda codec: sum(_points_of(word.decode(codec, "replace")) for word in words))


def repair(text: str) -> str:
    """The text as it was before UTF-8, or Windows-1252, was read as another encoding; unchanged when it never was.

    `BÃ©ranger`, `B√©ranger` and `BÃƒÂ©ranger` are `Béranger`.
    """
    if text.isascii():
        return text
    repaired = _undoubled(text, _MOST_TIMES_DOUBLED) or text
    return _C1.sub(lambda found: found.group().encode("latin-1").decode("cp1252", "replace"), repaired)


def has_lost_letters(text: str) -> bool:
    """Whether the text shows that letters were lost when it was saved: `B?ranger`, `Lef‚bure`, `C½ur`."""
    return not (text.isascii() and "?" not in text) and bool(_LOST.search(text))


def _points_of(word: str) -> int:
    return sum(_POINTS[str(found.lastgroup)] for found in _FRENCH.finditer(word))


def _undoubled(text: str, times: int) -> str:
    """The text whose UTF-8 was read as one of the other encodings, so many times at most; empty when there is none."""
    for codec in _MISREAD_AS if times and _TWO_HIGH.search(text) else ():
        try:
            before = text.encode(codec).decode()
        except UnicodeError:
            continue
        if found := _undoubled(before, times - 1):
            return found
        if _PLAUSIBLE.fullmatch(before):
            return before
    return ""
