"""What may be done to a request, from where, and by whom."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from activation.domain.errors import NextStep, SecondAgentNeededError, TooSoonError, WrongStepError
from activation.domain.requests import acts, states
from activation.domain.requests.acts import Actor, Done
from activation.domain.requests.kinds import AnswersRejectedError, EndsWith, FieldFault
from activation.domain.requests.request import Asked, Before, Line, Queue, Request, StateJournal
from activation.domain.requests.states import AskReason, Origin, Party, RequestAct, RequestState, is_allowed
from tests.unit.refusals import refused
from tests.unit.requests import KIND, NOW, PAID, SENT, TO_COMPLETE, draft, request

LATER = NOW + 60
ANNE, BENOIT = Actor(Party.AGENT, "anne"), Actor(Party.AGENT, "benoit")
ASKED = Asked("le certificat", AskReason.OUT_OF_DATE, "2026-12-24", "Il date de 2024.")

S = RequestState
ALLOWED = {
    (RequestAct.SAVE, S.DRAFT, Party.PERSON): S.DRAFT,
    (RequestAct.SEND, S.DRAFT, Party.PERSON): S.SENT,
    **{(RequestAct.WITHDRAW, state, Party.PERSON): S.CLOSED for state in (S.DRAFT, S.SENT, S.TO_COMPLETE)},
    (RequestAct.TAKE, S.SENT, Party.AGENT): S.EXAMINED,
    (RequestAct.ASK, S.EXAMINED, Party.AGENT): S.TO_COMPLETE,
    (RequestAct.COMPLETE, S.TO_COMPLETE, Party.PERSON): S.EXAMINED,
    (RequestAct.ACCEPT, S.EXAMINED, Party.AGENT): S.ACCEPTED,
    (RequestAct.REFUSE, S.EXAMINED, Party.AGENT): S.REFUSED,
    (RequestAct.DROP, S.EXAMINED, Party.AGENT): S.CLOSED,
    (RequestAct.SETTLE, S.ACCEPTED, Party.AGENT): S.SETTLED,
    **{(RequestAct.REOPEN, state, Party.AGENT): S.EXAMINED for state in (S.REFUSED, S.CLOSED)},
    **{(RequestAct.LAPSE, state, Party.SERVICE): S.CLOSED for state in (S.DRAFT, S.TO_COMPLETE)},
    **{
        (RequestAct.MESSAGE, state, party): state
        for state in (S.SENT, S.EXAMINED, S.TO_COMPLETE, S.ACCEPTED)
        for party in (Party.PERSON, Party.AGENT)
    },
}
"""The contract's table, written out: anything else is refused."""

DO: dict[RequestAct, Callable[[Request, Actor], Done]] = {
    RequestAct.SAVE: lambda one, _: acts.save(one, PAID, {"why": " Vélo "}, now=LATER),
    RequestAct.SEND: lambda one, _: acts.send(one, PAID, structure_id="M0001", now=LATER),
    RequestAct.WITHDRAW: lambda one, _: acts.withdraw(one, PAID, now=LATER),
    RequestAct.TAKE: lambda one, actor: acts.take(one, PAID, actor, now=LATER),
    RequestAct.ASK: lambda one, actor: acts.ask(one, PAID, ASKED, actor, now=LATER),
    RequestAct.COMPLETE: lambda one, _: acts.complete(one, PAID, {"why": "Vélo"}, now=LATER),
    RequestAct.ACCEPT: lambda one, actor: acts.accept(one, PAID, actor, words=" Oui. ", document_id="D1", now=LATER),
    RequestAct.REFUSE: lambda one, actor: acts.refuse(one, PAID, "Trop tard", actor, now=LATER),
    RequestAct.DROP: lambda one, actor: acts.drop(one, PAID, "Sans objet", actor, now=LATER),
    RequestAct.SETTLE: lambda one, actor: acts.settle(one, PAID, actor, words="Par virement", now=LATER),
    RequestAct.REOPEN: lambda one, actor: acts.reopen(one, PAID, "Vu avec elle", actor, now=LATER),
    RequestAct.LAPSE: lambda one, _: acts.lapse(one, PAID, now=LATER),
    RequestAct.MESSAGE: lambda one, actor: acts.message(one, PAID, "Bonjour", actor, now=LATER),
}
WRITES: dict[RequestAct, tuple[str, dict[str, Any]]] = {
    RequestAct.SAVE: ("", {"answers": {"why": "Vélo"}, "reminded": False}),
    RequestAct.SEND: ("", {"sent_at": LATER, "structure_id": "M0001"}),
    RequestAct.ASK: (ASKED.words, {"asked": ASKED, "reminded": False}),
    RequestAct.COMPLETE: ("", {"answers": {"why": "Vélo", "since": "2026-01-02"}, "asked": None}),
    RequestAct.ACCEPT: ("Oui.", {"words": " Oui. ", "document_id": "D1"}),
    RequestAct.REFUSE: ("Trop tard", {"words": "Trop tard", "decided_by": "anne"}),
    RequestAct.DROP: ("Sans objet", {"words": "Sans objet", "decided_by": "anne"}),
    RequestAct.SETTLE: ("Par virement", {"words": "Par virement"}),
    RequestAct.REOPEN: ("Vu avec elle", {"words": "", "decided_by": None}),
    RequestAct.MESSAGE: ("Bonjour", {}),
}
"""The words in the line of each act, and what it changes beside the state; others change nothing."""


