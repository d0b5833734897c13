"""The texts that people decide on. A released version is never edited: a test holds its hash."""

import json
from importlib.resources import files

from activation.domain.ledger import ConsentText, Terms
from activation.domain.steps import Texts

CONSENT_VERSION = "1"
TERMS_VERSION = "1"


def current_texts() -> Texts:
    """The consent text and the terms in force."""
    return Texts(consent_text(CONSENT_VERSION), terms(TERMS_VERSION))


def consent_text(version: str) -> ConsentText:
    """That version of the consent text."""
    text = (files(__name__) / "consent" / f"{version}.txt").read_text(encoding="utf-8")
    return ConsentText(version, text)


def terms(version: str) -> Terms:
    """That version of the terms: what identifies the PDF, which the front serves."""
    return Terms(**json.loads((files(__name__) / "terms" / f"{version}.json").read_text(encoding="utf-8")))
