"""What a sign-in is sent."""

from typing import Annotated

from pydantic import Field, SecretStr

from activation.api.bodies import RequestBody
from activation.api.fields import Identifier
from activation.domain.contacts import Channel


class SignInRequest(RequestBody):
    """Who wants in."""

    identifier: Identifier
    password: Annotated[SecretStr, Field(min_length=1, max_length=1_024)]


class ResendSignInRequest(RequestBody):
    """On which channel the code is wanted now; none for the same as before."""

    channel: Channel | None = None
