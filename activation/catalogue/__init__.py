"""The catalogue: every kind of request as data. A released version is never edited: a test holds its hash.

`activation/catalogue/<kind>/<version>.toml`. A new version is a new file, valid from its day.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from activation.domain.requests.deadlines import DeadlineRule
from activation.domain.requests.kinds import Catalogue, Choice, DecidedBy, EndsWith, Field, FieldType, Guide, Kind

_HERE = Path(__file__).parent
KINDS = (
    "attestation-de-droits",
    "non-versement",
    "reclamation",
    "naissance-adoption",
    "garde-jeunes-enfants",
    "rentree-11-18",
    "rentree-19-26",
    "enfant-handicape",
    "sejour-vacances-enfant",
    "permis",
    "depart-retraite",
)
"""Every kind, in the order in which people read them."""


@cache
def catalogue() -> Catalogue:
    """Every released version of every kind."""
    return Catalogue({kind: {version: kind_of(kind, version) for version in versions(kind)} for kind in KINDS})


def versions(kind: str) -> tuple[str, ...]:
    """The released versions of that kind, oldest first; each is a number."""
    return tuple(sorted((file.name.removesuffix(".toml") for file in (_HERE / kind).iterdir()), key=int))


def kind_of(kind: str, version: str) -> Kind:
    """One version of a kind. Raises KeyError, TypeError or ValueError for a file that is none."""
    data = tomllib.loads((_HERE / kind / f"{version}.toml").read_text(encoding="utf-8"))
    return Kind(
        id=kind,
        version=version,
        **{
            **data,
            "decided_by": DecidedBy(data["decided_by"]),
            "ends_with": EndsWith(data["ends_with"]),
            "fields": tuple(map(_field, data.get("fields", ()))),
            "guide": _guide(data["guide"]) if "guide" in data else None,
        },
    )


def _field(data: dict[str, Any]) -> Field:
    choices = tuple(Choice(**choice) for choice in data.get("choices", ()))
    return Field(**{**data, "type": FieldType(data["type"]), "choices": choices})


def _guide(data: dict[str, Any]) -> Guide:
    rule = DeadlineRule(data["rule"]) if "rule" in data else None
    return Guide(**{**data, "rule": rule, "ready": tuple(data.get("ready", ()))})
