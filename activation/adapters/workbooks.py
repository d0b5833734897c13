"""Workbooks as text (port `Workbooks`): each is read by a process of its own, which has limits and may die.

The process knows nothing of ours but where to import from: no credentials, no settings.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from activation.domain.plain_text import plain_text
from activation.domain.roster.columns import Vocabulary
from activation.domain.roster.ports import FileText, OpenedFile, UploadedFile
from activation.domain.roster.workbooks import MOST_BYTES, WorkbookFault, WorkbookRefusedError, is_workbook

MOST_SECONDS = 120
"""The process is ended after so many seconds: 20,000 rows of 60 columns take 8 s."""

_CHUNK_BYTES = 1 << 20
_MOST_OF_A_NAME = 500
"""The most bytes of the first line, which names the sheet: Excel allows 31 letters."""

_DID_NOT_START = 1
"""Python's status for an error that nobody caught. Every error that a workbook can bring about is caught."""
_KEPT_SETTINGS = ("LD_LIBRARY_PATH",)
"""The setting by which Lambda's Python finds its own library."""


class ChildProcessWorkbooks:
    @contextmanager
    def opened(self, files: FileText, upload: UploadedFile, vocabulary: Vocabulary[Any]) -> Iterator[OpenedFile]:
        if not is_workbook(next(files.chunks(upload), b"")):
            yield OpenedFile(files)
            return
        if upload.size > MOST_BYTES:
            raise WorkbookRefusedError(WorkbookFault.TOO_LARGE)
        with TemporaryFile() as text:  # it has no name, and vanishes with this process
            with TemporaryFile() as workbook:
                workbook.writelines(files.chunks(upload))
                workbook.seek(0)
                _read(workbook, text, vocabulary.name)
            text.seek(0)
            sheet = plain_text(text.readline(_MOST_OF_A_NAME).decode(errors="replace"))
            yield OpenedFile(_OnDisk(text, text.tell()), sheet)


class _OnDisk:
    """The text of a workbook, from a given byte on."""

    def __init__(self, text: BinaryIO, start: int) -> None:
        self._text, self._start = text.fileno(), start

    def chunks(self, _: UploadedFile) -> Iterator[bytes]:
        start = self._start
        while chunk := os.pread(self._text, _CHUNK_BYTES, start):
            start += len(chunk)
            yield chunk


def _read(workbook: BinaryIO, text: BinaryIO, vocabulary: str) -> None:
    """Have a process read the workbook and write its text. If the process is ended, the workbook is at fault."""
    kept = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    try:
        status = subprocess.run(  # noqa: S603  # our own arguments
            [sys.executable, "-P", "-S", "-m", "activation.adapters.workbook_process", vocabulary],
            stdin=workbook,
            stdout=text,
            stderr=subprocess.DEVNULL,  # it may quote cells
            env={**kept, "PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=MOST_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        raise WorkbookRefusedError(WorkbookFault.UNREADABLE) from None
    if status == _DID_NOT_START:
        raise RuntimeError("the process that reads workbooks did not start")
    if status:
        raise WorkbookRefusedError(
            next((fault for fault in WorkbookFault if fault == status), WorkbookFault.UNREADABLE)
        )
