"""What agents see and do of people's requests, over fakes: each look and act told, nobody's own case, every queue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from activation.domain.contacts import Channel
from activation.domain.employment import Structure
from activation.domain.errors import BusyError
from activation.domain.events import Event, EventKind
from activation.domain.outbox import MessageKind
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.documents import document_code, document_message, hash_code, issue
from activation.domain.requests.kinds import Catalogue, DecidedBy, EndsWith, Guide, Kind
from activation.domain.requests.request import Line, Queue, Request
from activation.domain.requests.states import Party, RequestAct, RequestState
from functions.support import requests
from functions.support.request_schemas import AskRequest
from functions.support.request_views import case_body, queue_body
from functions.support.requests import Case, Named, RequestPorts, Waiting
from functions.support.service import Call
from tests.builders import NOW, active, entry
from tests.fakes.macs import FakeMacs
from tests.in_memory import InMemoryService, outcome
from tests.unit.desk import WHO, ports
from tests.unit.refusals import failing
from tests.unit.requests import KIND, PAID, SENT, TO_COMPLETE, draft, file, lines_of, request, write

S = RequestState
ACTOR, CALL = Actor(Party.AGENT, "ines"), Call("ines", "Appel")
"""Inès, an agent who has an account herself."""
INES = "10000004"
PAPER = replace(KIND, id="paper", ends_with=EndsWith.DOCUMENT, attests="Rien : {why}.")
ENDED = replace(KIND, id="ended", valid_until="2026-01-31")
MOVED = replace(KIND, id="moved")
GUIDE = Guide("enfants", "La naissance", "Six mois")
ELSEWHERE = replace(KIND, id="elsewhere", guide=GUIDE)
AT_ONCE = replace(KIND, id="at once", decided_by=DecidedBy.AUTOMATIC)
KINDS = {kind.id: {"1": kind} for kind in (KIND, PAID, PAPER, ENDED, ELSEWHERE, AT_ONCE)}
CATALOGUE = Catalogue({**KINDS, "moved": {"1": MOVED, "2": replace(MOVED, version="2", guide=GUIDE)}})
EXAMINED = replace(request(S.EXAMINED), last_act=RequestAct.TAKE, last_by=Party.AGENT)
ACCEPTED = replace(request(S.ACCEPTED, kind=PAID), last_act=RequestAct.ACCEPT, last_by=Party.AGENT)
REFUSED = replace(request(S.REFUSED), decided_by="karim", last_act=RequestAct.REFUSE, last_by=Party.AGENT)


class Desk:
    """Inès before the requests of Louis, and one of her own."""

    def __init__(self, *filed: Request, **roster: str) -> None:
        self.app = InMemoryService(active(roster=entry(**roster)), active(INES))
        self.app.structures.save(Structure("S1", "Mairie"))
        self.ports = RequestPorts(ports(self.app), CATALOGUE, self.app.requests, self.app.documents, {"ines": INES})
        file(self.app.requests, *filed, replace(SENT, request_id="own", number="444444444", identifier=INES))

    def do(self, use_case: Callable[..., Case], *given: Any, who: str = WHO, number: str = "123456789") -> Case:
        return use_case(self.ports, CALL, Named(who, number), *given, context=self.app.context)

    def refuses(self, use_case: Callable[..., Case], *given: Any, **named: str) -> str:
        said = outcome(lambda: self.do(use_case, *given, **named))
        assert self.app.store.transactions == []
        return said


def test_a_look_is_in_the_person_s_history_before_anything_is_shown() -> None:
    desk = Desk(SENT)
    desk.app.store.meanwhile.append(failing(BusyError()))
    assert desk.refuses(requests.look) == "BusyError"
    assert desk.do(requests.look) == Case(SENT, KIND, lines_of(SENT), desk.app.account())
    looked = Event(EventKind.DESK_REQUEST_LOOKED, NOW, agent="ines", reason="Appel")
    assert desk.app.accounts.history(WHO) == [looked]


def by(act: Callable[..., Done], *given: object) -> Callable[[Request, Kind, Actor], Done]:
    return lambda one, kind, actor: act(one, kind, *given, actor, now=NOW)


ACTS = [
    (SENT, by(acts.take), None),
    (EXAMINED, by(acts.ask, TO_COMPLETE.asked), MessageKind.REQUEST_TO_COMPLETE),
    (EXAMINED, by(acts.refuse, "Trop tard."), MessageKind.REQUEST_DECIDED),
    (EXAMINED, by(acts.drop, "Déjà réglé."), MessageKind.REQUEST_DECIDED),
    (ACCEPTED, by(acts.settle), MessageKind.REQUEST_SETTLED),
    (SENT, by(acts.message, "Demain."), MessageKind.REQUEST_MESSAGE),
    (REFUSED, by(acts.reopen, "Vu avec elle."), None),
]


def check_done(desk: Desk, case: Case, done: Done, told: MessageKind | None) -> None:
    assert done.before is not None
    kind, timeline = CATALOGUE.released(done.after.kind, "1"), [*lines_of(done.before), done.line]
    assert case == Case(done.after, kind, timeline, desk.app.account())
    assert (desk.app.requests.rows["R1"], desk.app.requests.lines["R1"]) == (done.after, timeline)
    handled = Event(EventKind.DESK_REQUEST_HANDLED, NOW, agent="ines", reason="Appel")
    assert desk.app.accounts.history(WHO) == [handled]
    assert desk.app.notices() == ([(told, Channel.EMAIL)] if told else [])
    assert len(desk.app.store.transactions) == 1


@pytest.mark.parametrize(("before", "do", "told"), ACTS)
def test_an_act_is_one_transaction_with_its_line_its_event_and_its_notice(
    before: Request, do: Callable[..., Done], told: MessageKind | None
) -> None:
    desk = Desk(before)
    done = do(before, CATALOGUE.released(before.kind, "1"), ACTOR)
    check_done(desk, desk.do(requests.act, do), done, told)


@pytest.mark.parametrize("kind", [KIND, PAID, PAPER])
def test_what_is_accepted_is_told_and_a_document_is_issued_with_it_where_it_ends_with_one(kind: Kind) -> None:
    before = replace(EXAMINED, kind=kind.id)
    desk = Desk(before)
    case = desk.do(requests.accept, "Voici.")
    name = case.request.document_id
    done = acts.accept(before, kind, ACTOR, words="Voici.", document_id=name, now=NOW)
    check_done(desk, case, done, MessageKind.REQUEST_DECIDED)
    issued = {}
    if name:
        code = document_code(FakeMacs("document").mac(document_message(name)))
        account, employer, answers = desk.app.account(), Structure("S1", "Mairie"), before.answers
        document = issue(kind, account, employer, document_id=name, request_id="R1", answers=answers, now=NOW)
        issued[name] = document, hash_code(code)
    assert (desk.app.requests.documents, bool(name)) == (issued, kind is PAPER)


def test_no_document_is_issued_for_who_has_no_dated_rights() -> None:
    desk = Desk(replace(EXAMINED, kind=PAPER.id), structure_id="S9")
    assert desk.refuses(requests.accept, "") == "RightsNotDatedError"


@pytest.mark.parametrize(("use_case", "given"), [(requests.act, by(acts.settle)), (requests.accept, "")])
def test_what_another_overtook_is_done_on_what_stands_then(use_case: Callable[..., Case], given: object) -> None:
    before = ACCEPTED if use_case is requests.act else replace(EXAMINED, kind=PAID.id)
    desk, said = Desk(before), acts.message(before, PAID, "Alors ?", acts.PERSON, now=NOW)
    desk.app.store.meanwhile.append(lambda: write(desk.app.requests, said))
    lines = desk.do(use_case, given).timeline
    assert [line.act for line in lines[2:]] == [RequestAct.MESSAGE, lines[-1].act]
    assert lines[-1].number == before.version + 2


NOT_THEIRS = [
    (INES, "444444444", "OwnCaseError"),
    (INES, "123456789", "OwnCaseError"),
    (WHO, "444444444", "RequestNotFoundError"),
    (WHO, "000000000", "RequestNotFoundError"),
    (WHO, "222222222", "RequestNotFoundError"),
    (WHO, "333333333", "RequestNotFoundError"),
]


@pytest.mark.parametrize(("who", "number", "refusal"), NOT_THEIRS)
@pytest.mark.parametrize(
    ("use_case", "given"), [(requests.look, []), (requests.act, [by(acts.take)]), (requests.accept, [""])]
)
def test_an_agent_comes_to_what_that_person_sent_and_never_to_their_own_case(
    use_case: Callable[..., Case], given: list[Any], who: str, number: str, refusal: str
) -> None:
    drafted = replace(draft(), request_id="draft", number="222222222")
    erased = acts.withdraw(replace(draft(), request_id="erased", number="333333333"), KIND, now=NOW).after
    assert Desk(SENT, drafted, erased).refuses(use_case, *given, who=who, number=number) == refusal


def queued(name: str, one: Request = SENT, *, kind: Kind = KIND, sent_at: int = 0) -> Request:
    return replace(one, request_id=name, kind=kind.id, sent_at=sent_at)


def test_the_oldest_that_no_agent_is_at_come_first_whatever_became_of_their_kind() -> None:
    never = [replace(SENT, request_id=kind, kind=kind) for kind in ("elsewhere", "at once")]
    newest, taken = queued("newest", sent_at=9), queued("taken", EXAMINED, sent_at=1)
    ended, moved = queued("ended", kind=ENDED, sent_at=2), queued("moved", kind=MOVED, sent_at=5)
    desk = Desk(newest, taken, ended, moved, TO_COMPLETE, *never)
    desk.app.requests.erase(desk.app.requests.rows["own"])
    waiting = [(ended, ENDED), (moved, MOVED), (newest, KIND), (taken, KIND)]
    assert requests.waiting(desk.ports) == Waiting(waiting, {Queue.NEXT: 3, Queue.EXAMINED: 1})


def test_of_each_kind_the_oldest_fifty_of_a_queue_are_shown_and_all_are_counted() -> None:
    shown = requests.waiting(Desk(*(queued(str(place), sent_at=place) for place in range(1, 61))).ports)
    assert [one.request_id for one, _ in shown.requests] == [str(place) for place in range(1, 51)]
    assert shown.counts == {Queue.NEXT: 61, Queue.EXAMINED: 0}


AT_NIGHT = int(datetime.fromisoformat("2026-11-24T23:30:00Z").timestamp())
QUEUED = {
    "number": "123456789",
    "identifier": WHO,
    "kind": "rentree",
    "label": "Réclamation",
    "state": "accepted",
    "state_label": "Acceptée",
    "sent_at": "2026-11-24T23:30:00Z",
    "sent_on": "2026-11-25",  # in mainland France
    "news": "message",
}
WROTE = replace(ACCEPTED, last_act=RequestAct.MESSAGE, last_by=Party.PERSON)
SHOWN = replace(WROTE, sent_at=AT_NIGHT, answers={"why": "Rentrée", "door": "late"}, about="R0")


def test_a_queue_is_told_by_what_its_person_did_last_and_how_many_there_are() -> None:
    waiting = Waiting([(SHOWN, PAID)], {Queue.NEXT: 2, Queue.EXAMINED: 1})
    assert queue_body(waiting).model_dump(mode="json") == {"requests": [QUEUED], "next": 2, "examined": 1}


def test_a_case_is_told_in_the_words_of_the_person_with_what_an_agent_may_do() -> None:
    lines = [
        Line("R1", 1, NOW, RequestAct.OPEN, Party.PERSON, S.DRAFT),
        Line("R1", 2, NOW, RequestAct.ACCEPT, Party.AGENT, S.ACCEPTED, "Bientôt.", "karim"),
    ]
    moment = {"at": "2026-11-24T09:32:00Z", "when": "le 24/11 à 10 h 32"}
    by_person = {"act": "open", "by": "person", "label": "Vous avez commencé votre demande."}
    by_agent = {"act": "accept", "by": "agent", "label": "Le CNAS a accepté votre demande."}
    case = Case(SHOWN, PAID, lines, active(roster=entry(usage_name="Petit")))
    assert case_body(case).model_dump(mode="json") == {
        **QUEUED,
        "first_name": "Louis",
        "last_name": "Petit",
        "sentence": "Le CNAS prépare le règlement.",
        "fields": [
            {"id": "why", "label": "Pourquoi ?", "value": "Rentrée"},
            {"id": "since", "label": "Depuis quand ?"},
            {"id": "sum", "label": "Combien ?"},
            {"id": "door", "label": "Que se passe-t-il ?", "value": "Jamais reçu"},
        ],
        "acts": ["settle", "message"],
        "timeline": [{**moment, **by_person}, {**moment, **by_agent, "words": "Bientôt.", "agent": "karim"}],
        "version": 2,
        "about": "R0",
    }


@pytest.mark.parametrize("day", ["2099-12-31", "2100-01-01", "2027-02-30", "2026-00-10", "24/12/2026"])
def test_something_is_asked_for_until_a_day_of_this_century(day: str) -> None:
    asked = {"identifier": WHO, "number": "1", "field": "la date", "because": "perime", "before": day}
    validate = partial(AskRequest.model_validate, {**asked, "reason": "Appel"})
    assert outcome(validate) == ("ok" if day == "2099-12-31" else "ValidationError")
