"""Mutants, what became of them, and the list of those that are known to survive."""

import contextlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.scope import TREE

LIST = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change: the lines of a function before and after, each without its indentation.

    The same change in two places of one function is one mutant: positions would not outlive the next edit.
    """

    module: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        """As it is written in the list, but for the reason."""
        changed = "\n".join(f"{key} = '''{getattr(self, key)}'''" for key in ("before", "after"))
        return f'[[survivor]]\nmodule = "{self.module}"\nfunction = "{self.function}"\n{changed}\nreason = ""'


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many mutants of a module there were, how many a test killed, and the others."""

    module: str
    total: int
    killed: int
    survivors: frozenset[Mutant]


def listed() -> dict[Mutant, str]:
    """The reason of every listed survivor."""
    entries = tomllib.loads(LIST.read_text()).get("survivor", [])
    return {Mutant(**{key: entry[key] for key in Mutant.__slots__}): entry["reason"] for entry in entries}


def verdicts(modules: Iterable[Path]) -> Iterator[Verdict]:
    """What mutmut left in its tree, by module."""
    from mutmut.stats import status_by_exit_code  # noqa: PLC0415  # libcst, for who only reads the list

    for module in modules:
        found = TREE / "mutants" / f"{module}.meta"
        codes: dict[str, int | None] = json.loads(found.read_text())["exit_code_by_key"] if found.exists() else {}
        alive = [name for name, code in codes.items() if status_by_exit_code[code] not in {"killed", "timeout"}]
        yield Verdict(str(module), len(codes), len(codes) - len(alive), frozenset(_read(module, alive)))


def _read(module: Path, names: Iterable[str]) -> Iterator[Mutant]:
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415  # as above
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key  # noqa: PLC0415  # as above

    with contextlib.chdir(TREE):
        for name in names:
            function, owner = orig_function_and_class_names_from_key(name)
            lines = get_diff_for_mutant(name, path=module).splitlines()[2:]
            before, after = (
                "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+")
            )
            yield Mutant(str(module), f"{owner}.{function}" if owner else function, before, after)
