"""The port `Sessions` in memory."""

from activation.domain.sessions import Session
from tests.fakes.store import FakeWrite


class FakeSessions:
    """The sessions, in `rows`; `touched` counts the writes that activity made."""

    def __init__(self) -> None:
        self.rows: dict[str, Session] = {}
        self.touched = 0

    def get(self, token_hash: str) -> Session | None:
        return self.rows.get(token_hash)

    def open(self, session: Session) -> FakeWrite:
        key = session.token_hash
        return FakeWrite(key, lambda: self.rows.update({key: session}), lambda: key not in self.rows)

    def touch(self, session: Session) -> None:
        """A session that was ended meanwhile stays ended."""
        if session.token_hash in self.rows:
            self.rows[session.token_hash] = session
            self.touched += 1

    def close(self, token_hash: str) -> FakeWrite:
        return FakeWrite(token_hash, lambda: self.end(token_hash))

    def end(self, token_hash: str) -> None:
        self.rows.pop(token_hash, None)