def test_the_table_is_the_contract_s() -> None:
    cases = itertools.product(states.TRANSITIONS, RequestState, Party)
    assert {case for case in cases if is_allowed(*case)} == ALLOWED.keys()


@pytest.mark.parametrize(
    ("act", "by", "state"), [(act, by, state) for act in DO for by in sorted(states.TRANSITIONS[act].by) for state in S]
)
def test_an_act_leads_where_the_table_says_and_writes_what_is_its_own_or_is_refused(
    act: RequestAct, by: Party, state: RequestState
) -> None:
    actor = Actor(by, "anne" if by is Party.AGENT else None)
    asked = replace(ASKED, before="2026-01-01") if state is S.TO_COMPLETE else None
    answers = {"why": "Rentrée", "since": "2026-01-02"}
    standing = replace(
        request(state, kind=PAID, answers=answers), decided_by="benoit", asked=asked, changed_at=0, reminded=True
    )
    if (act, state, by) not in ALLOWED:
        assert refused(WrongStepError, DO[act], standing, actor).next_step is NextStep.HOME
        return
    then, (words, changes) = ALLOWED[act, state, by], WRITES.get(act, ("", {}))
    if then is S.CLOSED and state is S.DRAFT:
        changes = {"answers": {}}  # what was never sent goes
    after = replace(standing, state=then, version=3, changed_at=LATER, last_act=act, last_by=by, **changes)
    after = replace(after, ended_at=LATER if then in states.ENDED else None)
    assert DO[act](standing, actor) == Done(standing, after, Line("R1", 3, LATER, act, by, then, words, actor.agent))
    assert (acts.is_repeated(after, act, by), acts.is_repeated(standing, act, by)) == (True, False)


@pytest.mark.parametrize("party", [Party.PERSON, Party.AGENT])
def test_messages_make_no_timeline_longer_than_one_answer_can_show(party: Party) -> None:
    full = replace(request(S.EXAMINED, kind=PAID), version=acts.MOST_LINES_WITH_MESSAGES)
    refused(WrongStepError, acts.message, full, PAID, "Bonjour", Actor(party, "anne"), now=NOW)
    assert not acts.may(full, RequestAct.MESSAGE, party)
    assert acts.refuse(full, PAID, "Trop tard", ANNE, now=NOW).after.state is S.REFUSED
    assert acts.message(replace(full, version=full.version - 1), PAID, "Bonjour", Actor(party, "anne"), now=NOW)


@pytest.mark.parametrize("ends_with", EndsWith)
def test_what_needs_no_payment_ends_when_it_is_accepted(ends_with: EndsWith) -> None:
    state = S.ACCEPTED if ends_with is EndsWith.PAYMENT else S.SETTLED
    kind = replace(KIND, ends_with=ends_with)
    assert acts.accept(request(S.EXAMINED), kind, ANNE, words="Voici.", now=NOW).after.state is state


@pytest.mark.parametrize("act", [acts.refuse, acts.drop])
def test_only_another_agent_reopens_what_an_agent_ended_nobody_what_is_taken_back(act: Callable[..., Done]) -> None:
    ended = act(request(S.EXAMINED), KIND, "Non", ANNE, now=NOW).after
    refused(SecondAgentNeededError, acts.reopen, ended, KIND, "Encore", ANNE, now=NOW)
    again = acts.reopen(ended, KIND, "Encore", BENOIT, now=NOW + 1).after
    assert (again.state, again.words, again.decided_by, again.ended_at) == (S.EXAMINED, "", None, None)
    taken_back = acts.withdraw(SENT, KIND, now=NOW).after
    error = refused(WrongStepError, acts.reopen, taken_back, KIND, "Encore", BENOIT, now=NOW)
    assert error.next_step is NextStep.HOME


