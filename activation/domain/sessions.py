"""A session: 30 minutes idle, 12 hours at most, unless the settings say otherwise."""

from dataclasses import dataclass, replace

from activation.domain.limits import Limits

SEEN_SHARE = 10
"""`seen_at` is written when it is older than the idle time divided by this: most calls write nothing."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is stored; times are epoch seconds. It is void once the account's session epoch is another.

    `structure_id` is the structure of the account when the session opened, so that both can be read in one call.
    """

    token_hash: str
    session_id: str
    identifier: str
    epoch: int
    created_at: int
    seen_at: int
    expires_at: int
    ends_at: int
    structure_id: str = ""

    def is_open(self, now: int) -> bool:
        """Whether neither its idle time nor its whole time is over. The epoch is not checked here."""
        return now < self.expires_at

    def needs_touch(self, now: int, limits: Limits) -> bool:
        """Whether `seen_at` is old enough to be written anew."""
        return now - self.seen_at > limits.session_idle_seconds / SEEN_SHARE


def open_session(
    token_hash: str, session_id: str, *, identifier: str, structure_id: str, epoch: int, now: int, limits: Limits
) -> Session:
    """A new session, seen now."""
    ends_at = now + limits.session_max_seconds
    expires_at = min(now + limits.session_idle_seconds, ends_at)
    return Session(token_hash, session_id, identifier, epoch, now, now, expires_at, ends_at, structure_id)


def touch(session: Session, *, now: int, limits: Limits) -> Session:
    """The session, seen now: the idle time starts again, `ends_at` stays."""
    return replace(session, seen_at=now, expires_at=min(now + limits.session_idle_seconds, session.ends_at))
