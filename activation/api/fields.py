"""The fields that several requests share: text that people type, cleaned and parsed."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from activation.domain.code_digits import clean_code
from activation.domain.contacts import parse_email, parse_mobile
from activation.domain.identifiers import MOST_DIGITS, read_identifier
from activation.domain.names import UNREADABLE
from activation.domain.plain_text import plain_text


class UnreadableNameError(ValueError):
    """A letter of the name was lost on its way, as in a text copied from elsewhere."""

    reason = "unreadable"


Plain = BeforeValidator(lambda typed: plain_text(typed) if isinstance(typed, str) else typed)
"""Makes typed text plain text, before the field's other checks."""


Identifier = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2 * MOST_DIGITS),
    AfterValidator(read_identifier),
    Plain,
    Field(
        description="Digits, or a correspondent's `C` and 8 digits; spaces are dropped, letters upper-cased",
        examples=["10000001"],
    ),
]


def _readable(name: str) -> str:
    if UNREADABLE in name:
        raise UnreadableNameError
    return name


LastName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_readable),
    Plain,
    Field(description="Usage or birth name, with or without accents, hyphens, apostrophes", examples=["Garcia"]),
]

Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    AfterValidator(clean_code),
    Field(description="6 or 8 digits; spaces, hyphens and dots are dropped", examples=["097373"]),
]

MOST_CONTACT_CHARACTERS = 320
"""The longest mail address there is (RFC 5321)."""

Email = Annotated[
    str,
    StringConstraints(max_length=MOST_CONTACT_CHARACTERS),
    AfterValidator(lambda typed: parse_email(typed).value),
    Field(examples=["nom@exemple.fr"]),
]

Mobile = Annotated[
    str,
    StringConstraints(max_length=MOST_CONTACT_CHARACTERS),
    AfterValidator(lambda typed: parse_mobile(typed).value),
    Field(description="French or overseas mobile", examples=["06 12 34 56 78"]),
]

MOST_PASSWORD_CHARACTERS = 1_024
"""The most characters that the schema takes; the password policy has a lower limit, with its own message."""

TypedPassword = Annotated[SecretStr, Field(min_length=1, max_length=MOST_PASSWORD_CHARACTERS)]

Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,40}$"), Field(examples=["1"])]
