"""The mails of correspondents that stood before an import, as its check stored them in the bucket (`ImportedMails`)."""

import json
from typing import Any

from botocore.exceptions import ClientError

from activation.domain.roster.imports import ImportPaths

_NOT_THERE = frozenset({"NoSuchKey", "AccessDenied"})
"""The answers of S3 for a missing object: without the right to list the bucket it is `AccessDenied` (`GetObject`)."""


class S3ImportedMails:
    """`client` is botocore's client for S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def of(self, import_id: str) -> dict[str, str] | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=ImportPaths(import_id).mails)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise
        mails: dict[str, str] = json.loads(found["Body"].read())
        return mails
