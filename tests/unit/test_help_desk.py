"""What an agent may do and see, by the rules alone."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from activation.domain.accounts import ClosingRequest, Status
from activation.domain.beneficiaries import QuarantinedContact
from activation.domain.code_recipients import declared_contact
from activation.domain.contacts import Channel, Contact, Deliverability
from activation.domain.desk import QUARANTINE_SECONDS, ask_name, correct_contact, throttle_keys_of, waiting_name
from activation.domain.employment import Structure
from activation.domain.errors import ContactUnchangedError
from activation.domain.events import Event, EventKind
from activation.domain.flows import Purpose, make_throttle_key
from activation.domain.history import EVENT_WORDS, words_of
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from functions.support import acts, service
from tests.builders import MAIL, MOBILE, NOW, active, correspondent, entry, invited
from tests.in_memory import Browser, InMemoryService, outcome, password_record
from tests.unit.desk import CLAIRE, KARIM, NEW, WHO, do, line, look, ports
from tests.unit.refusals import failing, refused


def test_a_reason_is_told_to_the_person_and_an_agent_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    event = Event(EventKind.DESK_LOOKED, NOW, agent="claire", reason="Appel du jour")
    assert words_of(event) == "Le service d'assistance a consulté votre dossier. Motif : Appel du jour"
    assert words_of(Event(EventKind.SIGNED_IN, NOW)) == "Connexion"
    monkeypatch.delitem(EVENT_WORDS, EventKind.SIGNED_IN)  # as where this release has no words for a kind
    assert words_of(Event(EventKind.SIGNED_IN, NOW)) == "Activité sur votre compte"


def test_looking_is_written_before_anything_is_shown_and_before_the_act_that_follows_it(app: InMemoryService) -> None:
    looked = Event(EventKind.DESK_LOOKED, NOW, agent="claire", reason="Appel")
    app.structures.save(Structure("S1", "Mairie de Mondomaine"))
    assert look(app).events == [looked]
    assert look(app).structure == Structure("S1", "Mairie de Mondomaine")
    app.accounts.events[WHO] = [
        replace(looked, kind=kind) for kind in (EventKind.DESK_CLOSING_ASKED, EventKind.DESK_CONTACT_CHECKED)
    ]
    kinds = [EventKind.DESK_CONTACT_CHECKED, EventKind.DESK_LOOKED, EventKind.DESK_CLOSING_ASKED]
    assert [event.kind for event in look(app).events] == kinds  # within one second
    app.store.meanwhile.append(failing(ConnectionError()))
    assert outcome(lambda: look(app)) == "ConnectionError"


def test_a_correction_holds_the_contact_and_tells_every_one_on_file(app: InMemoryService) -> None:
    assert do(app, acts.correct, contact=NEW) == "ok"
    corrected = app.account()
    assert corrected.beneficiary.roster.email == NEW.value
    assert corrected.beneficiary.quarantine == (QuarantinedContact(NEW, NOW + QUARANTINE_SECONDS, "claire"),)
    assert declared_contact(corrected, NOW) == MOBILE
    assert declared_contact(corrected, NOW + QUARANTINE_SECONDS) == NEW
    told = app.outbox.pending
    assert app.notices() == [(MessageKind.ROSTER_CONTACT_CHANGED, channel) for channel in Channel]
    assert [app.flows.rows[message.flow_id or ""].notified_contacts for message in told] == [
        {Channel.EMAIL: MAIL, Channel.SMS: MOBILE}
    ] * 2
    app.deliver()
    assert [sent.to for sent in (*app.mail.sent, *app.sms.sent)] == [MAIL.value, MOBILE.value]


def test_each_agent_frees_what_the_other_corrected_and_no_hold_that_is_over_or_overwritten() -> None:
    app = InMemoryService(invited())
    mobile = Contact(Channel.SMS, "+33698765432")
    do(app, acts.correct, contact=NEW)
    app.change_account(roster=entry())
    assert do(app, acts.confirm_correction, KARIM) == "NothingToConfirmError"
    do(app, acts.correct, contact=NEW)
    do(app, acts.correct, contact=Contact(Channel.EMAIL, "zoe@exemple.fr"))
    do(app, acts.correct, contact=NEW)
    do(app, acts.correct, KARIM, contact=mobile)
    assert [quarantined.contact for quarantined in app.account().beneficiary.quarantine] == [NEW, mobile]
    do(app, acts.confirm_correction, KARIM)
    assert [quarantined.contact for quarantined in app.account().beneficiary.quarantine] == [mobile]
    assert do(app, acts.confirm_correction, KARIM) == "SecondAgentNeededError"
    app.wait(QUARANTINE_SECONDS)
    assert do(app, acts.confirm_correction) == "NothingToConfirmError"


def test_every_act_is_in_the_history_with_its_agent_and_reason() -> None:
    app = InMemoryService(invited(deliverability={MAIL.value: Deliverability.UNDELIVERABLE}))
    Browser(app).start()
    app.deliver()
    for _ in range(app.limits.wrong_passwords):
        app.counters.count_wrong_password(WHO, now=app.now)
    app.wait(60)
    done: list[tuple[Any, service.Call, EventKind, dict[str, object]]] = [
        (acts.send_again, CLAIRE, EventKind.DESK_CODE_SENT_AGAIN, {}),
        (acts.clear_counters, CLAIRE, EventKind.DESK_COUNTERS_CLEARED, {}),
        (acts.unlock, CLAIRE, EventKind.DESK_UNLOCKED, {}),
        (acts.lift_mark, CLAIRE, EventKind.DESK_MARK_LIFTED, {}),
        (acts.correct, CLAIRE, EventKind.DESK_CONTACT_CORRECTED, {"contact": NEW}),
        (acts.confirm_correction, KARIM, EventKind.DESK_CONTACT_CONFIRMED, {}),
        (acts.ask_for_name, CLAIRE, EventKind.DESK_NAME_ASKED, {"last_name": "Garcin"}),
        (acts.correct_name, KARIM, EventKind.DESK_NAME_CORRECTED, {}),
        (acts.ask_to_close, CLAIRE, EventKind.DESK_CLOSING_ASKED, {}),
        (acts.close, KARIM, EventKind.DESK_CLOSED, {}),
    ]
    assert {do(app, act, call, **more) for act, call, _, more in done} == {"ok"}
    written = [event for event in app.accounts.events[WHO] if event.agent]
    assert written == [Event(kind, app.now, agent=call.agent, reason=call.reason) for _, call, kind, _ in done]
    assert app.account().closed_at == app.now


@pytest.mark.parametrize(("contact", "is_theirs"), [(MAIL, True), (MOBILE, True), (NEW, False)])
def test_an_agent_hears_whether_a_contact_is_on_file_declared_or_proven(contact: Contact, is_theirs: bool) -> None:
    app = InMemoryService(active(proven={Channel.SMS: MOBILE}, roster=entry(mobile="")))
    check = partial(service.check_contact, ports(app), CLAIRE, contact=contact, context=app.context)
    assert check(identifier=WHO) is is_theirs
    assert app.accounts.events[WHO] == [Event(EventKind.DESK_CONTACT_CHECKED, NOW, agent="claire", reason="Appel")]
    assert outcome(lambda: check(identifier="1")) == "PersonNotFoundError"


def test_an_active_or_unchanged_contact_is_not_corrected() -> None:
    assert do(InMemoryService(active()), acts.correct, contact=NEW) == "PastActivationError"
    for field, ask, same in (("email", correct_contact, MAIL), ("last_name", ask_name, "Garcia")):
        act: Any = ask
        assert refused(ContactUnchangedError, act, invited(), same, agent="claire", now=NOW).field == field


@pytest.mark.parametrize("mobile", ["", MOBILE.value])
def test_the_mark_that_others_read_a_contact_goes_with_the_last_one_that_had_it(mobile: str) -> None:
    corrected = correct_contact(invited(roster=entry(mobile=mobile, shared=True)), NEW, agent="claire", now=NOW)
    assert corrected.beneficiary.roster == entry(email=NEW.value, mobile=mobile, shared=bool(mobile), desk_email=True)
    assert corrected.beneficiary.has_bounced is False


def test_the_waiting_code_is_sent_again_within_the_limits_of_its_page() -> None:
    browser = Browser(InMemoryService(invited()))
    app = browser.app
    assert do(app, acts.send_again) == "NoCodeOutError"
    browser.start()
    app.deliver()
    assert do(app, acts.send_again) == "ResendTooEarlyError"
    app.wait(60)
    assert (do(app, acts.send_again), browser.flow.code_number, browser.flow.resends) == ("ok", 2, 1)
    assert app.accounts.events[WHO][-1].kind is EventKind.DESK_CODE_SENT_AGAIN
    app.wait(900)
    assert do(app, acts.send_again) == "NoCodeOutError"


def test_a_proven_flow_gets_no_code_again_and_a_sign_in_s_goes_to_its_recipient() -> None:
    browser = Browser(InMemoryService(invited()))
    browser.prove()
    browser.app.wait(60)
    assert do(browser.app, acts.send_again) == "NoCodeOutError"
    member = Browser(InMemoryService(active(password=password_record(WHO))))
    member.sign_in()
    member.app.deliver()
    member.app.wait(60)
    assert (do(member.app, acts.send_again), member.flow.recipients[2]) == ("ok", MAIL)
    member.app.wait(60)
    member.app.change_account(status=Status.CLOSED, proven={})
    assert (do(member.app, acts.send_again), member.flow.code_number) == ("NoCodeOutError", 2)


def test_counters_are_read_again_when_somebody_guesses_or_clears_them_meanwhile(app: InMemoryService) -> None:
    throttle_key = Browser(app).start().throttle_key
    app.store.meanwhile.append(lambda: app.counters.count_guess(throttle_key, now=app.now))
    assert (do(app, acts.clear_counters), app.counters.throttle(throttle_key).wrong) == ("ok", 1)
    Browser(app).start()
    app.store.meanwhile.append(lambda: do(app, acts.clear_counters, KARIM))
    assert do(app, acts.clear_counters) == "NothingToLiftError"
    assert [event.kind for event in app.accounts.events[WHO]] == [EventKind.DESK_COUNTERS_CLEARED] * 2
    for _ in range(app.limits.longer_codes_after + 1):
        app.counters.count_guess(throttle_key, now=app.now)
    # down to those that keep codes long
    assert [do(app, acts.clear_counters), do(app, acts.clear_counters)] == ["ok", "NothingToLiftError"]
    rose = invited(roster=entry(last_name="Saint-Martin", usage_name="Petit"))
    flows = {(purpose, name) for purpose in (Purpose.ACTIVATION, Purpose.PASSWORD_RESET) for name in ("garcia",)}
    flows |= {(Purpose.SIGN_IN, ""), (Purpose.CONTACT, "")}
    assert set(throttle_keys_of(invited())) == {make_throttle_key(purpose, WHO, name) for purpose, name in flows}
    assert len(throttle_keys_of(rose)) == 6
    reset = Browser(InMemoryService(active())).start(purpose=Purpose.PASSWORD_RESET)
    assert reset.throttle_key in throttle_keys_of(active())


def test_a_password_lock_is_lifted_for_known_browsers_too() -> None:
    app = InMemoryService(active(password=password_record(WHO), devices={"known": NOW}))
    for scope in (WHO, f"{WHO}#known"):
        for _ in range(app.limits.wrong_passwords):
            app.counters.count_wrong_password(scope, now=app.now)
    assert line(app) == "bloqué jusqu'au 24/11 à 10 h 47 (trop de mots de passe incorrects)"
    app.store.meanwhile.append(lambda: do(app, acts.unlock, KARIM))
    assert do(app, acts.unlock) == "NothingToLiftError"
    assert [event.agent for event in app.accounts.events[WHO]] == ["claire", "karim"]  # a look before
    assert [app.counters.password_locked_until(scope, now=app.now) for scope in (WHO, f"{WHO}#known")] == [0, 0]


@pytest.mark.parametrize("act", [acts.clear_counters, acts.unlock, acts.lift_mark])
def test_an_act_with_nothing_to_lift_is_refused_and_leaves_no_line(act: Any) -> None:
    marks = {MAIL.value: Deliverability.COMPLAINED}
    app = InMemoryService(active(password=password_record(WHO), devices={"known": NOW}, deliverability=marks))
    app.counters.count_wrong_password(WHO, now=app.now)
    before = (app.account(), app.counters.passwords.copy())
    assert do(app, act) == "NothingToLiftError"
    assert (app.account(), app.counters.passwords, app.accounts.events) == (*before, {})


def test_a_name_is_corrected_by_two_agents_and_opens_the_way_to_a_code() -> None:
    app = InMemoryService(invited(roster=entry(last_name="DUPONT épouse MARTIN")))
    assert do(app, acts.correct_name, KARIM) == "NothingToConfirmError"
    assert do(app, acts.ask_for_name, last_name="Dupont") == "ok"
    assert app.account().beneficiary.roster.last_name == "DUPONT épouse MARTIN"
    assert (do(app, acts.correct_name), do(app, acts.correct_name, KARIM)) == ("SecondAgentNeededError", "ok")
    assert (app.account().beneficiary.roster.last_name, app.account().beneficiary.name_correction) == ("Dupont", None)
    assert do(app, acts.correct_name, KARIM) == "NothingToConfirmError"
    Browser(app).start(last_name="dupont")
    app.deliver()
    assert [sent.to for sent in app.mail.sent] == [MAIL.value]
    assert app.done() == [EventKind.DESK_NAME_ASKED, EventKind.DESK_NAME_CORRECTED]


def test_a_name_that_a_roster_changed_meanwhile_or_that_waited_a_week_is_confirmed_no_more() -> None:
    app = InMemoryService(invited())
    do(app, acts.ask_for_name, last_name="Garcin")
    app.change_account(roster=entry(last_name="Garcia-Lopez"))
    assert do(app, acts.correct_name, KARIM) == "NothingToConfirmError"
    app.change_account(roster=entry())
    app.wait(7 * DAY_SECONDS - 1)
    assert waiting_name(app.account(), now=app.now) is not None
    assert waiting_name(correspondent(), now=app.now) is None
    app.wait(1)
    assert do(app, acts.correct_name, KARIM) == "NothingToConfirmError"


def test_a_name_is_corrected_before_activation_only_and_to_another_and_waits_for_nothing_that_is_over() -> None:
    assert do(InMemoryService(active()), acts.ask_for_name, last_name="Garcin") == "PastActivationError"
    assert do(InMemoryService(invited()), acts.ask_for_name, last_name="Garcia") == "ContactUnchangedError"
    browser = Browser(InMemoryService(invited()))
    do(browser.app, acts.ask_for_name, last_name="Garcin")
    do(browser.app, acts.correct, contact=NEW)
    activated = browser.activate()
    assert (activated.beneficiary.name_correction, activated.beneficiary.quarantine) == (None, ())
    assert do(browser.app, acts.correct_name, KARIM) == "NothingToConfirmError"
    closed = InMemoryService(invited())
    do(closed, acts.ask_for_name, last_name="Garcin")
    do(closed, acts.ask_to_close)
    do(closed, acts.close, KARIM)
    assert closed.account().beneficiary.name_correction is None


def test_closing_takes_two_agents_within_a_week() -> None:
    app = InMemoryService(active(password=password_record(WHO), roster=entry(desk_email=True, desk_mobile=True)))
    assert do(app, acts.close, KARIM) == "NothingToConfirmError"
    do(app, acts.ask_to_close)
    assert app.account().closing == ClosingRequest("claire", NOW + 7 * DAY_SECONDS)
    assert do(app, acts.close) == "SecondAgentNeededError"
    app.wait(7 * DAY_SECONDS)
    assert do(app, acts.close, KARIM) == "NothingToConfirmError"
    do(app, acts.ask_to_close)
    assert do(app, acts.close, KARIM) == "ok"
    closed = app.account()
    assert (closed.status, closed.password, dict(closed.proven)) == (Status.CLOSED, None, {})
    assert closed.beneficiary.roster == entry(email="", mobile="")
    assert [message.kind for message in app.outbox.pending] == [MessageKind.ACCOUNT_CLOSED]
    assert do(app, acts.ask_to_close) == "PastActivationError"
    app.deliver()
    assert [sent.to for sent in app.mail.sent] == [MAIL.value]


def test_a_search_for_nothing_finds_nobody_and_of_many_people_ten_who_begin_so_first() -> None:
    people = [invited(identifier=f"1{n:07}", roster=entry(structure_id=f"S{n // 5}")) for n in range(11)]
    app = InMemoryService(*people)
    for n in range(4):
        app.structures.save(Structure(f"S{n}", f"Mairie {n}"))
    found = search(app, "mairie", "arci")
    assert (len(found.people), found.has_more) == (10, True)
    listed = Event(EventKind.DESK_LISTED, NOW, agent="claire", reason="Appel")
    assert app.accounts.events == {who.identifier: [listed] for who in found.people}
    found = search(app, "S1", "---")
    assert (found.people, found.has_more) == ([], False)
    for n, name in enumerate(("D'Almeida-Cœur", "Almeida", "Saint-Martin", "DUPONT épouse MARTIN")):
        app.accounts.add(invited(identifier=f"2000000{n}", roster=entry(last_name=name, structure_id="S3")))
    said = {said: [who.owner.last_name for who in search(app, "S3", said).people] for said in ("almeida", "martin")}
    assert said == {"almeida": ["Almeida", "D'Almeida-Cœur"], "martin": ["DUPONT épouse MARTIN", "Saint-Martin"]}


def search(app: InMemoryService, structure: str, last_name: str) -> service.Found:
    return service.search(ports(app), CLAIRE, structure=structure, last_name=last_name, context=app.context)


MEANT = [
    ("S1", ["S1"]),
    ("S2", ["S2"]),
    ("mondomaine", ["S1", "S3"]),
    ("Mairie MONDOMAINE", ["S1", "S3"]),
    ("mairie de mondomaine sud", ["S3"]),
    ("mairie de mondomaine", ["S1", "S3"]),
    ("st andre", ["S2"]),
    ("S9", []),
    ("...", []),
    ("nulle part", []),
]


@pytest.mark.parametrize(("said", "meant"), MEANT)
def test_a_structure_is_meant_by_its_id_or_by_words_of_its_name(said: str, meant: list[str]) -> None:
    app = InMemoryService(invited())
    for structure_id, name in (("S3", "Mairie de Mondomaine Sud"), ("S1", "Mairie de Mondomaine")):
        app.structures.save(Structure(structure_id, name))
    app.structures.save(Structure("S2", "CCAS de Saint-André"))
    found = search(app, said, "garcia")
    assert [structure.structure_id for structure in found.structures] == meant
    assert [who.identifier for who in found.people] == ([WHO] if "S1" in meant else [])


@pytest.mark.parametrize("most", [10, 11])
def test_a_name_of_more_than_ten_structures_is_looked_for_in_none_of_them(most: int, app: InMemoryService) -> None:
    for number in range(1, most + 1):
        app.structures.save(Structure(f"S{number}", f"Mairie {number:02}"))
    found, is_too_many = search(app, "mairie", "garcia"), most > 10
    people = [] if is_too_many else [app.account()]
    structures = [app.structures.rows[f"S{number}"] for number in range(1, 11)]
    assert found == service.Found(people, has_more=False, structures=structures, has_more_structures=is_too_many)
    assert bool(app.accounts.events) is not is_too_many
