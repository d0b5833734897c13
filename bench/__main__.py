"""`make bench`: measures each part, prints its tables, and writes `bench/results.json` and `docs/performance.md`."""

import time
from argparse import ArgumentParser
from importlib import import_module

from bench import report

PARTS = ("cold", "warm", "trips", "load", "front", "cost", "model", "passwords")


def main() -> None:
    """Measure the parts asked for, all by default, and write what they came to."""
    parser = ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help=f"{', '.join(PARTS)} (all by default); or page: write it, nothing else"
    )
    parser.add_argument("--dry", action="store_true", help="show the results and write nothing")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - {*PARTS, "page"}:
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    for part in asked.parts or PARTS:
        if part != "page":
            _measure(part, keep=not asked.dry)
    if not asked.dry:
        report.write()


def _measure(part: str, *, keep: bool) -> None:
    began = time.perf_counter()
    measured = import_module(f"bench.{part}").measure()
    report.show(measured)
    if keep:
        report.keep(part, measured)
    print(f"{part}: {time.perf_counter() - began:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
