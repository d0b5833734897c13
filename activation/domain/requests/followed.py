"""The requests of a consenting person that their correspondent may follow: none that tells of a sensitive one."""

from collections.abc import Sequence

from activation.domain.requests.kinds import Catalogue, Kind
from activation.domain.requests.request import Request


def followed(requests: Sequence[Request], catalogue: Catalogue) -> list[tuple[Request, Kind]]:
    """Those of a person's requests that the correspondent may see, with their kinds, the last changed first.

    Drafts are never shown. Nor is a request of a sensitive kind, a request about one, or a request about an erased one,
    whose kind is unknown.
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
