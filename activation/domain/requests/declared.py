"""The rows of a file of states, and whether a request may take one: the back office decides, and never backwards.

Each refusal is a sentence in French for the file's sender, and names no value of the file.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from activation.domain.accounts import Status
from activation.domain.names import fold_name
from activation.domain.requests.documents import new_ulid
from activation.domain.requests.kinds import MOST_TEXT_CHARACTERS, Catalogue, EndsWith, Kind
from activation.domain.requests.request import Request, erased_after
from activation.domain.requests.sentences import LABELS, SETTLED_LABELS
from activation.domain.requests.states import DECLARED, ENDED, LEADS_TO, RequestState
from activation.domain.roster.columns import Column
from activation.domain.roster.comparison import StoredPerson
from activation.domain.roster.rows import Fault
from activation.domain.roster.state_columns import StateColumn
from activation.domain.roster.values import (
    SCIENTIFIC,
    digits_in,
    fault_of_spreadsheet,
    is_identifier,
    is_scientific,
    means_nothing,
    read_day,
)
from activation.domain.times import moment_of, paris_day

NOTICE_DAYS = 30
"""How many days back people are still notified of a state: a back office's first file brings years of them."""

StateCells = Mapping[StateColumn, str]
"""The cells of one row as plain text."""

_C = StateColumn
_NAMING = (_C.IDENTIFIER, _C.KIND, _C.SENT_ON)
_WORDED = frozenset({RequestState.TO_COMPLETE, RequestState.REFUSED, RequestState.CLOSED})
"""The states that need words for the person: why, or what is asked for and until when."""

_STATES = {
    **{fold_name(state.value): state for state in DECLARED},
    **{fold_name(LABELS[state]): state for state in DECLARED if state in LABELS},
    **{fold_name(word): RequestState.SETTLED for word in (*SETTLED_LABELS.values(), "payée", "versée")},
    **{fold_name(word): RequestState.SENT for word in ("reçue", "enregistrée")},
    **{fold_name(word): RequestState.EXAMINED for word in ("en cours", "en examen")},
    **{fold_name(word): RequestState.CLOSED for word in ("classée", "classée sans suite")},
}
"""The words for each state, in either gender, folded."""


@dataclass(frozen=True, slots=True)
class StateRow:
    """A row without faults of its own; `line` is the number that the spreadsheet shows, days are `YYYY-MM-DD`.

    It names a request by `number`, or by `identifier`, `kind` and `sent_on`; an empty field says nothing. `request_id`
    is the request's, once it is known.
    """

    line: int
    state: RequestState
    state_on: str
    number: str = ""
    identifier: str = ""
    kind: str = ""
    sent_on: str = ""
    words: str = field(default="", repr=False)
    request_id: str = ""

    @property
    def naming(self) -> str:
        """The words by which the row names its request: no two rows of a file may have the same."""
        return self.number or f"{self.identifier}/{self.kind}/{self.sent_on}"


def judge_state_row(line: int, cells: StateCells, catalogue: Catalogue, *, now: int) -> StateRow | list[Fault]:
    """The row, or its faults, judged without any stored data."""
    said = {column: text for column, text in cells.items() if not means_nothing(text)}
    judge = _Judge(line, dict.fromkeys(_C, "") | said, paris_day(now))
    number, identifier = judge.digits(_C.NUMBER), judge.digits(_C.IDENTIFIER)
    kind = judge.kind(catalogue)
    sent_on, state, state_on = judge.day(_C.SENT_ON), judge.state(), judge.day(_C.STATE_ON)
    if not number:
        judge.require(_NAMING, "cette cellule est vide : sans numéro de demande, elle est obligatoire")
    judge.require((_C.STATE, _C.STATE_ON), "cette cellule est vide")
    if state_on and sent_on and state_on < sent_on:
        judge.wrong(_C.STATE_ON, _BEFORE_SENT)
    if state in ENDED and state_on and erased_after(state_on) <= paris_day(now):
        judge.wrong(_C.STATE_ON, "trop ancienne : une demande est gardée l'année de sa fin, et une de plus")
    words = judge.words(state)
    if judge.faults or state is None:
        return judge.faults
    return StateRow(line, state, state_on, number, identifier, kind, sent_on, words)


_BEFORE_SENT = "cette date est avant l'envoi de la demande"


def fault_of_kind(row: StateRow, kind: Kind) -> Fault | None:
    """Why this row may not change a request of that kind; None if it may."""
    if not kind.takes_states:
        return Fault(row.line, _C.KIND, "cette sorte de demande se décide ici, et par aucun fichier")
    if row.state is RequestState.ACCEPTED and kind.ends_with is not EndsWith.PAYMENT:
        return Fault(row.line, _C.STATE, "cette sorte de demande n'a pas cet état : rien n'est à régler")
    if row.state is RequestState.SETTLED and kind.ends_with is EndsWith.ANSWER and not row.words:
        return Fault(row.line, _C.WORDS, _WITHOUT_WORDS)
    return None


_WITHOUT_WORDS = "cette cellule est vide : la personne doit lire pourquoi, ou ce qui est demandé"


def fault_of_person(row: StateRow, person: StoredPerson | None) -> Fault | None:
    """Why a row may not name that person; None for somebody who has, or may open, an account."""
    if person is None:
        return Fault(row.line, _C.IDENTIFIER, "personne inconnue ; si des zéros manquent, mettez la colonne en texte")
    if person.status is Status.CLOSED:
        return Fault(row.line, _C.IDENTIFIER, "le compte de cette personne est fermé")
    return None


