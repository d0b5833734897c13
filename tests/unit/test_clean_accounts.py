"""Closing who has left, what is left of them, and removing what has come of age."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, repeat

import pytest

from activation.domain.accounts import Account, ClosingRequest, FormerContacts, Status, close
from activation.domain.beneficiaries import Beneficiary, QuarantinedContact
from activation.domain.contacts import Channel, Deliverability
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import RosterJournal, Structure
from activation.domain.errors import BusyError, StaleError
from activation.domain.events import Event, EventKind
from activation.domain.flows import FlowState, Purpose
from activation.domain.ledger import ConsentEntry
from activation.domain.limits import DAY_SECONDS
from activation.domain.links import LinkPorts, end_links
from activation.domain.outbox import MessageKind
from activation.domain.requests.states import RequestState
from activation.domain.retention import FIVE_YEARS_SECONDS, YEAR_SECONDS, Act, Cutoffs, Due
from activation.domain.roster.comparison import compare
from functions.purge_expired.people import Cleaned, Ports, clean_accounts
from functions.purge_expired.segments import SEGMENTS
from tests.builders import CLAIRE, MAIL, MOBILE, NOW, active, correspondent, entry, flow, invited
from tests.fakes.accounts import FakeAccounts
from tests.fakes.retention import FakeRetention
from tests.fakes.rosters import FakeRosters
from tests.in_memory import InMemoryService
from tests.unit.requests import draft, request
from tests.unit.test_purge_expired import Told

GONE = entry(end_date="2026-11-22")
LAST_DAY = entry(end_date="2026-11-23")


class CleaningService(InMemoryService):
    """An in-memory service whose accounts are cleaned."""

    def __init__(self, *people: Account) -> None:
        super().__init__(*people)
        self.retention = FakeRetention(self.accounts)
        self.told = Told()

    def clean(self, *, is_dry_run: bool = False, has_time: Callable[[], bool] = lambda: True) -> Cleaned:
        ports = Ports(self.retention, self.accounts, self.store, self.flows, self.outbox, self.links, self.requests)
        return clean_accounts(ports, context=self.context, has_time=has_time, tell=self.told, is_dry_run=is_dry_run)

    def cleaned(self, *, is_dry_run: bool = False) -> dict[str, int]:
        return {act.value: number for act, number in self.clean(is_dry_run=is_dry_run).done.items()}


def consent(at: int) -> ConsentEntry:
    return ConsentEntry("correspondent_follow_up", "1", "0" * 64, consents=True, decided_at=at, session_id="s")


def test_the_day_after_their_last_one_a_person_is_closed_and_told_if_they_had_activated() -> None:
    two = {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
    app = CleaningService(active(roster=GONE, proven=two))
    assert app.cleaned() == {"accounts_closed": 1}
    assert app.account() == replace(close(active(roster=GONE, proven=two, version=2), now=NOW), undated_closing=None)
    assert {message.kind for message in app.outbox.pending} == {MessageKind.ACCOUNT_CLOSED}
    [carrier] = app.flows.rows.values()
    removed = flow(Purpose.CONTACT, throttle_suffix="removed", notified_contacts=two, ends_at=NOW + DAY_SECONDS)
    unnamed = replace(removed, flow_id="", token_hash="", state=FlowState.DONE)
    assert replace(carrier, flow_id="", token_hash="") == unnamed
    app.deliver()
    assert [sent.to for sent in (*app.mail.sent, *app.sms.sent)] == [MAIL.value, MOBILE.value]
    assert app.cleaned() == {}
    never = CleaningService(invited(roster=GONE))
    assert (never.cleaned(), never.outbox.pending) == ({"accounts_closed": 1}, [])


@pytest.mark.parametrize("count", [1, 51])
def test_a_correspondent_whose_time_is_over_answers_for_no_structure_and_their_mail_is_free(count: int) -> None:
    structures = tuple(f"T{number:03}" for number in range(count))
    app = CleaningService(correspondent(invited_until="2026-11-22", structures=structures, mail_key="key"))
    app.links.mails["key"] = CLAIRE
    for name in structures:
        app.structures.save(Structure(name, "Mairie"))
        app.links.rows[name] = LinkedStructure(app.structures.rows[name], (CLAIRE, "C00000001"))
    assert app.cleaned() == {"accounts_closed": 1}
    assert {row.correspondents for row in app.links.rows.values()} == {("C00000001",)}
    assert (app.links.mails, app.account(CLAIRE).correspondent.structures) == ({}, ())


def test_both_rows_of_a_link_say_the_same_wherever_ending_them_breaks_off() -> None:
    structures = tuple(f"S{number}" for number in range(120))
    app = CleaningService(correspondent(structures=structures))
    for name in structures:
        app.structures.save(Structure(name, "Mairie"))
        app.links.rows[name] = LinkedStructure(app.structures.rows[name], (CLAIRE,))
    end_links(app.store, LinkPorts(app.accounts, app.links), app.account(CLAIRE))  # the last fifty go with the closing
    assert {one for one, row in app.links.rows.items() if row.correspondents} == set(structures[100:])
    assert app.account(CLAIRE).correspondent.structures == structures[100:]


def test_of_whoever_is_closed_the_drafts_go_and_what_waits_stays() -> None:
    app = CleaningService(active(roster=GONE))
    asked = replace(request(RequestState.TO_COMPLETE), request_id="R2")
    app.requests.rows = {"R1": draft(), "R2": asked, "R3": replace(draft(), request_id="R3", identifier="20000002")}
    assert app.cleaned() == {"accounts_closed": 1}
    assert list(app.requests.rows) == ["R2", "R3"]
    assert (app.requests.rows["R2"].state, app.requests.rows["R2"].changed_at) == (RequestState.EXAMINED, app.now)


def test_who_gets_another_end_meanwhile_stays_and_who_is_gone_needs_nothing() -> None:
    app = CleaningService(active(roster=GONE))
    app.accounts.meanwhile.append(lambda: app.change_account(roster=LAST_DAY))
    assert app.cleaned() == {}
    assert app.account().status is Status.ACTIVE
    gone = CleaningService(invited(roster=GONE))
    gone.accounts.meanwhile.append(gone.accounts.rows.clear)
    assert gone.cleaned() == {}


def test_a_year_after_closing_only_the_proofs_are_left_and_after_five_nothing() -> None:
    app = CleaningService(active(roster=GONE))
    app.accounts.consents["10000001"] = [consent(NOW - 5)]
    app.clean()
    app.wait(YEAR_SECONDS - 1)
    assert app.cleaned() == {}
    app.wait(1)
    assert (app.cleaned(), app.accounts.rows) == ({"accounts_erased": 1}, {})
    assert app.accounts.consents["10000001"] == [consent(NOW - 5)]
    app.wait(FIVE_YEARS_SECONDS - YEAR_SECONDS - 1)
    assert app.cleaned() == {}
    app.wait(1)
    assert (app.cleaned(), app.accounts.consents["10000001"]) == ({"proofs_removed": 1}, [])


def test_proofs_keep_the_date_of_the_closing_whoever_reopens_the_account_before_the_cleanup_comes() -> None:
    app = CleaningService(close(active(), now=NOW))
    app.accounts.consents["10000001"] = [consent(NOW - 5), consent(NOW + 30)]
    rosters = FakeRosters(app.accounts, app.structures, app.links)
    change = compare("10000001", entry(), rosters.stored_people(["10000001"])["10000001"], today="2026-11-24")
    app.store.commit(rosters.take_in(change, import_id="i", at=NOW + 10))
    app.wait(3_600)
    assert app.cleaned() == {"proofs_dated": 1}
    assert app.retention.erase_at == {("10000001", str(NOW - 5)): NOW + FIVE_YEARS_SECONDS}
    assert (app.account().status, app.account().session_epoch, app.cleaned()) == (Status.INVITED, 1, {})


def test_what_an_import_replaced_is_kept_a_day_and_events_a_year() -> None:
    journal = RosterJournal("import", NOW - DAY_SECONDS, 1, entry(email="old@exemple.fr"))
    app = CleaningService(invited(journal=journal), invited("10000002", journal=RosterJournal("i", NOW, 1, entry())))
    old, young = Event(EventKind.SIGNED_IN, NOW - YEAR_SECONDS), Event(EventKind.SIGNED_IN, NOW - YEAR_SECONDS + 1)
    app.accounts.events["10000001"] = [old, young]
    app.retention.imports = {"S1": NOW - DAY_SECONDS, "S2": NOW - DAY_SECONDS + 1}
    assert app.cleaned() == {"undo_data_removed": 1, "events_removed": 1}
    kept = app.account().beneficiary.journal
    assert kept
    assert (kept.import_id, kept.before, list(app.retention.imports)) == ("import", None, ["S2"])
    assert app.accounts.events["10000001"] == [young]


def test_a_dry_run_counts_and_changes_nothing() -> None:
    app = CleaningService(active(roster=GONE), invited("10000002", status=Status.CLOSED, closed_at=1))
    app.retention.imports = {"S1": 0}
    before = dict(app.accounts.rows)
    assert app.cleaned(is_dry_run=True) == {"accounts_closed": 1, "accounts_erased": 1}
    assert (app.accounts.rows, app.outbox.pending, app.retention.imports) == (before, [], {"S1": 0})


def test_when_time_runs_out_the_next_run_goes_on() -> None:
    app = CleaningService(*(invited(f"1{number:07}", roster=GONE) for number in range(50)))
    time_left = chain(repeat(True, 10), repeat(False))
    assert app.clean(has_time=lambda: next(time_left)) == Cleaned(Counter({Act.CLOSE: 10}), finished=False)
    assert app.clean() == Cleaned(Counter({Act.CLOSE: 40}))


@pytest.mark.parametrize("error", [KeyError("proven"), StaleError(), BusyError()], ids=["broken", "stale", "busy"])
def test_a_row_that_fails_is_told_and_the_others_are_done(error: Exception) -> None:
    app = CleaningService(*(invited(f"1{number:07}", roster=GONE) for number in range(50)))
    broken = app.accounts.rows["10000007"]

    class Poisoned(FakeAccounts):
        def get(self, identifier: str) -> Account | None:
            if identifier == broken.identifier:
                raise error
            return super().get(identifier)

    poisoned = Poisoned()
    poisoned.rows = app.accounts.rows
    app.accounts = poisoned
    assert app.clean() == Cleaned(Counter({Act.CLOSE: 49}))
    assert app.told == [("accounts", "10000007", type(error).__name__)]
    assert app.accounts.rows["10000007"] == broken


def test_people_who_cannot_be_read_and_an_employer_that_fails_are_told() -> None:
    class Broken(FakeRetention):
        def due(self, *, segment: int, segments: int, cutoffs: Cutoffs) -> Iterator[list[Due]]:
            yield from super().due(segment=segment, segments=segments, cutoffs=cutoffs)
            raise ConnectionError

        def forget_employer(self, structure_id: str, *, cutoffs: Cutoffs) -> bool:
            if structure_id == "S1":
                raise BusyError
            return super().forget_employer(structure_id, cutoffs=cutoffs)

    app = CleaningService(active(roster=GONE))
    app.retention = Broken(app.accounts)
    app.retention.imports = {"S1": 0, "S2": 0}
    assert app.clean() == Cleaned(Counter({Act.CLOSE: 1}), finished=False)
    assert list(app.retention.imports) == ["S1"]
    assert app.told == [("accounts", None, "ConnectionError")] * SEGMENTS + [("structures", "S1", "BusyError")]


def test_closing_leaves_the_roster_entry_without_contacts_and_what_was_decided() -> None:
    who = active(
        roster=entry(shared=True),
        proven={Channel.EMAIL: MAIL, Channel.SMS: MOBILE},
        former=(FormerContacts({Channel.EMAIL: MAIL}, NOW),),
        deliverability={MAIL.value: Deliverability.COMPLAINED},
        devices={"a": 1},
        session_epoch=4,
        closing=ClosingRequest("agent", NOW),
        quarantine=(QuarantinedContact(MAIL, NOW, "agent"),),
        journal=RosterJournal("import", NOW, 1, entry()),
    )
    journal = RosterJournal("import", NOW, 1)
    owner = Beneficiary(entry(email="", mobile=""), who.beneficiary.consent, journal=journal)
    left = Account("10000001", owner, Status.CLOSED, version=1, terms=who.terms, session_epoch=5)
    assert close(who, now=NOW) == replace(left, closed_at=NOW, undated_closing=NOW)
