"""Versions of what is declared of somebody: a page that changes a row says which version it read."""

import hashlib
import json
from dataclasses import astuple, replace

from activation.domain.employment import RosterEntry

_DIGITS = 32


def version_of(entry: RosterEntry) -> str:
    """A hash of the columns (32 hexadecimal digits): the same for the same row, whatever became of the account."""
    declared = astuple(replace(entry, shared=False))
    return hashlib.sha256(json.dumps(declared).encode()).hexdigest()[:_DIGITS]