def fault_of(row: StateRow, request: Request, kind: Kind) -> Fault | None:
    """Why that request does not take the row; None if it does, or is in that state already."""
    return _fault_of_naming(row, request) or fault_of_kind(row, kind) or _fault_of_order(row, request)


def _fault_of_naming(row: StateRow, request: Request) -> Fault | None:
    if row.identifier not in ("", request.identifier):
        return Fault(row.line, _C.IDENTIFIER, "cette demande est celle d'une autre personne")
    if row.kind not in ("", request.kind):
        return Fault(row.line, _C.KIND, "cette demande est d'une autre sorte")
    if request.sent_at is None:
        return Fault(row.line, _C.NUMBER, "cette demande est un brouillon : elle n'a pas été envoyée")
    if row.sent_on not in ("", paris_day(request.sent_at)):
        return Fault(row.line, _C.SENT_ON, "cette demande a été envoyée un autre jour")
    if row.state_on < paris_day(request.sent_at):
        return Fault(row.line, _C.STATE_ON, _BEFORE_SENT)
    return None


def _fault_of_order(row: StateRow, request: Request) -> Fault | None:
    if row.state is request.state:
        return None
    if row.state not in LEADS_TO[request.state]:
        return Fault(row.line, _C.STATE, "la demande est déjà plus loin : un état ne revient pas en arrière")
    known, later = paris_day(request.changed_at), {RequestState.EXAMINED, RequestState.TO_COMPLETE}
    if {row.state, request.state} == later:
        is_old = row.state_on <= known if row.state is RequestState.EXAMINED else row.state_on < known
        if is_old:
            return Fault(row.line, _C.STATE_ON, "la demande a changé depuis cette date")
    return None


def matching(row: StateRow, requests: Sequence[Request]) -> list[Request]:
    """Those of the person's requests that are of the row's kind and were sent on its day."""
    return [
        each
        for each in requests
        if each.kind == row.kind and each.sent_at is not None and paris_day(each.sent_at) == row.sent_on
    ]


def request_id_of(identifier: str, kind: str, sent_on: str) -> str:
    """The id of a request that the back office opens: made from what names it, so that it is opened only once.

    It is a ULID as of every other request, with the time at which the request was sent.
    """
    digest = hashlib.sha256(f"states/1\0{identifier}\0{kind}\0{sent_on}".encode()).digest()
    return new_ulid(lambda size: digest[:size], now=moment_of(sent_on))


def said_at(day: str, *, now: int) -> int:
    """The stored time (epoch seconds) of a state that a row dates to that day: never in the future."""
    return min(now, moment_of(day))


def is_told(row: StateRow, *, now: int) -> bool:
    """Whether the person is notified of the row's state: it is at most `NOTICE_DAYS` old."""
    return paris_day(now - NOTICE_DAYS * 86_400) <= row.state_on


class _Judge:
    """Reads one row's cells, and gathers their faults: for each column only the first."""

    def __init__(self, line: int, cells: StateCells, today: str) -> None:
        self._line, self._cells, self._today = line, cells, today
        self.faults: list[Fault] = []
        for column, text in cells.items():
            if fault := fault_of_spreadsheet(text):
                self.wrong(column, fault)

    def wrong(self, column: StateColumn, reason: str) -> None:
        if not any(fault.column is column for fault in self.faults):
            self.faults.append(Fault(self._line, column, reason))

    def require(self, columns: Collection[StateColumn], reason: str) -> None:
        for column in columns:
            if not self._cells[column]:
                self.wrong(column, reason)

    def digits(self, column: StateColumn) -> str:
        text = digits_in(Column.IDENTIFIER, self._cells[column])
        if is_scientific(text):
            self.wrong(column, SCIENTIFIC)
        elif text and not is_identifier(text):
            self.wrong(column, "cette cellule n'a que des chiffres")
        return text

    def kind(self, catalogue: Catalogue) -> str:
        text = self._cells[_C.KIND]
        found = catalogue.named(text)
        if text and found is None:
            self.wrong(_C.KIND, "aucune prestation ne s'appelle ainsi")
        return found or ""

    def state(self) -> RequestState | None:
        text = self._cells[_C.STATE]
        found = next((_STATES[word] for word in _genders(fold_name(text)) if word in _STATES), None)
        if text and found is None:
            self.wrong(_C.STATE, "aucun état ne s'appelle ainsi")
        return found

    def day(self, column: StateColumn) -> str:
        read = read_day(self._cells[column])
        if read.fault:
            self.wrong(column, read.fault)
        elif read.day > self._today:
            self.wrong(column, "cette date est à venir")
        return read.day

    def words(self, state: RequestState | None) -> str:
        text = self._cells[_C.WORDS]
        if len(text) > MOST_TEXT_CHARACTERS:
            self.wrong(_C.WORDS, f"plus de {MOST_TEXT_CHARACTERS} caractères")
        if state in _WORDED:
            self.require((_C.WORDS,), _WITHOUT_WORDS)
        return text


def _genders(word: str) -> Iterator[str]:
    """The word, and its feminine: « accepté » is read as « acceptée », and « réglé » as « réglée »."""
    yield word
    yield f"{word}e"
