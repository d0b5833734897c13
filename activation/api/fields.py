"""The fields that several requests share: what people type, cleaned and parsed."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from activation.domain.codes import clean_code

_SPACES = re.compile(r"\s+")
MOST_DIGITS = 20


def _digits(typed: str) -> str:
    identifier = _SPACES.sub("", typed)
    if not (identifier.isascii() and identifier.isdigit()):
        raise ValueError("not digits")
    return identifier


Identifier = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2 * MOST_DIGITS),
    AfterValidator(_digits),
    Field(description="Digits; spaces are dropped", examples=["10000001"]),
]

LastName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(description="Usage or birth name, with or without accents, hyphens, apostrophes", examples=["Garcia"]),
]

Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(clean_code),
    Field(description="6 or 8 digits; spaces, hyphens and dots are dropped", examples=["097373"]),
]

Password = Annotated[SecretStr, Field(description="12 to 256 characters of at least 3 kinds")]

Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,40}$"), Field(examples=["1"])]
