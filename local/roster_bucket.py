"""The roster bucket of a product, on this machine or on AWS: a file goes in, a report comes out."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from activation.adapters.roster_files import S3RosterFiles
from activation.domain.roster.imports import INCOMING, ImportPaths, State, UploadOption, import_id_of
from activation.domain.tokens import new_id

_EVERY_SECONDS = 0.1
_MOST_SECONDS = 3_600


class NoReportError(Exception):
    """An import does not end."""


class RosterBucket:
    """Sends files under `folder` and reads the reports on them. `s3` is boto3's client."""

    def __init__(self, s3: Any, name: str, *, folder: str = INCOMING) -> None:
        self._s3, self._name, self._folder = s3, name, folder

    def send(self, file: str, body: bytes | BinaryIO, said: Mapping[UploadOption, str]) -> str:
        """Upload a file of that name, as its sender would; returns the import that this begins."""
        key = f"{self._folder}{new_id(os.urandom)}/{file}"
        metadata = {option.value: value for option, value in said.items()}
        self._s3.put_object(Bucket=self._name, Key=key, Body=body, Metadata=metadata)
        head = self._s3.head_object(Bucket=self._name, Key=key)
        return import_id_of(key, head["VersionId"], int(head["LastModified"].timestamp()))

    def apply(self, file: str, body: bytes) -> State:
        """Upload a file that is to be applied, and wait; returns how the import ended. Raises NoReportError."""
        return State(self.report(self.send(file, body, {UploadOption.APPLY: "yes"}))["state"])

    def report(self, import_id: str) -> dict[str, Any]:
        """The report, once it is there. Raises NoReportError."""
        for _ in ticks():
            found = self.read(ImportPaths(import_id).report("json"))
            if found is not None:
                report: dict[str, Any] = json.loads(found)
                return report
        raise NoReportError(import_id)

    def read(self, key: str) -> bytes | None:
        """An object of the bucket, if it is there."""
        try:
            return S3RosterFiles(self._s3, self._name).read(key)
        except FileNotFoundError:
            return None

    def reported(self) -> Iterator[tuple[str, str]]:
        """Every import that has a report, the latest first, with its state."""
        listed = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix="reports/")
        keys = [found["Key"] for page in listed for found in page.get("Contents", ())]
        for key in sorted((key for key in keys if key.endswith("/report.json")), reverse=True):
            yield str(key.split("/")[1]), json.loads(self.read(key) or b"{}").get("state", "")


def ticks() -> Iterator[None]:
    """Ticks, each after a pause, for as long as an import may take."""
    deadline = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(_EVERY_SECONDS)
