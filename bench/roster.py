"""`python -m bench.roster`: the import of rosters, against what the same engine does by itself.

Memory of the check at 10,000, 100,000 and 800,000 rows; 100,000 rows applied and checked again; 20,000 changed.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from activation.adapters.accounts import PROFILE
from activation.adapters.dynamodb import DynamoWrite
from activation.adapters.roster_index import SqliteRosterIndex
from activation.adapters.tables import ACCOUNTS
from activation.domain.limits import Limits
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.domain.roster.ports import READ_AT_ONCE
from activation.domain.roster.words import count_line
from activation.domain.verification import RequestContext
from bench.clock import Meter, seconds_of
from bench.people import renamed, rows, write
from bench.stand import Stand, stand
from functions.import_roster import application, reading, service
from functions.import_roster.batches import read_batch
from infra.stages import REGION
from local.engine import Engine

SIZES = (10_000, 100_000, 800_000)
APPLIED = 100_000
CHANGED = 20_000
SAMPLE = 5_000
"""Rows of each measurement of the engine's own rate, before and after ours."""

_NOW = 1_795_512_720


say = partial(print, flush=True)


def main() -> None:
    """Measure and print."""
    if len(sys.argv) > 1:
        check_alone(*sys.argv[1:])
        return
    with TemporaryDirectory(prefix="bench-") as name, stand() as bench:
        folder = Path(name)
        for size in SIZES:
            say(f"check of {size:,} rows")
            _check_in_its_own_process(bench, folder, size)
        measure_applying(bench, folder)


def measure_applying(bench: Stand, folder: Path) -> None:
    """Create, find unchanged, change; each beside the engine's own rate."""
    first = write(folder / "first.csv", rows(APPLIED))
    second = write(folder / "second.csv", renamed(rows(CHANGED)))
    third = write(folder / "third.csv", renamed(islice(rows(CHANGED + 2 * SAMPLE), CHANGED, None)))
    say(f"{APPLIED:,} rows created")
    created = check(bench, bench.send("incoming/first.csv", first, apply="yes"))
    seconds = seconds_of(partial(apply, bench, created, "created"))
    say(f"  applied at {APPLIED / seconds:,.0f} rows/s: {count_line(created.counts)}")
    identifiers = [row[0] for row in islice(rows(APPLIED), SAMPLE)]

    say("unchanged, beside batch_get_item")
    own = SAMPLE / seconds_of(partial(read_plainly, bench, identifiers))
    again = bench.send("incoming/again.csv", first, apply="yes")
    ours = APPLIED / seconds_of(partial(check, bench, again))
    own = (own + SAMPLE / seconds_of(partial(read_plainly, bench, identifiers))) / 2
    say(f"  ours {ours:,.0f} rows/s, the engine's own {own:,.0f} rows/s: {ours / own:.2f}")

    say("changed, beside conditional updates")
    changed = check(bench, bench.send("incoming/second.csv", second, apply="yes"))
    updates = plain_updates(bench, bench.send("incoming/third.csv", third, apply="yes"))
    own = SAMPLE / seconds_of(partial(send_plainly, bench, updates[:SAMPLE]))
    ours = CHANGED / seconds_of(partial(apply, bench, changed, "changed"))
    own = (own + SAMPLE / seconds_of(partial(send_plainly, bench, updates[SAMPLE:]))) / 2
    say(f"  ours {ours:,.0f} rows/s, the engine's own {own:,.0f} rows/s: {ours / own:.2f}")


def check(bench: Stand, key: str) -> Prepared:
    """Check a file as *prepare* does."""
    meter = Meter("checked")
    ports = service.CheckPorts(bench.files, bench.rosters, SqliteRosterIndex)
    return service.check(ports, key, None, now=_NOW, tell=lambda progress: meter.show(progress.rows, progress.of))


def apply(bench: Stand, prepared: Prepared, what: str) -> None:
    """Apply every batch, one after the other: one worker of the ten."""
    context = RequestContext(_NOW, bytes, Limits())
    batches = list(_batches(bench, prepared))
    meter = Meter(what)
    for done, batch in enumerate(batches, 1):
        service.work(
            bench.files,
            bench.apply_ports,
            does=Action.APPLY,
            import_id=prepared.import_id,
            batch=batch,
            context=context,
        )
        meter.show(done, len(batches))


def read_plainly(bench: Stand, identifiers: Sequence[str]) -> None:
    """Nothing but batch_get_item, with as many readers as ours."""

    def read(start: int) -> None:
        keys = [_key(identifier) for identifier in identifiers[start : start + READ_AT_ONCE]]
        bench.dynamodb.batch_get_item(RequestItems={ACCOUNTS.name: {"Keys": keys}})

    with ThreadPoolExecutor(reading.READERS) as pool:
        list(pool.map(read, range(0, len(identifiers), READ_AT_ONCE)))


def plain_updates(bench: Stand, key: str) -> list[Any]:
    """The conditional updates that the file comes to, ready to be sent."""
    prepared = check(bench, key)
    changes = (change for batch in _batches(bench, prepared) for change in read_batch(bench.files, batch).people)
    writes = (bench.rosters.take_in(change, import_id=prepared.import_id, at=_NOW) for change in changes)
    return [write.request for write in writes if isinstance(write, DynamoWrite)]


def send_plainly(bench: Stand, updates: Sequence[Any]) -> None:
    """Nothing but conditional updates, with as many writers as ours."""
    with ThreadPoolExecutor(application.WRITERS) as pool:
        list(pool.map(lambda update: bench.dynamodb.update_item(**update), updates))


def check_alone(port: str, certificate: str, key: str) -> None:
    """In a process of its own: check the file and print what it came to and the most memory it took."""
    bench = Stand(Engine(int(port), Path(certificate), REGION))
    prepared = check(bench, key)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"  {count_line(prepared.counts)}; most memory {most:.0f} MiB")


def _check_in_its_own_process(bench: Stand, folder: Path, size: int) -> None:
    file = write(folder / f"{size}.csv", rows(size))
    key = bench.send(f"incoming/{size}.csv", file)
    where = (str(bench.engine.port), str(bench.engine.certificate))
    command = [sys.executable, "-m", "bench.roster", *where, key]
    seconds = seconds_of(lambda: subprocess.run(command, check=True))  # noqa: S603  # our own arguments
    say(f"  {file.stat().st_size / 1e6:.0f} MB in {seconds:.0f} s: {size / seconds:,.0f} rows/s")


def _batches(bench: Stand, prepared: Prepared) -> Iterator[str]:
    manifest = json.loads(bench.files.read(ImportPaths(prepared.import_id).manifest))
    yield from (item["batch"] for item in manifest)


def _key(identifier: str) -> dict[str, Any]:
    return {"identifier": {"S": identifier}, "record": {"S": PROFILE}}


if __name__ == "__main__":
    main()
