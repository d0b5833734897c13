"""The roster bucket (port `RosterFiles`)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from activation.domain.roster.ports import UploadedFile

_CHUNK_BYTES = 4 << 20
"""Bytes of one read. Each read is a call of its own: S3 would cut off a stream that stays open for minutes."""

NOT_TOLD = "AccessDenied"
"""The error of S3 for a missing object, when the caller may list only a part of the bucket (S3 API, `GetObject`)."""


class S3RosterFiles:
    """`client` is botocore's client for S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, key: str, version: str | None = None) -> UploadedFile:
        which = {"VersionId": version} if version else {}
        head = self._client.head_object(Bucket=self._bucket, Key=key, **which)
        return UploadedFile(
            key, head["VersionId"], int(head["LastModified"].timestamp()), head["ContentLength"], head["Metadata"]
        )

    def keep(self, upload: UploadedFile, key: str) -> UploadedFile:
        source = {"Bucket": self._bucket, "Key": upload.key, "VersionId": upload.version}
        self._client.copy_object(Bucket=self._bucket, Key=key, CopySource=source, TaggingDirective="REPLACE")
        return replace(upload, key=key)

    def chunks(self, upload: UploadedFile) -> Iterator[bytes]:
        for start in range(0, upload.size, _CHUNK_BYTES):
            found = self._client.get_object(
                Bucket=self._bucket,
                Key=upload.key,
                Range=f"bytes={start}-{start + _CHUNK_BYTES - 1}",
            )
            yield found["Body"].read()

    def read(self, key: str) -> bytes:
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchKey" or (code == NOT_TOLD and key not in self.keys(key)):
                raise FileNotFoundError(key) from None
            raise
        return body

    def write(self, key: str, body: bytes | BinaryIO, *, kind: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=kind)

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            yield from (found["Key"] for found in page.get("Contents", ()))
