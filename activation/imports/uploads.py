"""A correspondent's orders for a file: to check it, to apply it, to take it back. The import carries them out."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from activation.domain.errors import DomainError, ImportRunningError
from activation.domain.ports import Store, Write
from activation.domain.roster.ports import RosterFiles, Uploads
from activation.domain.upload_keys import UploadPaths
from activation.domain.uploads import LAPSE_SECONDS, Upload, failed, new_upload, to_apply, to_undo
from activation.domain.verification import RequestContext, retry_when_stale

_FILE, _ORDER = "application/octet-stream", "text/plain"


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that orders need."""

    store: Store
    uploads: Uploads
    files: RosterFiles


def send(
    ports: Ports,
    sender: str,
    structures: Sequence[str],
    body: bytes,
    *,
    context: RequestContext,
    extra_writes: Callable[[], Sequence[Write]] = tuple,
) -> Upload:
    """Have a file checked. `structures`: those that the sender answers for; `extra_writes` are of the same transaction.

    The upload is written before the file. If the file cannot be put, the upload has failed, and another may be sent at
    once; what breaks off in between has failed after three hours. Raises ImportRunningError.
    """
    upload = new_upload(sender, structures, context.random, now=context.now)
    with _taken_back_if_it_fails(ports, upload, failed(upload, now=context.now)):
        _begin(ports, upload, lambda: ports.uploads.send(upload), context.now, extra_writes)
        ports.files.write(UploadPaths(sender, upload.upload_id).file, body, kind=_FILE)
    return upload


def apply(ports: Ports, upload: Upload, confirmed: Collection[str], *, context: RequestContext) -> Upload:
    """Have a checked file applied; it stays checked if the order cannot be put.

    Raises ImportRunningError, and what `uploads.to_apply` raises.
    """
    applying = to_apply(upload, confirmed, now=context.now)
    with _taken_back_if_it_fails(ports, applying, upload):
        _begin(ports, applying, lambda: ports.uploads.save(upload, applying), context.now)
        ports.files.write(UploadPaths(upload.sender, upload.upload_id).application, b"", kind=_ORDER)
    return applying


def take_back(ports: Ports, upload: Upload, *, context: RequestContext) -> Upload:
    """Have an applied file taken back; it stays applied if the order cannot be put.

    Raises ImportRunningError, and what `uploads.to_undo` raises.
    """
    undoing = to_undo(upload, now=context.now)
    with _taken_back_if_it_fails(ports, undoing, upload):
        _begin(ports, undoing, lambda: ports.uploads.save(upload, undoing), context.now)
        ports.files.write(UploadPaths(upload.sender, upload.upload_id).undoing, b"", kind=_ORDER)
    return undoing


@contextmanager
def _taken_back_if_it_fails(ports: Ports, begun: Upload, otherwise: Upload) -> Iterator[None]:
    """Write the upload `otherwise` if its step may have begun but its object cannot be put: the step would never end.

    An object that was put in spite of the error then orders nothing: the upload is in no state for it.
    """
    try:
        yield
    except DomainError:  # nothing was written
        raise
    except Exception:
        with suppress(Exception):  # the first error is told; the step ends after three hours
            ports.store.commit(ports.uploads.save(begun, otherwise))
        raise


def _begin(
    ports: Ports,
    upload: Upload,
    write: Callable[[], Write],
    now: int,
    extra_writes: Callable[[], Sequence[Write]] = tuple,
) -> None:
    """Write the upload, unless another upload of the same sender has a step under way. Raises ImportRunningError."""

    def attempt() -> None:
        last = ports.uploads.last_begun(upload.sender)
        if last and last.is_running(now):
            raise ImportRunningError(last.since + LAPSE_SECONDS)
        ports.store.commit(write(), *ports.uploads.begin(upload, last), *extra_writes())

    retry_when_stale(attempt)
