"""The texts that people decide on: a version is a file, the latest is in force.

A released version is never edited: a test holds its hash.
"""

import json
from pathlib import Path
from typing import Literal

from activation.domain.consent import ConsentText
from activation.domain.steps import Texts
from activation.domain.terms import Terms

_HERE = Path(__file__).parent


def current_texts() -> Texts:
    """The consent text and the terms in force."""
    return Texts(consent_text(versions("consent")[-1]), terms(versions("terms")[-1]))


def versions(kind: Literal["consent", "terms"]) -> tuple[str, ...]:
    """The released versions of that text, oldest first; each is a number."""
    names = (file.name.partition(".")[0] for file in (_HERE / kind).iterdir())
    return tuple(sorted((name for name in names if name.isdigit()), key=int))


def consent_text(version: str) -> ConsentText:
    """That version of the consent text."""
    text = (_HERE / "consent" / f"{version}.txt").read_text(encoding="utf-8")
    return ConsentText(version, text)


def terms(version: str) -> Terms:
    """That version of the terms: the data that identifies the PDF, which the front serves."""
    return Terms(**json.loads((_HERE / "terms" / f"{version}.json").read_text(encoding="utf-8")))