@pytest.mark.parametrize("said", [{}, {"words": ""}, {"words": " \u200b "}])
def test_a_claim_is_not_answered_without_a_word_and_a_payment_needs_none(said: dict[str, str]) -> None:
    error = refused(AnswersRejectedError, acts.accept, request(S.EXAMINED), KIND, ANNE, **said, now=NOW)
    assert error.faults == (FieldFault("words", "missing"),)
    assert acts.settle(request(S.ACCEPTED), PAID, ANNE, now=NOW).after.words == ""


def test_something_is_asked_for_at_least_14_days_ahead() -> None:
    asked, late = (replace(ASKED, before=day) for day in ("2026-12-07", "2026-12-06"))
    assert acts.ask(request(S.EXAMINED), KIND, asked, ANNE, now=NOW).after.asked == asked
    assert refused(TooSoonError, acts.ask, request(S.EXAMINED), KIND, late, ANNE, now=NOW).earliest == "2026-12-07"


def test_a_draft_is_not_sent_before_its_obligatory_fields_are_answered() -> None:
    error = refused(AnswersRejectedError, acts.send, draft(answers={}), KIND, structure_id="M0001", now=NOW)
    assert error.faults == (FieldFault("why", "missing"),)


LAPSES = [
    (draft(), "2026-12-23", "2026-12-16"),
    (replace(draft(), reminded=True), "2026-12-23", "2026-12-23"),
    (replace(request(S.TO_COMPLETE), asked=ASKED), "2027-01-07", "2026-12-17"),
    (replace(request(S.TO_COMPLETE), asked=ASKED, reminded=True), "2027-01-07", "2027-01-07"),
    (request(S.TO_COMPLETE), None, None),
    (SENT, None, None),
]


@pytest.mark.parametrize(("one", "lapses_on", "due_on"), LAPSES)
def test_a_person_is_reminded_7_days_before_it_lapses(one: Request, lapses_on: str | None, due_on: str | None) -> None:
    assert (one.lapses_on, one.due_on) == (lapses_on, due_on)


def test_what_has_ended_is_erased_after_its_year_and_one_more_and_a_reminder_is_given_once() -> None:
    ended = acts.withdraw(SENT, KIND, now=NOW).after
    assert (ended.erased_on, ended.due_on, SENT.erased_on) == ("2028-01-01", "2028-01-01", None)
    assert acts.remind(draft()) == replace(draft(), reminded=True, version=3)


def test_of_a_closed_account_only_what_waits_for_the_person_goes_on_at_the_cnas() -> None:
    waiting = replace(request(S.TO_COMPLETE), asked=ASKED)
    goes_on = replace(waiting, state=S.EXAMINED, asked=None, changed_at=LATER, version=3)
    assert acts.orphan(waiting, now=LATER) == goes_on
    assert acts.orphan(SENT, now=NOW) is SENT


def test_only_a_draft_is_turned_to_another_request() -> None:
    before = replace(draft(), about="R0", reminded=True)
    done = acts.turn(before, KIND, "R9", now=LATER)
    assert done == acts.save(replace(before, about="R9"), KIND, before.answers, now=LATER)._replace(before=before)
    refused(WrongStepError, acts.turn, SENT, KIND, "R9", now=NOW)


def test_what_is_not_completed_lapses_14_days_after_its_day() -> None:
    over, waits = (replace(TO_COMPLETE, asked=replace(ASKED, before=day)) for day in ("2026-11-09", "2026-11-10"))
    assert acts.lapse(over, KIND, now=NOW).after.state is S.CLOSED
    assert refused(WrongStepError, acts.lapse, waits, KIND, now=NOW).next_step is NextStep.HOME


def _told(state: RequestState) -> Request:
    return acts.message(request(state), KIND, "Alors ?", acts.PERSON, now=NOW).after


