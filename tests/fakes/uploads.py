"""The ports `Uploads` and `GivenContacts` in memory."""

from dataclasses import replace

from activation.domain.roster.given import SEVERAL
from activation.domain.uploads import Upload, UploadProgress
from tests.fakes.store import FakeWrite


class FakeUploads:
    """The uploads, in `rows` by sender and id; `begun`: of which a step began last, by sender."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Upload] = {}
        self.begun: dict[str, str] = {}

    def get(self, sender: str, upload_id: str) -> Upload | None:
        return self.rows.get((sender, upload_id))

    def latest(self, sender: str, *, most: int) -> list[Upload]:
        return [self.rows[key] for key in sorted(self.rows, reverse=True) if key[0] == sender][:most]

    def every(self, sender: str) -> list[Upload]:
        return self.latest(sender, most=len(self.rows))

    def last_begun(self, sender: str) -> Upload | None:
        return self.get(sender, self.begun.get(sender, ""))

    def send(self, upload: Upload) -> FakeWrite:
        return FakeWrite(f"UPLOAD {upload.upload_id}", lambda: self._put(upload), lambda: _key(upload) not in self.rows)

    def begin(self, upload: Upload, last: Upload | None) -> list[FakeWrite]:
        write = FakeWrite(
            f"LATEST {upload.sender}",
            lambda: self.begun.update({upload.sender: upload.upload_id}),
            lambda: self.begun.get(upload.sender) == (last.upload_id if last else None),
        )
        return [write, *([self._check(last)] if last and last.upload_id != upload.upload_id else [])]

    def _check(self, last: Upload) -> FakeWrite:
        return FakeWrite(f"UPLOAD {last.upload_id}", holds=lambda: self._is_still(last))

    def save(self, before: Upload, after: Upload) -> FakeWrite:
        return FakeWrite(f"UPLOAD {after.upload_id}", lambda: self._put(after), lambda: self._is_still(before))

    def go_on(self, upload: Upload, rows: int) -> None:
        old = self.rows.get(_key(upload))
        if old and _place(old) == _place(upload):
            assert old.progress.done + rows <= old.progress.of, "a row is done once"
            self._put(replace(old, progress=UploadProgress(old.progress.done + rows, old.progress.of)))

    def _is_still(self, before: Upload) -> bool:
        old = self.rows.get(_key(before))
        return old is not None and _place(old) == _place(before)

    def _put(self, upload: Upload) -> None:
        self.rows[_key(upload)] = upload


def _key(upload: Upload) -> tuple[str, str]:
    return upload.sender, upload.upload_id


def _place(upload: Upload) -> tuple[object, ...]:
    return upload.state, upload.since, upload.admitted_at


class FakeGivenContacts:
    """The port `GivenContacts` in memory, in `rows` by sender and key."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], str] = {}

    def of(self, sender: str) -> dict[str, str]:
        return {key: person for (whose, key), person in self.rows.items() if whose == sender}

    def give(self, sender: str, key: str, identifier: str, *, is_shared: bool, now: int) -> FakeWrite:  # noqa: ARG002  # only what expires needs the time
        person = SEVERAL if is_shared else identifier
        return FakeWrite(
            f"GIVEN {sender} {key}",
            lambda: self.rows.update({(sender, key): person}),
            lambda: is_shared or self.rows.get((sender, key), identifier) == identifier,
        )
