"""The KMS keys that make codes and pepper passwords (port `Macs`)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsMacs:
    """The key never leaves KMS: a copy of every table is not enough to compute a code or to test a password."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self.key_id = key_id

    def mac(self, message: bytes) -> bytes:
        return self._client.generate_mac(KeyId=self.key_id, MacAlgorithm="HMAC_SHA_256", Message=message)["Mac"]
