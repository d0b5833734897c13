"""What step 1 is sent."""

from activation.api.bodies import RequestBody
from activation.api.fields import Identifier, LastName


class StartRequest(RequestBody):
    """Who wants to activate an account, or to reset its password."""

    identifier: Identifier
    last_name: LastName
