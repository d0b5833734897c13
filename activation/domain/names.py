"""Names as people type them: with or without accents, apostrophes, hyphens and capitals."""

import unicodedata

UNREADABLE = "\ufffd"
"""What stands where a letter could not be read (Unicode's replacement character)."""

_LETTERS_APART = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
"""Letters that Unicode does not decompose; casefolding has already turned ß into ss."""

_SAINTS = {"st": "saint", "ste": "sainte"}


def fold_letters(text: str) -> str:
    """The text without case, accents and invisible characters; punctuation and spaces stay.

    Modifier letters are dropped too: people type U+02BC for an apostrophe.
    """
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(_is_kept, taken_apart)).translate(_LETTERS_APART)


def fold_words(name: str) -> tuple[str, ...]:
    """Fold a name word by word, `St` and `Ste` written out: `D'Almeida-Cœur` gives `d`, `almeida` and `coeur`."""
    words = "".join(char if _is_letter_or_digit(char) else " " for char in fold_letters(name)).split()
    return tuple(_SAINTS.get(word, word) for word in words)


def fold_name(name: str) -> str:
    """The form that all spellings of a name share: `D'Almeida-Cœur` and `d almeida coeur` are `dalmeidacoeur`.

    The result is empty when nothing or only punctuation was typed. Callers must refuse an empty result before they
    compare: it matches nothing, not even another empty one.
    """
    return "".join(fold_words(name))


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] != "M" and category not in ("Cf", "Lm")


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"
