"""`make bench`: measures each part, prints its tables, and writes `bench/results.json` and `docs/performance.md`.

`python -m bench cost front` measures those parts only; `python -m bench page` none: it writes the page from what is
kept. `python -m bench.cost` measures one part and writes nothing.
"""

import sys
import time
from importlib import import_module
from importlib.util import find_spec

from bench import report

PARTS = ("cold", "warm", "memory", "trips", "load", "model", "front", "cost")


def main(asked: list[str]) -> None:
    """Measure the parts asked for, all by default, and write what they came to."""
    there = [part for part in PARTS if find_spec(f"bench.{part}")]
    if unknown := set(asked) - {*there, "page"}:
        sys.exit(f"error: no part is called {', '.join(unknown)}; there are {', '.join(there)}, and page")
    for part in asked or there:
        if part != "page":
            _measure(part)
    report.write()


def _measure(part: str) -> None:
    began = time.perf_counter()
    measured = import_module(f"bench.{part}").measure()
    report.show(measured)
    report.keep(part, measured)
    print(f"{part}: {time.perf_counter() - began:.0f} s\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
