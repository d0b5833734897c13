"""Names as people type them: with or without accents, apostrophes, hyphens and capitals."""

import unicodedata

UNREADABLE = "\ufffd"
"""The character in place of a letter that could not be read (Unicode's replacement character)."""

_LETTERS_APART = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t"}
    | {"ŋ": "n", "ĸ": "q", "ə": "e", "ǝ": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ɲ": "n"}
    | {"ƴ": "y"}
)
"""Latin letters of names that Unicode does not decompose, as passports spell them (ICAO Doc 9303, part 3, section 6),
or as they look. Casefolding has already turned ß into ss."""

_SAINTS = {"st": "saint", "ste": "sainte"}

CIVILITIES = frozenset({"mme", "mlle", "mr", "madame", "mademoiselle", "monsieur"})
"""Titles before a name, folded."""

BORN = frozenset({"nee", "ne"})
"""Words after which the birth name stands, folded."""

MARRIED = frozenset({"epouse", "epoux", "epse", "ep", "mariee", "veuve", "veuf", "vve", "divorcee", "divorce"})
"""Words after which the name taken by marriage stands, folded."""


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


def fold_last_name(name: str) -> str:
    """A last name as step 1 counts and compares it: folded; of two names with « née » or the like, the birth name.

    « Petit née Saint-Martin » and « Mme Saint-Martin épouse Petit » are `saintmartin`: somebody who types both names
    needs no third form of their own, and so no third set of counters (docs/adr/0032). Empty where `fold_name` is.
    """
    words = fold_words(name)
    if words and words[0] in CIVILITIES:
        words = words[1:] or words
    joint = next((place for place in range(1, len(words) - 1) if words[place] in BORN | MARRIED), None)
    if joint is None:
        return "".join(words)
    return "".join(words[joint + 1 :] if words[joint] in BORN else words[:joint])


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] != "M" and category not in ("Cf", "Lm")


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"
