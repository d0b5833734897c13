"""Which correspondents' mails stood before an import, as its check left them in the bucket (port `ImportedMails`)."""

import json
from typing import Any

from botocore.exceptions import ClientError

from activation.domain.roster.imports import ImportPaths

_NOT_THERE = frozenset({"NoSuchKey", "AccessDenied"})
"""Whoever may not list the bucket is refused what is not there (S3 API, `GetObject`)."""


class S3ImportedMails:
    """`client` is botocore's for S3."""

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
