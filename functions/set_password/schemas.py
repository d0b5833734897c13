"""What a password is set with."""

from activation.api.bodies import RequestBody
from activation.api.fields import TypedPassword


class SetPasswordRequest(RequestBody):
    """A new password, typed twice."""

    password: TypedPassword
    confirmation: TypedPassword


class ChangePasswordRequest(SetPasswordRequest):
    """The current password as well."""

    current: TypedPassword
