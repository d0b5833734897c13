"""The port `Macs` in memory."""

import hmac


class FakeMacs:
    """A key that makes MACs; `signed` holds the messages, so that equal work can be told."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.signed: list[bytes] = []

    def mac(self, message: bytes) -> bytes:
        self.signed.append(message)
        return hmac.digest(self.key_id.encode(), message, "sha256")
