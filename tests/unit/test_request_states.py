"""What may be done to a request, from where, and by whom."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.errors import SecondAgentNeededError, TooSoonError, WrongStepError
from activation.domain.requests import acts
from activation.domain.requests.acts import Actor, Asked, Done, Queue, Request
from activation.domain.requests.kinds import AnswersRejectedError, EndsWith
from activation.domain.requests.states import (
    ENDED,
    TRANSITIONS,
    AskReason,
    Origin,
    Party,
    RequestAct,
    RequestState,
    is_allowed,
)
from tests.unit.refusals import refused
from tests.unit.requests import KIND, NOW, PAID, SENT, draft, request

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
    RequestAct.SAVE: lambda one, _: acts.save(one, PAID, {"why": "Rentrée"}, now=NOW),
    RequestAct.SEND: lambda one, _: acts.send(one, PAID, structure_id="M0001", now=NOW),
    RequestAct.WITHDRAW: lambda one, _: acts.withdraw(one, PAID, now=NOW),
    RequestAct.TAKE: lambda one, actor: acts.take(one, PAID, actor, now=NOW),
    RequestAct.ASK: lambda one, actor: acts.ask(one, PAID, ASKED, actor, now=NOW),
    RequestAct.COMPLETE: lambda one, _: acts.complete(one, PAID, {"why": "Rentrée"}, now=NOW),
    RequestAct.ACCEPT: lambda one, actor: acts.accept(one, PAID, actor, now=NOW),
    RequestAct.REFUSE: lambda one, actor: acts.refuse(one, PAID, "Trop tard", actor, now=NOW),
    RequestAct.DROP: lambda one, actor: acts.drop(one, PAID, "Sans objet", actor, now=NOW),
    RequestAct.SETTLE: lambda one, actor: acts.settle(one, PAID, actor, now=NOW),
    RequestAct.REOPEN: lambda one, actor: acts.reopen(one, PAID, "Vu avec elle", actor, now=NOW),
    RequestAct.LAPSE: lambda one, _: acts.lapse(one, PAID, now=NOW),
    RequestAct.MESSAGE: lambda one, actor: acts.message(one, PAID, "Bonjour", actor, now=NOW),
}


def test_the_table_is_the_contract_s() -> None:
    cases = itertools.product(TRANSITIONS, RequestState, Party)
    assert {case for case in cases if is_allowed(*case)} == ALLOWED.keys()


@pytest.mark.parametrize(("act", "state"), list(itertools.product(DO, RequestState)))
def test_an_act_leads_where_the_table_says_or_is_refused(act: RequestAct, state: RequestState) -> None:
    by = next(iter(TRANSITIONS[act].by))
    standing = replace(
        request(state, kind=PAID), decided_by="benoit", asked=ASKED if state is S.TO_COMPLETE else None, changed_at=0
    )
    standing = replace(standing, asked=replace(ASKED, before="2026-01-01")) if act is RequestAct.LAPSE else standing
    if (act, state, by) not in ALLOWED:
        refused(WrongStepError, DO[act], standing, Actor(by, "anne"))
        return
    done = DO[act](standing, Actor(by, "anne"))
    assert done.before is standing
    assert done.after.state is ALLOWED[act, state, by]
    assert (done.after.version, done.line.number) == (standing.version + 1, standing.version + 1)
    assert (done.line.act, done.line.by, done.line.state) == (act, by, done.after.state)
    assert (done.after.ended_at == NOW) is (done.after.state in ENDED)
    assert acts.is_repeated(done.after, act, by)
    assert not acts.is_repeated(standing, act, by)


@pytest.mark.parametrize("party", [Party.PERSON, Party.AGENT])
def test_messages_make_no_timeline_longer_than_one_answer_can_show(party: Party) -> None:
    full = replace(request(S.EXAMINED, kind=PAID), version=acts.MOST_LINES_WITH_MESSAGES)
    refused(WrongStepError, acts.message, full, PAID, "Bonjour", Actor(party, "anne"), now=NOW)
    assert not acts.may(full, RequestAct.MESSAGE, party)
    assert acts.refuse(full, PAID, "Trop tard", ANNE, now=NOW).after.state is S.REFUSED
    assert acts.message(replace(full, version=full.version - 1), PAID, "Bonjour", Actor(party, "anne"), now=NOW)


@pytest.mark.parametrize(
    ("ends_with", "state"),
    [(EndsWith.PAYMENT, S.ACCEPTED), (EndsWith.DOCUMENT, S.SETTLED), (EndsWith.ANSWER, S.SETTLED)],
)
def test_what_needs_no_payment_ends_when_it_is_accepted(ends_with: EndsWith, state: RequestState) -> None:
    done = acts.accept(request(S.EXAMINED), replace(KIND, ends_with=ends_with), ANNE, words=" Voici. ", now=NOW)
    assert (done.after.state, done.after.words, done.line.agent) == (state, " Voici. ", "anne")
    assert done.line.words == "Voici."


@pytest.mark.parametrize("act", [acts.refuse, acts.drop])
def test_only_another_agent_reopens_what_an_agent_ended_nobody_what_is_taken_back(act: Callable[..., Done]) -> None:
    ended = act(request(S.EXAMINED), KIND, "Non", ANNE, now=NOW).after
    refused(SecondAgentNeededError, acts.reopen, ended, KIND, "Encore", ANNE, now=NOW)
    again = acts.reopen(ended, KIND, "Encore", BENOIT, now=NOW + 1).after
    assert (again.state, again.words, again.decided_by, again.ended_at) == (S.EXAMINED, "", None, None)
    refused(WrongStepError, acts.reopen, acts.withdraw(SENT, KIND, now=NOW).after, KIND, "Encore", BENOIT, now=NOW)


@pytest.mark.parametrize("words", ["", " \u200b "])
def test_a_claim_is_not_answered_without_a_word(words: str) -> None:
    error = refused(AnswersRejectedError, acts.accept, request(S.EXAMINED), KIND, ANNE, words=words, now=NOW)
    assert [(fault.field, fault.reason) for fault in error.faults] == [("words", "missing")]


@pytest.mark.parametrize(("before", "is_taken"), [("2026-12-07", True), ("2026-12-06", False)])
def test_something_is_asked_for_at_least_14_days_ahead(before: str, *, is_taken: bool) -> None:
    asked = replace(ASKED, before=before)
    if is_taken:
        assert acts.ask(request(S.EXAMINED), KIND, asked, ANNE, now=NOW).after.asked == asked
        return
    assert refused(TooSoonError, acts.ask, request(S.EXAMINED), KIND, asked, ANNE, now=NOW).earliest == "2026-12-07"


def test_a_draft_is_not_sent_before_its_obligatory_fields_are_answered_and_keeps_the_employer_of_the_day() -> None:
    error = refused(AnswersRejectedError, acts.send, draft(answers={}), KIND, structure_id="M0001", now=NOW)
    assert [(fault.field, fault.reason) for fault in error.faults] == [("why", "missing")]
    sent = acts.send(draft(), KIND, structure_id="M0001", now=NOW).after
    assert (sent.structure_id, sent.sent_at) == ("M0001", NOW)


def test_completing_keeps_the_day_of_sending_and_the_other_answers() -> None:
    waiting = replace(request(S.TO_COMPLETE), asked=ASKED, sent_at=5, answers={"why": "A", "since": "2026-01-02"})
    done = acts.complete(waiting, KIND, {"why": "Rentrée"}, now=NOW).after
    assert (done.sent_at, done.asked, done.answers) == (5, None, {"why": "Rentrée", "since": "2026-01-02"})


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
    told = acts.remind(draft())
    assert (told.reminded, told.version) == (True, draft().version + 1)
    assert not acts.save(told, KIND, {"why": "Rentrée"}, now=NOW).after.reminded


def test_of_a_closed_account_only_what_waits_for_the_person_goes_on_at_the_cnas() -> None:
    waiting = replace(request(S.TO_COMPLETE), asked=ASKED)
    after = acts.orphan(waiting, now=NOW)
    assert (after.state, after.asked, after.version) == (S.EXAMINED, None, waiting.version + 1)
    assert acts.orphan(SENT, now=NOW) is SENT


def test_only_a_draft_is_turned_to_another_request() -> None:
    done = acts.turn(replace(draft(), about="R0", reminded=True), KIND, "R9", now=NOW)
    assert (done.after.about, done.after.state, done.after.reminded) == ("R9", S.DRAFT, False)
    assert (done.line.act, done.after.answers) == (RequestAct.SAVE, {"why": "Rentrée"})
    refused(WrongStepError, acts.turn, SENT, KIND, "R9", now=NOW)


def test_what_was_never_sent_goes_when_it_is_taken_back_or_lapses_and_what_was_sent_stays() -> None:
    assert acts.withdraw(draft(), KIND, now=NOW).after.answers == {}
    assert acts.withdraw(SENT, KIND, now=NOW).after.answers == {"why": "Rentrée"}
    assert acts.lapse(replace(draft(), changed_at=0), KIND, now=NOW).after.answers == {}
    late = replace(request(S.TO_COMPLETE), asked=replace(ASKED, before="2026-11-09"))
    assert acts.lapse(late, KIND, now=NOW).after.answers == {"why": "Rentrée"}
    refused(WrongStepError, acts.lapse, replace(late, asked=replace(ASKED, before="2026-11-10")), KIND, now=NOW)


def _told(state: RequestState) -> Request:
    """A request in that state, after words of its person."""
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
def test_what_people_did_since_an_agent_acted_waits_before_what_an_agent_examines(
    one: Request, queue: Queue | None, news: RequestAct | None
) -> None:
    assert (one.queue, one.news) == (queue, news)


def test_a_new_request_is_a_draft_with_its_line_and_what_is_decided_at_once_settled_with_its_document() -> None:
    done = acts.opened(KIND, request_id="R1", number="123456789", identifier="10000001", about="R0", now=NOW)
    assert (done.before, done.after.state, done.after.about, done.after.version) == (None, S.DRAFT, "R0", 1)
    assert (done.line.act, done.line.number, done.after.is_open) == (RequestAct.OPEN, 1, True)
    issued = acts.issued(
        KIND, request_id="R1", number="1", identifier="10000001", structure_id="M0001", document_id="D1", now=NOW
    ).after
    assert (issued.state, issued.document_id, issued.ended_at, issued.is_open) == (S.SETTLED, "D1", NOW, False)
