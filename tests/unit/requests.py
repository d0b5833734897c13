"""Requests and kinds for the unit tests."""

from collections.abc import Mapping
from dataclasses import replace

from activation.domain.requests.acts import Done
from activation.domain.requests.kinds import Choice, DecidedBy, EndsWith, Field, FieldType, Kind
from activation.domain.requests.request import Asked, Line, Request
from activation.domain.requests.states import AskReason, Party, RequestAct, RequestState
from tests.fakes.requests import FakeRequests
from tests.fakes.store import FakeStore

NOW = 1_763_942_400 + 365 * 86_400
"""2026-11-24T00:00:00Z: still the 23rd of November in French Polynesia, where days of rights end."""

DOORS = Choice("lost", "Perdu", sends=False, advice="Appelez l'émetteur."), Choice("late", "Jamais reçu")
FIELDS = (
    Field("why", FieldType.TEXT, "Pourquoi ?", least=3, most=20),
    Field("since", FieldType.DATE, "Depuis quand ?", obligatory=False, least="2020-01-01", most="2026-12-31"),
    Field("sum", FieldType.NUMBER, "Combien ?", obligatory=False, least=1, most=500),
    Field("door", FieldType.CHOICE, "Que se passe-t-il ?", obligatory=False, choices=DOORS),
)
NAMED = "reclamation", "1", "Réclamation", "Dites ce qui ne va pas."
YEAR = "2026-01-01", "2026-12-31"
KIND = Kind(*NAMED, DecidedBy.AGENT, EndsWith.ANSWER, *YEAR, fields=FIELDS)
PAID = replace(KIND, id="rentree", ends_with=EndsWith.PAYMENT)


def request(state: RequestState, *, kind: Kind = KIND, answers: Mapping[str, str] | None = None) -> Request:
    given = {"why": "Rentrée"} if answers is None else answers
    sent_at = None if state is RequestState.DRAFT else NOW
    named = "R1", "123456789", "10000001", kind.id, kind.version
    return Request(*named, NOW, NOW, state, 2, answers=given, sent_at=sent_at)


def draft(*, answers: Mapping[str, str] | None = None) -> Request:
    return request(RequestState.DRAFT, answers=answers)


SENT = replace(request(RequestState.SENT), last_act=RequestAct.SEND)
ASKED = Asked("la date", AskReason.INCOMPLETE, "2026-12-24")
TO_COMPLETE = replace(request(RequestState.TO_COMPLETE), asked=ASKED, last_act=RequestAct.ASK, last_by=Party.AGENT)


def lines_of(one: Request) -> list[Line]:
    opening = Line(one.request_id, 1, one.opened_at, RequestAct.OPEN, Party.PERSON, RequestState.DRAFT)
    return [opening, Line(one.request_id, one.version, one.changed_at, one.last_act, one.last_by, one.state)]


def file(requests: FakeRequests, *filed: Request) -> None:
    requests.rows.update({one.request_id: one for one in filed})
    requests.lines.update({one.request_id: lines_of(one) for one in filed})


def write(requests: FakeRequests, done: Done) -> None:
    FakeStore().commit(*requests.write(done))
