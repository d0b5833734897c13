"""The bodies of the calls of a sign-in."""

from activation.api.bodies import RequestBody
from activation.api.fields import Identifier, TypedPassword
from activation.domain.contacts import Channel


class SignInRequest(RequestBody):
    """The identifier and the password of the person who signs in."""

    identifier: Identifier
    password: TypedPassword


class ResendSignInRequest(RequestBody):
    """The channel on which to send the code again; without it the same as before."""

    channel: Channel | None = None
