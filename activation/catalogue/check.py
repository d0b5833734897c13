"""The check of the kinds of requests in `make check`: `python -m activation.catalogue.check` prints each fault.

No function imports this module, so no cold start pays for it.
"""

import re
import sys
from collections.abc import Iterator
from datetime import date

from activation.catalogue import KINDS, kind_of, versions
from activation.domain.requests.deadlines import DeadlineRule
from activation.domain.requests.kinds import MOST_TEXT_CHARACTERS, DecidedBy, EndsWith, Field, FieldType, Kind

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"[.!?:;]\s")
MOST_WORDS = 15
"""The most words of a sentence that people read."""


def faults_of(kind: Kind) -> list[str]:
    """The faults of a kind, each with its place or the words. `make check` finds none in the catalogue."""
    return [*_identity(kind), *_document(kind), *_guided(kind), *_long(kind)] + [
        fault for each in kind.fields for fault in _asked(each.on(kind.valid_from))
    ]


def _identity(kind: Kind) -> Iterator[str]:
    if not _ID.fullmatch(kind.id):
        yield f"id {kind.id}"
    if not kind.version.isdecimal():
        yield f"version {kind.version}"
    for name in ("valid_from", "valid_until"):
        if not _is_day(getattr(kind, name)):
            yield f"{name} is no day"
    if kind.valid_until < kind.valid_from:
        yield "valid_until is before valid_from"
    for name in ("label", "summary"):
        if not getattr(kind, name):
            yield f"{name} is empty"
    ids = [each.id for each in kind.fields]
    if len(set(ids)) < len(ids):
        yield "fields of one id"
    is_filled_in = kind.is_asked_here and kind.decided_by is DecidedBy.AGENT
    if bool(kind.fields) is not is_filled_in:
        yield "fields: only what an agent decides, and is asked here, has some"


def _document(kind: Kind) -> Iterator[str]:
    is_document, ids = kind.ends_with is EndsWith.DOCUMENT, {each.id for each in kind.fields}
    if bool(kind.attests) is not is_document or not ids.issuperset(_SLOT.findall(kind.attests)):
        yield "attests: what a document says, with no other slot than a field"
    if is_document and not kind.attention and "attention" not in ids:
        yield "attention: whom the document is for"


def _guided(kind: Kind) -> Iterator[str]:
    guide = kind.guide
    if guide is None:
        return
    if not (guide.group and guide.occasion and guide.deadline):
        yield "guide: group, occasion and deadline"
    if bool(guide.counted_from) is not (guide.rule is not None):
        yield "guide: counted_from goes with a rule"
    if bool(guide.months) is not (guide.rule is DeadlineRule.MONTHS):
        yield "guide: months go with the rule of months"


def _asked(field: Field) -> Iterator[str]:
    if not _ID.fullmatch(field.id):
        yield f"{field.id} id"
    choices = [choice.id for choice in field.choices]
    if field.type is FieldType.CHOICE:
        advised = all(choice.sends or choice.advice for choice in field.choices)
        if len(set(choices)) < max(2, len(choices)) or not advised or not all(map(_ID.fullmatch, choices)):
            yield f"{field.id} choices: two at least, each once, with an advice behind those that do not send"
    elif choices:
        yield f"{field.id} choices are a choice's"
    bounds = [bound for bound in (field.least, field.most) if bound is not None]
    fits = {
        FieldType.TEXT: lambda bound: isinstance(bound, int) and 0 < bound <= MOST_TEXT_CHARACTERS,
        FieldType.NUMBER: lambda bound: isinstance(bound, int),
        FieldType.DATE: lambda bound: isinstance(bound, str) and _is_day(bound),
        FieldType.CHOICE: lambda _: False,
    }[field.type]
    if not all(map(fits, bounds)) or bounds != sorted(bounds, key=str if field.type is FieldType.DATE else int):
        yield f"{field.id} bounds"


def _long(kind: Kind) -> Iterator[str]:
    guide = kind.guide
    texts = [kind.label, kind.summary, kind.attests, *((guide.occasion, guide.deadline, *guide.ready) if guide else ())]
    for each in kind.fields:
        texts += [each.label, each.hint, *(text for choice in each.choices for text in (choice.label, choice.advice))]
    for text in texts:
        for sentence in _SENTENCES.split(text):
            if len(sentence.split()) > MOST_WORDS:
                yield f"words: {sentence}"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _faults_in(kind: str, version: str) -> list[str]:
    try:
        return faults_of(kind_of(kind, version))
    except (KeyError, TypeError, ValueError) as error:
        return [f"no kind: {error!r}"]


def main() -> None:
    """Print the faults of the catalogue; status 1 when there is any."""
    released = [(kind, version) for kind in KINDS for version in versions(kind)]
    found = [f"{kind} {version}: {fault}" for kind, version in released for fault in _faults_in(kind, version)]
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
