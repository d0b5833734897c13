"""The ports `Uploads` and `GivenContacts` in memory."""

from dataclasses import replace

from activation.domain.roster.given import SEVERAL
from activation.domain.uploads import Progress, Upload
from tests.fakes.store import FakeWrite


class FakeUploads:
    """The uploads, in `rows` by sender and id; `begun`: of which a step began last, and when, by sender."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Upload] = {}
        self.begun: dict[str, tuple[str, int]] = {}

    def get(self, sender: str, upload_id: str) -> Upload | None:
        return self.rows.get((sender, upload_id))

    def latest(self, sender: str, *, most: int) -> list[Upload]:
        return [self.rows[key] for key in sorted(self.rows, reverse=True) if key[0] == sender][:most]

    def last_begun(self, sender: str) -> Upload | None:
        return self.get(sender, self.begun.get(sender, ("", 0))[0])

    def send(self, upload: Upload) -> FakeWrite:
        return FakeWrite(f"UPLOAD {upload.upload_id}", lambda: self._put(upload), lambda: _key(upload) not in self.rows)

    def begin(self, upload: Upload, last: Upload | None) -> FakeWrite:
        def holds() -> bool:
            begun, since = self.begun.get(upload.sender, (None, 0))
            return begun == (last.upload_id if last else None) and (last is None or since <= last.since)

        begins = {upload.sender: (upload.upload_id, upload.since)}
        return FakeWrite(f"LATEST {upload.sender}", lambda: self.begun.update(begins), holds)

    def save(self, before: Upload, after: Upload) -> FakeWrite:
        def holds() -> bool:
            old = self.rows.get(_key(before))
            return old is not None and _place(old) == _place(before)

        return FakeWrite(f"UPLOAD {after.upload_id}", lambda: self._put(after), holds)

    def go_on(self, upload: Upload, rows: int) -> None:
        old = self.rows.get(_key(upload))
        if old and _place(old) == _place(upload):
            self._put(replace(old, progress=Progress(old.progress.done + rows, old.progress.of)))

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
