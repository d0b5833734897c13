"""The body of step 2."""

from activation.api.bodies import RequestBody
from activation.api.fields import Code


class VerifyRequest(RequestBody):
    """A code as typed."""

    code: Code
