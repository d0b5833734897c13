"""argparse's own words in French: it takes each from `gettext`, which would need a compiled catalogue and a locale."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

_WORDS = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "show this help message and exit": "afficher cette aide",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r est inconnu (au choix : %(choices)s)",
    "the following arguments are required: %s": "il manque : %s",
    "one of the arguments %s is required": "il faut l'un de ceux-ci : %s",
    "not allowed with argument %s": "ne va pas avec %s",
    "unrecognized arguments: %s": "en trop : %s",
    "expected one argument": "il manque sa valeur",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu : %(matches)s",
    "ignored explicit argument %r": "la valeur %r est en trop",
    "%(prog)s: error: %(message)s\n": "%(prog)s : erreur : %(message)s\n",
}


@contextmanager
def in_french() -> Iterator[None]:
    """Parsers that are made and used meanwhile speak French."""
    names = vars(argparse)
    before = names["_"]
    names["_"] = lambda words: _WORDS.get(words, words)
    try:
        yield
    finally:
        names["_"] = before
