"""The alphabet of an SMS: one character outside of it and only 70 fit, in place of 160."""

import unicodedata

MAX_LENGTH = 160

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38's basic set. The extension's characters (`€`, `[`, `{` …) count double and are not used."""

_REPLACED = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE"})  # noqa: RUF001  # as people write


def to_gsm7(text: str) -> str:
    """Bring a text to that alphabet: accents that it lacks are taken off, what has no likeness is left out."""
    return "".join(
        char if char in ALPHABET else _nearest(char) for char in unicodedata.normalize("NFC", text.translate(_REPLACED))
    )


def _nearest(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", char) if part in ALPHABET)
