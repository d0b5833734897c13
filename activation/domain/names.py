"""Names as people type them: with or without accents, apostrophes, hyphens and capitals."""

import unicodedata

_LETTERS_APART = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
"""Letters that Unicode does not take apart; casefolding has already turned ß into ss."""

_SAINTS = {"st": "saint", "ste": "sainte"}


def fold_letters(text: str) -> str:
    """Take case, accents and invisible characters off a text; punctuation and spaces stay.

    Modifier letters go too: people type U+02BC for an apostrophe.
    """
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(_is_kept, taken_apart)).translate(_LETTERS_APART)


def fold_words(name: str) -> tuple[str, ...]:
    """Fold a name word by word, `St` and `Ste` written out: `D'Almeida-Cœur` gives `d`, `almeida` and `coeur`."""
    words = "".join(char if _is_letter_or_digit(char) else " " for char in fold_letters(name)).split()
    return tuple(_SAINTS.get(word, word) for word in words)


def fold_name(name: str) -> str:
    """Give what two spellings of a name have in common: `D'Almeida-Cœur` and `d almeida coeur` are `dalmeidacoeur`.

    An empty result (nothing typed, or only punctuation) matches nothing, not even another empty one:
    the caller refuses it before comparing.
    """
    return "".join(fold_words(name))


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] != "M" and category not in ("Cf", "Lm")


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"
