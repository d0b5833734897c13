"""Documents: what they attest, the code by which anybody verifies them, whether they hold."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.domain.accounts import Account, Status
from activation.domain.employment import Structure
from activation.domain.errors import RightsNotDatedError
from activation.domain.requests import documents
from activation.domain.requests.documents import DocumentState, hash_code, judge, new_number, request_id_at_once
from activation.domain.requests.kinds import DecidedBy, Kind
from activation.domain.times import day_of_rights, paris_day
from tests.builders import active, entry, invited
from tests.unit.refusals import refused
from tests.unit.requests import KIND, NOW

RIGHTS = replace(
    KIND, decided_by=DecidedBy.AUTOMATIC, attention="des partenaires", attests="Cette personne a des droits."
)
EMPLOYER = Structure("M0001", "Mairie")
ROSTER = replace(entry(), structure_id="M0001", start_date="2020-09-01")


def owner(**roster: Any) -> Account:
    return active(roster=replace(ROSTER, **roster))


def document(account: Account | None = None, kind: Kind = RIGHTS, now: int = NOW, **answers: str) -> documents.Document:
    who = account or owner()
    return documents.issue(kind, who, EMPLOYER, document_id="D1", request_id="R1", answers=answers or None, now=now)


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def test_a_document_says_who_works_where_since_when_and_until_when() -> None:
    who = ("Garcia", "Louis", "M0001", "Mairie", "des partenaires")
    days = ("2020-09-01", "2026-12-31")
    assert document() == documents.Document("D1", "10000001", "R1", RIGHTS.id, RIGHTS.attests, *who, *days, NOW)
    assert document(attention="de la CAF").attention == "de la CAF"
    assert document(owner(start_date="2026-11-24")).since == "2026-11-24"
    assert document(owner(end_date="2026-12-15")).until == "2026-12-15"
    assert document(owner(end_date="2027-12-15")).until == "2026-12-31"
    # in the first hours of a year it is good for that year
    for moment, until in (("2026-12-31T22:59:59Z", "2026-12-31"), ("2026-12-31T23:00:00Z", "2027-12-31")):
        assert document(now=at(moment)).until == until


def test_what_an_agent_decides_is_attested_from_today_and_filled_in_with_the_answers() -> None:
    kind = replace(RIGHTS, decided_by=DecidedBy.AGENT, attests="En {year}, rien : {what}.")
    issued = document(owner(start_date=""), kind, year="2026", what="{garde}")
    assert (issued.since, issued.attests) == ("2026-11-24", "En 2026, rien : {garde}.")


NOT_DATED = [
    (owner(start_date=""), EMPLOYER),
    (owner(start_date="2026-11-25"), EMPLOYER),
    (owner(end_date="2026-11-23"), EMPLOYER),
    (owner(), None),
]


@pytest.mark.parametrize(("account", "where"), NOT_DATED)
def test_nothing_is_attested_without_a_beginning_or_rights(account: Account, where: Structure | None) -> None:
    refused(RightsNotDatedError, documents.issue, RIGHTS, account, where, document_id="D1", request_id="R1", now=NOW)


@given(
    st.sampled_from(DecidedBy),
    st.integers(1_790_000_000, 1_830_000_000),
    st.integers(-2, 2),
    st.none() | st.integers(-2, 400),
)
def test_a_document_holds_from_its_day_to_its_end(by: DecidedBy, now: int, begins: int, ends: int | None) -> None:
    start, end = (paris_day(now + days * 86_400) if days is not None else "" for days in (begins, ends))
    account = owner(start_date=start, end_date=end)
    try:
        issued = document(account, replace(RIGHTS, decided_by=by), now)
    except RightsNotDatedError:
        assert (begins > 0 and by is DecidedBy.AUTOMATIC) or (ends is not None and ends < 0)
        return
    assert issued.since <= paris_day(issued.issued_at) <= issued.until
    assert judge(issued, account, now=now) is DocumentState.VALID


@pytest.mark.parametrize("moment", ["2026-11-28T23:00:00Z", "2026-11-29T09:59:59Z", "2026-11-29T22:59:59Z"])
def test_what_an_agent_decides_holds_from_the_day_in_paris(moment: str) -> None:
    assert document(kind=replace(RIGHTS, decided_by=DecidedBy.AGENT), now=at(moment)).since == "2026-11-29"


HOLDS = [
    (owner(), DocumentState.VALID),
    (owner(end_date="2026-11-23"), DocumentState.VALID),
    (owner(end_date="2026-11-22"), DocumentState.WITHDRAWN),
    (owner(structure_id="M0002"), DocumentState.WITHDRAWN),
    (replace(owner(), status=Status.CLOSED), DocumentState.WITHDRAWN),
    (invited(roster=ROSTER), DocumentState.WITHDRAWN),
    (None, DocumentState.WITHDRAWN),
]


@pytest.mark.parametrize(("account", "state"), HOLDS)
def test_a_document_holds_while_what_it_attests_does(account: Account | None, state: DocumentState) -> None:
    assert judge(document(), account, now=NOW) is state


def test_a_document_ends_with_its_last_day_and_is_erased_a_year_later_on_a_day_that_there_is() -> None:
    issued = replace(document(), until=day_of_rights(NOW))
    assert judge(issued, owner(), now=NOW) is DocumentState.VALID
    assert judge(issued, owner(), now=NOW + 86_400) is DocumentState.EXPIRED
    assert judge(None, owner(), now=NOW) is DocumentState.UNKNOWN
    assert (issued.erased_on, replace(issued, until="2028-02-29").erased_on) == ("2027-11-23", "2029-02-28")


CODES = [
    (bytes(32), "0000-0000-0000"),
    (b"\xff" * 32, "ZZZZ-ZZZZ-ZZZZ"),
    (bytes(7) + b"\x10" + bytes(24), "0000-0000-0001"),
    (bytes(7) + b"\x0f" + bytes(24), "0000-0000-0000"),
]


@pytest.mark.parametrize(("mac", "code"), CODES)
def test_a_code_is_the_first_60_bits_of_a_mac(mac: bytes, code: str) -> None:
    assert documents.document_code(mac) == code


@given(st.binary(min_size=32, max_size=32), st.sampled_from([" ", "", "-", "\u202f", "."]), st.booleans())
def test_a_code_is_read_however_it_is_written(mac: bytes, between: str, lower: bool) -> None:  # hypothesis gives it
    code = documents.document_code(mac)
    typed = code.replace("-", between).replace("0", "O").replace("1", "l")
    assert documents.clean_document_code(typed.lower() if lower else typed) == code


@pytest.mark.parametrize("code", ["", "0000-0000-000", "0000-0000-00000", "UUUU-0000-0000", "éééé-0000-0000", "-" * 12])
def test_what_can_be_no_code_is_none(code: str) -> None:
    assert documents.clean_document_code(code) is None


def test_each_document_has_a_message_of_its_own_and_a_code_is_stored_as_its_hash() -> None:
    assert documents.document_message("D1") == b"document/1\0D1" != documents.document_message("D2")
    assert len(hash_code("0000-0000-0000")) == 64
    assert hash_code("0000-0000-0000") != hash_code("0000-0000-0001")


def test_what_is_decided_at_once_has_one_id_a_day_until_there_is_one_more() -> None:
    ids = {
        request_id_at_once("10000001", "rights", before, now=now)
        for before, now in ((0, NOW), (0, NOW + 1), (1, NOW), (0, NOW + 86_400))
    }
    assert (len(ids), {len(each) for each in ids}) == (3, {26})
    assert request_id_at_once("10000002", "rights", 0, now=NOW) not in ids
    assert request_id_at_once("10000001", "other", 0, now=NOW) not in ids


def test_ulids_sort_by_time_and_numbers_have_nine_digits() -> None:
    first, later = documents.new_ulid(lambda size: b"\xff" * size, now=NOW), documents.new_ulid(bytes, now=NOW + 1)
    assert first < later
    assert documents.new_ulid(lambda size: b"\xff" * size, now=1_469_918_176) == "01ARYZ6RR0ZZZZZZZZZZZZZZZZ"
    assert (new_number(bytes), new_number((899_999_999).to_bytes)) == ("100000000", "999999999")
    assert new_number((900_000_000).to_bytes) == "100000000"
