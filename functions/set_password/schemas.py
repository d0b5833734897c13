"""The body of the call that sets a password."""

from activation.api.bodies import RequestBody
from activation.api.fields import TypedPassword


class SetPasswordRequest(RequestBody):
    """A new password, typed twice."""

    password: TypedPassword
    confirmation: TypedPassword


class ChangePasswordRequest(SetPasswordRequest):
    """The current password as well."""

    current: TypedPassword
