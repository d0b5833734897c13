"""What a sign-in is sent."""

from activation.api.bodies import RequestBody
from activation.api.fields import Identifier, TypedPassword
from activation.domain.contacts import Channel


class SignInRequest(RequestBody):
    """Who wants in."""

    identifier: Identifier
    password: TypedPassword


class ResendSignInRequest(RequestBody):
    """On which channel the code is wanted now; none for the same as before."""

    channel: Channel | None = None
