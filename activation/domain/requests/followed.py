"""Which requests a correspondent may follow of somebody who consents: nothing that tells of a sensitive one."""

from collections.abc import Sequence

from activation.domain.requests.kinds import Catalogue, Kind
from activation.domain.requests.request import Request


def followed(requests: Sequence[Request], catalogue: Catalogue) -> list[tuple[Request, Kind]]:
    """Of all requests of one person those that may be shown, with their kinds, what was changed last first.

    What was not sent stays with its person. A sensitive kind is never shown, nor a request about one, nor one about
    what is erased: what it was can't be told any more.
    """
    by_id = {each.request_id: each for each in requests}

    def may_be_shown(request: Request | None) -> bool:
        if request is None or catalogue.is_sensitive(request.kind):
            return False
        # A request is only ever about one that was sent before it: this ends.
        return request.about is None or may_be_shown(by_id.get(request.about))

    shown = [each for each in requests if each.was_sent and may_be_shown(each)]
    ordered = sorted(shown, key=lambda each: (-each.changed_at, each.number))
    return [(each, catalogue.released(each.kind, each.kind_version)) for each in ordered]
