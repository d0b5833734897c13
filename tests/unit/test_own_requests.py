"""What a person does with their requests, over fakes: opened, saved, sent, completed, taken back; their documents."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Account
from activation.domain.contacts import Channel
from activation.domain.employment import Structure
from activation.domain.errors import OutdatedVersionError, TooManyRequestsError
from activation.domain.outbox import MessageKind
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.documents import Document, DocumentState, issue, request_id_at_once
from activation.domain.requests.kinds import AnswersRejectedError, Catalogue, DecidedBy, EndsWith, FieldFault, Guide
from activation.domain.requests.ports import Filed
from activation.domain.requests.request import Request
from activation.domain.requests.states import Party, RequestState
from functions.requests import service
from functions.requests.service import Listed, Shown, ShownDocument
from tests.builders import NOW, active, active_correspondent, entry, session
from tests.in_memory import InMemoryService, outcome
from tests.unit.refusals import refused
from tests.unit.requests import KIND, PAID, SENT, TO_COMPLETE, draft, file, lines_of, request, write

S = RequestState
WHO = "10000001"
CLAIM = replace(KIND, version="2", valid_from="2026-11-23")
"""In force since today: where days of rights end last, it is the 23rd."""
RIGHTS = replace(KIND, id="rights", decided_by=DecidedBy.AUTOMATIC, ends_with=EndsWith.DOCUMENT, attests="Elle en a.")
ELSEWHERE = replace(KIND, id="elsewhere", guide=Guide("enfants", "La naissance", "Six mois"))
NOT_OFFERED = replace(KIND, id="tomorrow", valid_from="2026-11-24"), ELSEWHERE, replace(KIND, id="off")
CATALOGUE = Catalogue(
    {KIND.id: {"1": KIND, "2": CLAIM}, **{kind.id: {"1": kind} for kind in (PAID, RIGHTS, *NOT_OFFERED)}}
)
ANSWERS = {"why": "Cantine"}
GIVEN: dict[Callable[..., Any], dict[str, Any]] = {
    service.save: {"version": 2, "answers": ANSWERS},
    service.complete: {"answers": ANSWERS},
    service.write_message: {"text": " Alors ? "},
}


class Home:
    """Louis, signed in, with these requests."""

    def __init__(self, *requests: Request, louis: Account | None = None, **limits: int) -> None:
        self.app = app = InMemoryService(louis or active(roster=entry(start_date="2020-09-01")), **limits)
        app.sessions.rows["session-hash"] = session()
        for name in ("S1", "S2"):
            app.structures.save(Structure(name, f"Mairie {name}"))
        read = app.sessions, app.accounts, app.structures, app.counters, app.outbox, app.documents
        self.ports = service.Ports(CATALOGUE, ("off",), app.store, app.requests, *read)
        self.visitor = service.Visitor("session-hash", "1")
        file(app.requests, *requests)

    def do(self, use_case: Callable[..., Any], request_id: str = "R1", **given: Any) -> Any:
        more = {**GIVEN.get(use_case, {}), **given}
        return use_case(self.ports, self.visitor, request_id, **more, context=self.app.context)

    def show_all(self) -> Listed:
        return service.show_all(self.ports, self.visitor, context=self.app.context)

    def open(self, kind: str, about: str | None = None) -> Shown:
        return service.open_request(self.ports, self.visitor, kind_id=kind, about=about, context=self.app.context)

    def verify(self, code: str, address: str = "203.0.113.7") -> tuple[DocumentState, Document | None]:
        return service.verify_document(self.ports, code, address=address, context=self.app.context)

    def move(self, structure: str) -> None:
        self.app.change_account(roster=entry(start_date="2020-09-01", structure_id=structure))

    @property
    def filed(self) -> Filed:
        return self.app.requests.filed(WHO)


def test_what_a_person_must_do_comes_first_then_what_changed_last_and_what_is_in_force_here_may_be_asked() -> None:
    rows = [
        replace(one, request_id=str(place), changed_at=place)
        for place, one in enumerate((TO_COMPLETE, draft(), SENT, request(S.REFUSED)))
    ]
    listed = [(rows[place], KIND) for place in (1, 0, 3, 2)]
    assert Home(*rows).show_all() == Listed(listed, [CLAIM, PAID, RIGHTS])


def test_a_new_draft_is_of_the_version_in_force_beside_what_was_sent_and_drafts_of_other_kinds() -> None:
    home = Home(SENT, replace(request(S.DRAFT, kind=PAID), request_id="R2"))
    shown = home.open(KIND.id, about="R1")
    new = shown.request
    done = acts.opened(CLAIM, request_id=new.request_id, number=new.number, identifier=WHO, about="R1", now=NOW)
    again = Shown(done.after, CLAIM, [done.line])
    assert (shown, home.do(service.show, new.request_id)) == (again._replace(is_new=True), again)
    assert (len(new.request_id), len(new.number)) == (26, 9)


@pytest.mark.parametrize(("named", "about"), [(None, "R0"), ("R0", "R0"), ("R1", "R1")])
def test_the_draft_that_is_there_is_shown_about_what_its_person_names_now(named: str | None, about: str) -> None:
    there = replace(draft(), request_id="draft", about="R0")
    home = Home(SENT, replace(SENT, request_id="R0"), there)
    done = acts.turn(there, KIND, about, now=NOW)
    after, lines = (there, []) if about == there.about else (done.after, [done.line])
    assert home.open(KIND.id, named) == Shown(after, KIND, [*lines_of(there), *lines])
    assert home.app.requests.rows["draft"] == after


@pytest.mark.parametrize("kind", ["unknown", *(kind.id for kind in NOT_OFFERED)])
def test_what_is_not_offered_is_not_opened_and_nobody_is_told_why(kind: str) -> None:
    assert refused(AnswersRejectedError, Home().open, kind).faults == (FieldFault("kind", "unknown"),)


def test_nothing_is_filed_for_who_has_no_dated_rights() -> None:
    home = Home(louis=active())
    assert outcome(lambda: home.open(RIGHTS.id)) == "RightsNotDatedError"
    assert home.app.store.transactions == []


@pytest.mark.parametrize("about", ["unknown", "draft", "another's"])
@pytest.mark.parametrize("kind", [KIND.id, RIGHTS.id])
def test_a_request_is_about_nothing_but_what_its_person_sent(kind: str, about: str) -> None:
    others = replace(SENT, request_id="another's", identifier="10000002")
    home = Home(SENT, others, replace(request(S.DRAFT, kind=PAID), request_id="draft"))
    assert outcome(lambda: home.open(kind, about)) == "NotFoundError"
    assert home.app.store.transactions == []


@pytest.mark.parametrize("kind", [KIND.id, RIGHTS.id])
def test_of_two_that_are_opened_at_once_there_is_one(kind: str) -> None:
    home, first = Home(), list[Shown]()
    home.app.store.meanwhile.append(lambda: first.append(home.open(kind)))
    assert home.open(kind) == first[0]._replace(is_new=False)
    assert home.filed.requests == [first[0].request]


ACTS = [
    (draft(), service.save, acts.save(draft(), KIND, ANSWERS, now=NOW)),
    (draft(), service.send, acts.send(draft(), KIND, structure_id="S1", now=NOW)),
    (draft(), service.withdraw, acts.withdraw(draft(), KIND, now=NOW)),
    (SENT, service.withdraw, acts.withdraw(SENT, KIND, now=NOW)),
    (TO_COMPLETE, service.complete, acts.complete(TO_COMPLETE, KIND, ANSWERS, now=NOW)),
    (SENT, service.write_message, acts.message(SENT, KIND, "Alors ?", acts.PERSON, now=NOW)),
]


@pytest.mark.parametrize(("before", "use_case", "done"), ACTS)
def test_an_act_is_filed_with_its_line_and_a_double_click_is_one_act_and_one_notice_of_a_sending(
    before: Request, use_case: Callable[..., Any], done: Done
) -> None:
    home, timeline = Home(before), [*lines_of(before), done.line]
    for _ in range(2):
        assert home.do(use_case) == Shown(done.after, KIND, timeline)
    assert (home.filed, len(home.app.store.transactions)) == (Filed([done.after], timeline, []), 1)
    told = [(MessageKind.REQUEST_SENT, Channel.EMAIL)] if use_case is service.send else []
    assert home.app.notices() == told


def said(words: str) -> Done:
    return acts.message(SENT, KIND, words, Actor(Party.AGENT, "claire"), now=NOW)


def test_an_act_that_another_overtook_is_done_on_what_stands_then() -> None:
    home = Home(SENT)
    home.app.store.meanwhile.append(lambda: write(home.app.requests, said("Alors ?")))
    home.do(service.write_message)  # the agent's words are not the person's
    shown = home.do(service.write_message, text="Merci")
    written = [(Party.AGENT, "Alors ?"), (Party.PERSON, "Alors ?"), (Party.PERSON, "Merci")]
    assert [(line.by, line.words) for line in shown.timeline[2:]] == written


@pytest.mark.parametrize(("version", "why"), [(1, "Cantine"), (3, "Rentrée"), (0, "Rentrée")])
def test_of_two_tabs_the_later_is_told_which_version_the_draft_has(version: int, why: str) -> None:
    home = Home(draft())
    error = refused(OutdatedVersionError, home.do, service.save, version=version, answers={"why": why})
    assert (error.current, home.app.store.transactions) == ("2", [])


OF_ONE = [service.show, *dict.fromkeys(act for _, act, _ in ACTS), service.show_document]
STOPPED: list[tuple[Account, str | None, str]] = [
    (active(), None, "SessionExpiredError"),
    (active(), "another", "SessionExpiredError"),
    (active(session_epoch=1), "session-hash", "SessionExpiredError"),
    (active(terms=None), "session-hash", "WrongStepError accept_terms"),
    (active_correspondent(WHO), "session-hash", "NotYourAccountError"),
]


@pytest.mark.parametrize(("louis", "token", "refusal"), STOPPED)
def test_only_a_beneficiary_at_home_sees_requests_or_acts(louis: Account, token: str | None, refusal: str) -> None:
    home = Home(draft(), louis=louis)
    home.visitor = service.Visitor(token, "1")
    calls = [home.show_all, lambda: home.open(RIGHTS.id), *(lambda one=one: home.do(one) for one in OF_ONE)]
    assert {outcome(call) for call in calls} == {refusal}
    assert home.app.store.transactions == []


@pytest.mark.parametrize("use_case", OF_ONE)
@pytest.mark.parametrize("there", [[], [replace(TO_COMPLETE, identifier="10000002", document_id="D1")]])
def test_nobody_sees_or_names_another_s_request(use_case: Callable[..., Any], there: list[Request]) -> None:
    home = Home(*there)
    assert outcome(lambda: home.do(use_case)) == "NotFoundError"
    assert home.app.store.transactions == []


@pytest.mark.parametrize("act", [service.save, service.send, service.complete, service.write_message])
def test_what_has_ended_is_final(act: Callable[..., Any]) -> None:
    home = Home(request(S.REFUSED))
    assert outcome(lambda: home.do(act)) == "WrongStepError home"
    assert home.app.store.transactions == []


@pytest.mark.parametrize("is_late", [False, True])
def test_a_request_is_shown_with_the_timeline_of_that_moment_whenever_another_acts(*, is_late: bool) -> None:
    home, done = Home(SENT), said("Demain.")
    reads = 2 if is_late else 1  # the timeline and the request
    home.app.requests.meanwhile = [*[lambda: None] * reads, lambda: write(home.app.requests, done)]
    after = Shown(done.after, KIND, [*lines_of(SENT), done.line])
    assert home.do(service.show) == (Shown(SENT, KIND, lines_of(SENT)) if is_late else after)
    assert home.do(service.show) == after


def test_what_is_half_erased_is_shown_without_its_timeline() -> None:
    home = Home(SENT)
    home.app.requests.lines.clear()
    assert home.do(service.show) == Shown(SENT, KIND, [])


def test_rights_are_attested_at_once_and_the_document_that_holds_is_shown_again() -> None:
    home = Home()
    shown = home.open(RIGHTS.id)
    name, number = request_id_at_once(WHO, RIGHTS.id, 0, now=NOW), shown.request.number
    own = {"request_id": name, "document_id": str(shown.request.document_id)}
    done = acts.issued(RIGHTS, number=number, identifier=WHO, structure_id="S1", now=NOW, **own)
    document = issue(RIGHTS, home.app.account(), home.app.structures.get("S1"), answers={}, now=NOW, **own)
    again = Shown(done.after, RIGHTS, [done.line])
    assert (shown, home.open(RIGHTS.id)) == (again._replace(is_new=True), again)
    assert home.filed == Filed([done.after], [done.line], [document])
    code = home.do(service.show_document, name).code
    assert home.do(service.show_document, name) == ShownDocument(document, number, code, DocumentState.VALID)
    assert home.verify(code.lower().replace("-", " ")) == (DocumentState.VALID, document)


def test_who_moves_has_another_document_and_the_first_does_not_hold_until_they_are_back() -> None:
    home = Home()
    first = home.open(RIGHTS.id)
    shown = home.do(service.show_document, first.request.request_id)
    home.move("S2")
    withdrawn = shown._replace(state=DocumentState.WITHDRAWN)
    assert home.do(service.show_document, first.request.request_id) == withdrawn
    assert home.verify(shown.code) == (DocumentState.WITHDRAWN, None)
    second = home.open(RIGHTS.id)
    assert (second.is_new, second.request.request_id) == (True, request_id_at_once(WHO, RIGHTS.id, 1, now=NOW))
    home.move("S1")
    assert home.open(RIGHTS.id) == first._replace(is_new=False)


@pytest.mark.parametrize("document_id", [None, "erased"])
def test_a_request_without_a_document_and_one_whose_document_is_erased_show_none(document_id: str | None) -> None:
    home = Home(replace(request(S.SETTLED), document_id=document_id))
    assert outcome(lambda: home.do(service.show_document)) == "NotFoundError"


def test_what_is_no_document_s_code_is_unknown_and_codes_are_not_guessed_from_one_address() -> None:
    home = Home(verifications_per_ip_per_5_minutes=2)
    for code in ("0000-0000-0000", "rien"):
        assert home.verify(code) == (DocumentState.UNKNOWN, None)
    assert refused(TooManyRequestsError, home.verify, "rien").retry_at > NOW
    assert home.verify("rien", address="203.0.113.8") == (DocumentState.UNKNOWN, None)
