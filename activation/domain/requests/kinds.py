"""The kinds of requests: data, of which a released version is never edited (`activation/catalogue`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from activation.domain.errors import DomainError
from activation.domain.names import fold_name
from activation.domain.plain_text import plain_text
from activation.domain.requests.deadlines import DeadlineRule

_MOST_DIGITS = 9
MOST_TEXT_CHARACTERS = 2_000
"""The most characters of one answer, and of a message."""


CLAIM = "reclamation"
"""The kind by which people contest a decision, or say that something has not come."""


class FieldType(StrEnum):
    """The values that a field takes."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class DecidedBy(StrEnum):
    """The party that decides a request of that kind."""

    AGENT = "agent"
    AUTOMATIC = "automatic"


class EndsWith(StrEnum):
    """The form in which an accepted request ends."""

    PAYMENT = "payment"
    DOCUMENT = "document"
    ANSWER = "answer"


class Choice(NamedTuple):
    """One answer of a choice. If it does not send the request (`sends`), `advice` says what to do instead."""

    id: str
    label: str
    sends: bool = True
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a kind.

    `least` and `most` bound a number, the characters of a text, or a date (`YYYY-MM-DD`); None where nothing does.
    `today` bounds a date, `this-year` a number, by the day on which it is answered (`on`).
    """

    id: str
    type: FieldType
    label: str
    hint: str = ""
    obligatory: bool = True
    least: str | int | None = None
    most: str | int | None = None
    choices: tuple[Choice, ...] = ()

    def on(self, day: str) -> "Field":
        """The field as of that day (`YYYY-MM-DD`): its bounds become numbers and dates."""
        meant: dict[str | int | None, str | int] = {"today": day, "this-year": int(day[:4])}
        return replace(self, least=meant.get(self.least, self.least), most=meant.get(self.most, self.most))


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide's words on a benefit: on which occasion, until when, which papers to have ready.

    `counted_from` completes « à partir de »; without a public rule `rule` is None, and `deadline` says so.
    """

    group: str
    occasion: str
    deadline: str
    ready: tuple[str, ...] = ()
    rule: DeadlineRule | None = None
    months: int = 0
    counted_from: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request. `fields` are what a person is asked here; a kind that is only in the guide is asked elsewhere.

    `sensitive`: it is never shown to a correspondent. `attention` is whom its document is for, unless a field of that
    name says it; `attests` is the document's text. Both ends of the validity are days, included.
    """

    id: str
    version: str
    label: str
    summary: str
    decided_by: DecidedBy
    ends_with: EndsWith
    valid_from: str
    valid_until: str = "9999-12-31"
    sensitive: bool = False
    fields: tuple[Field, ...] = ()
    attention: str = ""
    attests: str = ""
    guide: Guide | None = None

    @property
    def is_asked_here(self) -> bool:
        """Whether people open such a request themselves, on this site."""
        return self.guide is None

    @property
    def takes_states(self) -> bool:
        """Whether a file of states may change such a request: not if the decision issues a document."""
        return self.decided_by is DecidedBy.AGENT and self.ends_with is not EndsWith.DOCUMENT

    def is_valid_on(self, day: str) -> bool:
        """Whether it may be opened on that day (`YYYY-MM-DD`)."""
        return self.valid_from <= day <= self.valid_until


class FieldFault(NamedTuple):
    """An answer that is refused: `missing`, `unknown`, `format`, `too-small`, `too-large` or `not-sent`."""

    field: str
    reason: str


class AnswersRejectedError(DomainError):
    """Answers that the kind's fields do not take."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        self.faults = tuple(faults)


Answers = Mapping[str, str]
"""A person's answers, as plain text, by the field's id."""


def clean_answers(kind: Kind, typed: Answers, *, today: str) -> dict[str, str]:
    """The answers as they are stored; an empty one is none, and a draft may lack any. Raises AnswersRejectedError.

    `today` (`YYYY-MM-DD`) is the last day of dates that may not be in the future.
    """
    known = {each.id: each.on(today) for each in kind.fields}
    cleaned = {name: plain_text(answer).strip() for name, answer in typed.items()}
    faults = [FieldFault(name, "unknown") for name in cleaned if name not in known]
    faults += [
        FieldFault(name, reason)
        for name, answer in cleaned.items()
        if answer and name in known and (reason := _fault(known[name], answer))
    ]
    if faults:
        raise AnswersRejectedError(faults)
    return {name: answer for name, answer in cleaned.items() if answer}


def require_sendable(kind: Kind, answers: Answers) -> None:
    """Raise AnswersRejectedError unless every obligatory field is answered, and no answer leads elsewhere."""
    faults = [FieldFault(each.id, "missing") for each in kind.fields if each.obligatory and not answers.get(each.id)]
    faults += [
        FieldFault(each.id, "not-sent")
        for each in kind.fields
        for choice in each.choices
        if choice.id == answers.get(each.id) and not choice.sends
    ]
    if faults:
        raise AnswersRejectedError(faults)


def _fault(asked: Field, answer: str) -> str | None:
    """Why that field does not take the answer; None when it does."""
    match asked.type:
        case FieldType.CHOICE:
            return None if answer in {choice.id for choice in asked.choices} else "unknown"
        case FieldType.TEXT:
            return _bounds(len(answer), asked.least, asked.most or MOST_TEXT_CHARACTERS)
        case FieldType.NUMBER:
            if not (answer.isascii() and answer.isdecimal() and len(answer) <= _MOST_DIGITS):
                return "format"
            return _bounds(int(answer), asked.least, asked.most)
        case _:
            return _bounds(answer, asked.least, asked.most) if _is_day(answer) else "format"


def _bounds(value: str | int, least: str | int | None, most: str | int | None) -> str | None:
    if least is not None and value < least:  # type: ignore[operator]  # the catalogue's check holds their types equal
        return "too-small"
    if most is not None and value > most:  # type: ignore[operator]  # see above
        return "too-large"
    return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # `fromisoformat` reads weeks (`2026-W48-7`), too
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every released version of every kind."""

    versions: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)

    def released(self, kind: str, version: str) -> Kind:
        """That version of a kind, as it was released. Raises KeyError for one that never was."""
        return self.versions[kind][version]

    def is_sensitive(self, kind: str) -> bool:
        """Whether any version of that kind is sensitive: one that becomes sensitive is so for earlier requests too."""
        return any(released.sensitive for released in self.versions[kind].values())

    def named(self, text: str) -> str | None:
        """The id of the kind with that id or label, however it is spelt; None when there is none."""
        names = {fold_name(name): kind.id for kind in self._released() for name in (kind.id, kind.label)}
        return names.get(fold_name(text))

    def version_on(self, kind: str, day: str) -> Kind:
        """The latest version of the kind that had begun by that day; its first one for an earlier day.

        Raises KeyError.
        """
        released = list(self.versions[kind].values())
        begun = [each for each in released if each.valid_from <= day]
        return begun[-1] if begun else released[0]

    def _released(self) -> Iterator[Kind]:
        return (kind for released in self.versions.values() for kind in released.values())

    def in_force(self, day: str) -> list[Kind]:
        """Of each kind, the latest version that is valid on that day, in the catalogue's order."""
        valid = ([kind for kind in released.values() if kind.is_valid_on(day)] for released in self.versions.values())
        return [kinds[-1] for kinds in valid if kinds]
