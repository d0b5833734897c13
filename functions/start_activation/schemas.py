"""The body of step 1."""

from activation.api.bodies import RequestBody
from activation.api.fields import Identifier, LastName


class StartRequest(RequestBody):
    """The person who activates an account, or resets its password: identifier and last name as typed."""

    identifier: Identifier
    last_name: LastName
