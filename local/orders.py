"""The orders of `make roster` and `make run`, read from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from activation.domain.roster.imports import UploadOption

_OPTIONS = {
    UploadOption.APPLY: "APPLY",
    UploadOption.CONFIRM_DEPARTURES: "CONFIRM",
    UploadOption.CONFIRM_RENAMINGS: "CONFIRM_NAMES",
    UploadOption.CONFIRM_CHANGES: "CONFIRM_CHANGES",
    UploadOption.CONFIRM_CORRESPONDENTS: "CONFIRM_CORRESPONDENTS",
}
_YES, _NO = ("1", "yes", "oui"), ("", "0")
_IMPORT = re.compile(r"(?:C\d{8}-|states-)?\d{8}T\d{6}Z-[0-9a-f]{12}(?:-arrivals)?")


_DEFAULT_PORT = "8000"
_HIGHEST_PORT = 65_535


class UsageError(Exception):
    """An order that makes no sense as it was written."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `undo`: the import to undo, or empty; `undoes_last`: undo the last one, whichever it is."""

    said: Mapping[UploadOption, str] = field(default_factory=dict)
    file: Path = Path()
    undo: str = ""
    undoes_last: bool = False
    figures: bool = False


def read_order(told: Mapping[str, str], *, command: str = "roster") -> Order:
    """The options of that command, read from environment variables as make passes them. Raises UsageError."""
    options = {option: _is_yes(told, name) for option, name in _OPTIONS.items()}
    said = {option: "yes" for option, is_wanted in options.items() if is_wanted}
    if told.get("SENDER"):
        said[UploadOption.SENDER] = told["SENDER"]
    undo = told.get("UNDO", "").strip()
    names_one = bool(_IMPORT.fullmatch(undo))
    undoes_last = not names_one and _is_yes(told, "UNDO", more=" ou l'import à annuler,")
    figures = _is_yes(told, "FIGURES")
    if names_one or undoes_last or figures:
        return Order(undo=undo if names_one else "", undoes_last=undoes_last, figures=figures)
    return Order(said, _file(told.get("FILE", ""), command))


def read_port(told: Mapping[str, str]) -> int:
    """The port that `PORT` names, 8000 where it is not set. Raises UsageError."""
    said = told.get("PORT") or _DEFAULT_PORT
    if not (
        said.isascii() and said.isdigit() and len(said) <= len(str(_HIGHEST_PORT)) and 0 < int(said) <= _HIGHEST_PORT
    ):
        raise UsageError(f"PORT={said:.20} : écrivez un numéro de port, de 1 à {_HIGHEST_PORT}")
    return int(said)


def _file(named: str, command: str) -> Path:
    if not named:
        raise UsageError(f"donnez le fichier : make {command} FILE=chemin/du/fichier.csv")
    file = Path(named)
    if file.is_dir():
        raise UsageError(f"c'est un dossier : {named}")
    if not file.is_file():
        raise UsageError(f"introuvable : {named}")
    return file


def _is_yes(told: Mapping[str, str], name: str, *, more: str = "") -> bool:
    said = told.get(name, "").strip().lower()
    if said not in (*_YES, *_NO):
        raise UsageError(f"{name}={told[name]} : écrivez 1, yes ou oui,{more} 0 ou rien")
    return said in _YES
