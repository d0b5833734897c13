"""The sessions, by the hash of their token (port `Sessions`)."""

from dataclasses import asdict

from activation.adapters.dynamodb import DynamoWrite, Item, Table, to_attributes
from activation.domain.records import from_record
from activation.domain.sessions import Session


class DynamoSessions:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, token_hash: str) -> Session | None:
        item = self._table.get(token_hash=token_hash)
        return session_of(item) if item else None

    def open(self, session: Session) -> DynamoWrite:
        return self._table.put(asdict(session), condition="attribute_not_exists(token_hash)")

    def touch(self, session: Session) -> None:
        """A session that was ended meanwhile is not created again."""
        self._table.update(
            {"token_hash": session.token_hash},
            "SET seen_at = :seen, expires_at = :expires",
            condition="attribute_exists(token_hash)",
            seen=session.seen_at,
            expires=session.expires_at,
        )

    def close(self, token_hash: str) -> DynamoWrite:
        return self._table.delete_write({"token_hash": token_hash}, condition="")

    def end(self, token_hash: str) -> None:
        self._table.client.delete_item(TableName=self._table.name, Key=to_attributes({"token_hash": token_hash}))


def session_of(item: Item) -> Session:
    """The session of a row."""
    return from_record(Session, item)