QUEUED = [
    (SENT, Queue.NEXT, RequestAct.SEND),
    (replace(SENT, last_act=RequestAct.MESSAGE, last_by=Party.AGENT), Queue.NEXT, None),
    (acts.take(SENT, KIND, ANNE, now=NOW).after, Queue.EXAMINED, None),
    (_told(S.EXAMINED), Queue.NEXT, RequestAct.MESSAGE),
    (_told(S.TO_COMPLETE), Queue.NEXT, RequestAct.MESSAGE),
    (_told(S.ACCEPTED), Queue.NEXT, RequestAct.MESSAGE),
    (acts.message(_told(S.TO_COMPLETE), KIND, "Oui.", ANNE, now=NOW).after, None, None),
    (acts.complete(request(S.TO_COMPLETE), KIND, {}, now=NOW).after, Queue.NEXT, RequestAct.COMPLETE),
    (request(S.TO_COMPLETE), None, None),
    (acts.withdraw(SENT, KIND, now=NOW).after, None, None),
    (draft(), None, None),
    (acts.save(draft(), KIND, {}, now=NOW).after, None, None),
    (replace(SENT, origin=Origin.BACK_OFFICE), None, RequestAct.SEND),
]


@pytest.mark.parametrize(("one", "queue", "news"), QUEUED)
def test_what_people_did_after_an_agent_waits_first(one: Request, queue: Queue | None, news: RequestAct | None) -> None:
    assert (one.queue, one.news) == (queue, news)


NEW = {"request_id": "R1", "number": "123456789", "identifier": "10000001"}
BEGUN = Request("R1", "123456789", "10000001", "reclamation", "1", NOW, NOW, version=1)


def test_a_new_request_is_a_draft_with_its_line() -> None:
    line = Line("R1", 1, NOW, RequestAct.OPEN, Party.PERSON, S.DRAFT)
    assert acts.opened(KIND, **NEW, about="R0", now=NOW) == Done(None, replace(BEGUN, about="R0"), line)
    assert BEGUN.is_open


def test_what_is_decided_at_once_is_settled_with_its_document() -> None:
    after = replace(BEGUN, state=S.SETTLED, sent_at=NOW, structure_id="M0001", ended_at=NOW, document_id="D1")
    after = replace(after, last_act=RequestAct.ISSUE, last_by=Party.SERVICE)
    line = Line("R1", 1, NOW, RequestAct.ISSUE, Party.SERVICE, S.SETTLED)
    assert acts.issued(KIND, **NEW, structure_id="M0001", document_id="D1", now=NOW) == Done(None, after, line)
    assert not after.is_open


def test_what_the_back_office_opens_was_sent_and_waits_for_no_agent_here() -> None:
    after = replace(BEGUN, state=S.SENT, origin=Origin.BACK_OFFICE, sent_at=NOW, structure_id="M0001")
    after = replace(after, last_by=Party.BACK_OFFICE, journal=StateJournal("I1", 1))
    done = acts.opened_elsewhere(KIND, **NEW, structure_id="M0001", sent_at=NOW, import_id="I1")
    assert done == Done(None, after, Line("R1", 1, NOW, RequestAct.OPEN, Party.BACK_OFFICE, S.SENT))
    assert after.queue is None


def test_a_file_of_states_takes_the_place_of_what_stood_which_comes_back_as_it_was() -> None:
    waiting = replace(request(S.TO_COMPLETE), asked=ASKED, words="Avant", reminded=True)
    before = Before(S.TO_COMPLETE, NOW, "Avant", ASKED, None, None, RequestAct.OPEN, Party.PERSON, reminded=True)
    said = replace(waiting, state=S.REFUSED, words="Trop tard.", asked=None, decided_by="I1", ended_at=LATER)
    acted = replace(said, version=3, changed_at=LATER, last_act=RequestAct.REFUSE, last_by=Party.BACK_OFFICE)
    after = replace(acted, journal=StateJournal("I1", 3, before))
    line = Line("R1", 3, LATER, RequestAct.REFUSE, Party.BACK_OFFICE, S.REFUSED, "Trop tard.")
    assert acts.declare(waiting, S.REFUSED, "Trop tard.", at=LATER, import_id="I1") == Done(waiting, after, line)
    line = Line("R1", 4, LATER + 1, RequestAct.CORRECT, Party.BACK_OFFICE, S.TO_COMPLETE)
    assert acts.take_back(after, before, now=LATER + 1) == Done(after, replace(waiting, version=4), line)


@pytest.mark.parametrize(("import_id", "before"), [("I1", S.SENT), ("I2", S.EXAMINED)])
def test_a_second_row_of_one_file_keeps_what_stood_before_the_first(import_id: str, before: RequestState) -> None:
    first = acts.declare(SENT, S.EXAMINED, "", at=LATER, import_id="I1").after
    journal = acts.declare(first, S.ACCEPTED, "", at=LATER, import_id=import_id).after.journal
    assert journal
    assert journal.before
    assert (journal.import_id, journal.version, journal.before.state) == (import_id, 4, before)
