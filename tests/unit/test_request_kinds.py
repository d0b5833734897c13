"""The kinds of requests: their fields, their catalogue, their deadlines."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.catalogue import catalogue
from activation.domain.requests import kinds
from activation.domain.requests.deadlines import months_later
from activation.domain.requests.kinds import AnswersRejectedError, Catalogue, Field, FieldType, Kind, clean_answers
from tests.unit.refusals import refused
from tests.unit.requests import KIND

TODAY = "2026-11-24"


TAKEN = [
    ({"why": "  Ren\u202ftrée\u200b "}, {"why": "Ren trée"}),
    ({"why": "Rentrée", "since": ""}, {"why": "Rentrée"}),
    *((kept, kept) for kept in ({"since": "2020-01-01"}, {"since": "2026-12-31"}, {"sum": "1"}, {"sum": "500"})),
    *((kept, kept) for kept in ({"why": "x" * 20}, {"why": "xxx"}, {"door": "lost"})),
]


@pytest.mark.parametrize(("answers", "kept"), TAKEN)
def test_a_draft_keeps_what_its_fields_take(answers: dict[str, str], kept: dict[str, str]) -> None:
    assert clean_answers(KIND, answers, today=TODAY) == kept


NOT_TAKEN = [
    ("nothing", "x", "unknown"),
    ("door", "window", "unknown"),
    ("why", "x", "too-small"),
    ("why", "x" * 21, "too-large"),
    *(("since", answer, "format") for answer in ("hier", "20260101", "2026-W48-7", "2026-02-30")),
    ("since", "2019-12-31", "too-small"),
    ("since", "2027-01-01", "too-large"),
    *(("sum", answer, "format") for answer in ("douze", "-1", "1.5", "²", "9" * 10)),
    ("sum", "0", "too-small"),
    ("sum", "501", "too-large"),
    ("sum", "9" * 9, "too-large"),
]


def faults_of(answers: dict[str, str], kind: Kind = KIND) -> list[tuple[str, str]]:
    error = refused(AnswersRejectedError, clean_answers, kind, answers, today=TODAY)
    return [(fault.field, fault.reason) for fault in error.faults]


@pytest.mark.parametrize(("field", "answer", "reason"), NOT_TAKEN)
def test_an_answer_that_a_field_does_not_take_is_refused_with_its_reason(field: str, answer: str, reason: str) -> None:
    assert faults_of({field: answer}) == [(field, reason)]


def test_a_field_is_asked_with_the_bounds_of_its_day() -> None:
    field = Field("f", FieldType.DATE, "Quand ?", least="today", most="this-year")
    assert field.on(TODAY) == replace(field, least=TODAY, most=2026)


@pytest.mark.parametrize(("field", "answer"), [("since", "2026-11-25"), ("since", "9999-12-31"), ("sum", "2027")])
def test_what_is_bounded_by_the_day_of_the_answer_is_not_to_come(field: str, answer: str) -> None:
    bounds, now = {"since": "today", "sum": "this-year"}, {"since": "2026-11-24", "sum": "2026"}
    kind = replace(KIND, fields=tuple(replace(each, most=bounds.get(each.id, each.most)) for each in KIND.fields))
    assert clean_answers(kind, now, today=TODAY) == now
    assert faults_of({field: answer}, kind) == [(field, "too-large")]


def test_a_text_without_a_bound_takes_2_000_characters() -> None:
    kind = replace(KIND, fields=(replace(KIND.fields[0], most=None, least=None),))
    assert clean_answers(kind, {"why": "x" * 2_000}, today=TODAY)
    assert faults_of({"why": "x" * 2_001}, kind) == [("why", "too-large")]


def test_what_leads_elsewhere_is_not_sent() -> None:
    kinds.require_sendable(KIND, {"why": "Rentrée", "door": "late"})
    error = refused(AnswersRejectedError, kinds.require_sendable, KIND, {"door": "lost"})
    assert [(fault.field, fault.reason) for fault in error.faults] == [("why", "missing"), ("door", "not-sent")]


@pytest.mark.parametrize("day", ["2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"])
def test_a_kind_is_opened_in_its_days(day: str) -> None:
    assert bool(Catalogue({KIND.id: {"1": KIND}}).in_force(day)) is day.startswith("2026")


def test_the_latest_version_of_its_days_counts_and_a_former_one_stays() -> None:
    second = replace(KIND, version="2", valid_from="2026-06-01")
    both = Catalogue({KIND.id: {"1": KIND, "2": second}})
    assert (both.in_force("2026-05-31"), both.in_force("2026-06-01")) == ([KIND], [second])
    assert both.released(KIND.id, "1") == KIND


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 24))
def test_months_later_is_the_same_day_or_the_month_s_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    is_last = later.month != date.fromordinal(later.toordinal() + 1).month
    assert later.day == day.day or (later.day < day.day and is_last)


def test_the_catalogue_has_what_people_ask_here_and_what_the_guide_tells() -> None:
    kinds = {kind.id: kind for kind in catalogue().in_force("2026-11-24")}
    here = ["attestation-de-droits", "non-versement", "reclamation"]
    assert [kind.id for kind in kinds.values() if kind.is_asked_here] == here
    assert [kind.id for kind in kinds.values() if kind.sensitive] == ["enfant-handicape"]
    assert {field.type for kind in kinds.values() for field in kind.fields} == set(FieldType)


@pytest.mark.parametrize("kind", catalogue().in_force("2099-01-01"), ids=lambda kind: kind.id)
def test_no_kind_in_force_takes_a_day_or_a_year_to_come(kind: Kind) -> None:
    asked = [each.on(TODAY) for each in kind.fields if each.type in (FieldType.DATE, FieldType.NUMBER)]
    assert all(str(each.most) <= TODAY and each.least for each in asked)
