"""What a password is set with."""

from typing import Annotated

from pydantic import Field, SecretStr

from activation.api.bodies import RequestBody

MOST_CHARACTERS = 1_024
"""What is read at all; the policy's own limit, told as such, is lower."""

Typed = Annotated[SecretStr, Field(min_length=1, max_length=MOST_CHARACTERS)]


class SetPasswordRequest(RequestBody):
    """A new password, typed twice."""

    password: Typed
    confirmation: Typed


class ChangePasswordRequest(SetPasswordRequest):
    """The current password as well."""

    current: Typed
