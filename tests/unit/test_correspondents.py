"""Correspondents: the second kind of owner, their links with structures, and what they may know."""

from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status, activate, is_over
from activation.domain.activation_funnel import Figures, FunnelStage, cells_of, count
from activation.domain.consent import consent_allows
from activation.domain.contacts import Channel
from activation.domain.correspondents import LinkedStructure, answers_for
from activation.domain.employment import Structure
from activation.domain.errors import NextStep, TooManyLinksError
from activation.domain.flows import Purpose
from activation.domain.identifiers import Role
from activation.domain.links import LinkPorts, save_link, with_link, without_link
from activation.domain.steps import OfferedContacts, offered_contacts, onboarding_step
from tests import builders
from tests.builders import CLAIRE, NOW, WORK_MAIL, active, active_correspondent, correspondent, entry
from tests.in_memory import Browser, InMemoryService
from tests.in_memory.outcomes import outcome
from tests.in_memory.passwords import password_record
from tests.unit.refusals import refused

S1 = Structure("S1", "Mairie de Mondomaine")
S2 = Structure("S2", "CCAS de Mondomaine")


def service(*people: Account, **correspondents: tuple[str, ...]) -> InMemoryService:
    app = InMemoryService(*people)
    for structure in (S1, S2):
        app.structures.save(structure)
    app.links.rows = {name: LinkedStructure(app.structures.rows[name], who) for name, who in correspondents.items()}
    return app


Both = tuple[Account, LinkedStructure]


def write(app: InMemoryService, before: Both, after: Both) -> None:
    app.store.commit(*save_link(LinkPorts(app.accounts, app.links), before, after))


def test_a_correspondents_work_contacts_are_theirs_alone_and_wait_for_nobody() -> None:
    owner = correspondent().correspondent
    assert owner.declared_contacts() == [WORK_MAIL, builders.WORK_MOBILE]
    assert correspondent(mobile="").owner.declared_contacts() == [WORK_MAIL]
    assert not owner.shares(WORK_MAIL)
    assert not owner.has_shared_contacts
    assert not owner.is_quarantined(WORK_MAIL, NOW)
    assert (owner.quarantine, owner.structure_id, owner.birth_name, owner.consent) == ((), "", "Fontaine", None)
    assert correspondent(other_name="Marin").owner.names == ("Fontaine", "Marin", "Claire")
    assert owner.once_bounced({WORK_MAIL.value}) is owner.once_lifted() is owner
    offered = offered_contacts(active_correspondent())
    assert offered == OfferedContacts(WORK_MAIL.value, builders.WORK_MOBILE.value, (Channel.EMAIL,))


def test_an_invitation_lapses_and_gets_no_code_then_and_an_account_in_use_does_not() -> None:
    claire = correspondent()
    assert not is_over(claire, "2026-12-24")
    assert is_over(claire, "2026-12-25")
    active_one = activate(claire, contact=WORK_MAIL, password=password_record(CLAIRE), now=NOW)
    assert not is_over(active_one, "2036-12-25")
    app = service(correspondent(invited_until="2026-11-22"))
    Browser(app).start(CLAIRE, "Fontaine")
    app.deliver()
    assert (app.mail.sent, app.sms.sent) == ([], [])


ANSWERS = [
    (active_correspondent(), (CLAIRE,), True),
    (active_correspondent(), (), False),
    (active_correspondent(), ("C00000001",), False),
    (active_correspondent(structures=("S2",)), (CLAIRE,), False),
    (active_correspondent(structures=()), (CLAIRE,), False),
    (active("10000001"), ("10000001",), False),
]


@pytest.mark.parametrize(("who", "by", "ok"), ANSWERS)
def test_somebody_answers_for_a_structure_only_if_both_rows_say_so(who: Account, by: tuple[str, ...], ok: bool) -> None:
    assert answers_for(who, LinkedStructure(S1, by)) is ok


def test_a_link_names_both_and_a_second_time_changes_nothing() -> None:
    claire, structure = with_link(correspondent(), LinkedStructure(S2))
    assert (claire.correspondent.structures, structure.correspondents) == (("S1", "S2"), (CLAIRE,))
    assert answers_for(claire, structure)
    assert with_link(claire, structure) == (claire, structure)


def test_a_structure_has_ten_correspondents_at_most_and_a_correspondent_two_hundred_structures() -> None:
    nine, ten = (tuple(f"C0000000{number}" for number in range(count)) for count in (9, 10))
    many = tuple(f"T{number}" for number in range(200))
    assert with_link(correspondent(), LinkedStructure(S2, nine))
    assert with_link(correspondent(structures=many[:199]), LinkedStructure(S2))
    for claire, others in ((correspondent(), ten), (correspondent(structures=many), ())):
        refused(TooManyLinksError, with_link, claire, LinkedStructure(S2, others))


def test_the_end_of_a_link_is_in_both_rows_and_that_of_the_last_one_closes_the_account() -> None:
    both = active_correspondent(structures=("S1", "S2"))
    claire, structure = without_link(both, LinkedStructure(S1, ("C00000001", CLAIRE)), now=NOW)
    assert (claire.status, claire.correspondent.structures) == (Status.ACTIVE, ("S2",))
    assert structure.correspondents == ("C00000001",)
    assert not answers_for(claire, structure)
    last, _ = without_link(claire, LinkedStructure(S2, (CLAIRE,)), now=NOW)
    assert (last.status, last.closed_at, last.session_epoch) == (Status.CLOSED, NOW, both.session_epoch + 1)
    again, structure = without_link(last, LinkedStructure(S1, (CLAIRE,)), now=NOW + 10)  # one that was left behind
    assert (again, structure.correspondents) == (last, ())


def test_a_new_account_its_mail_and_its_link_are_one_transaction_and_with_the_last_link_the_mail_is_free() -> None:
    app = service()
    before = (replace(correspondent(structures=()), version=0), LinkedStructure(S1))
    write(app, before, with_link(*before))
    assert app.account(CLAIRE).correspondent.structures == ("S1",)
    assert app.links.structures(["S1"])["S1"].correspondents == (CLAIRE,)
    assert app.links.account_of_mail("mail-key") == CLAIRE
    more = (app.account(CLAIRE), LinkedStructure(S2))
    assert len(save_link(LinkPorts(app.accounts, app.links), more, with_link(*more))) == 2  # not the mail's
    before = (app.account(CLAIRE), app.links.structures(["S1"])["S1"])
    write(app, before, without_link(*before, now=NOW))
    assert (app.account(CLAIRE).status, app.links.account_of_mail("mail-key")) == (Status.CLOSED, None)


def test_an_invited_correspondent_activates_as_everybody_does() -> None:
    app = service(correspondent(first_name="Perchoir"))
    browser = Browser(app)
    browser.prove(CLAIRE, "Fontaine")
    assert outcome(lambda: browser.set_password("Perchoir-Fontaine-1")) == "PasswordRejectedError"
    claire = browser.set_password()
    assert (claire.status, claire.proven) == (Status.ACTIVE, {Channel.EMAIL: WORK_MAIL})
    assert claire.correspondent.invited_until == ""
    browser.choose(Channel.EMAIL)
    browser.accept_terms()
    assert onboarding_step(app.account(CLAIRE), current_terms="1") is NextStep.HOME


def test_a_correspondent_resets_the_password_and_signs_in_but_opens_nothing_that_is_a_beneficiarys() -> None:
    app = service(active_correspondent(password=password_record(CLAIRE)))
    browser = Browser(app)
    assert browser.enter(CLAIRE, builders.PASSWORD).role is Role.CORRESPONDENT
    assert outcome(browser.home) == outcome(browser.consent) == "NotYourAccountError"
    assert app.accounts.consents == {}
    other = Browser(app)
    other.prove(CLAIRE, "Fontaine", purpose=Purpose.PASSWORD_RESET)
    other.reset_password()
    assert app.account(CLAIRE).session_epoch == 1


OURS = correspondent(structures=("S1",))
OURS_OF_ANOTHER = correspondent(structures=("S2",))


OPENED = [
    (OURS, active(), True),
    (OURS_OF_ANOTHER, active(), False),
    (OURS, active(roster=entry(structure_id="S2")), False),
    (OURS, active(consent=None), False),
]


@pytest.mark.parametrize(("who_asks", "who", "allowed"), OPENED)
def test_consent_opens_a_person_to_their_correspondent_alone(who_asks: Account, who: Account, allowed: bool) -> None:
    structure = Structure("S1", "Mairie de Mondomaine")
    assert consent_allows(who_asks, LinkedStructure(structure, (OURS.identifier,)), who) is allowed
    assert not consent_allows(who_asks, LinkedStructure(structure), who)  # both rows must say so
    assert not consent_allows(active(), LinkedStructure(structure, ("10000001",)), who)


def test_people_are_counted_by_structure_and_how_far_they_came_if_they_are_five_at_least() -> None:
    people = [
        FunnelStage("S2", Status.INVITED),
        *(FunnelStage("S1", Status.INVITED), FunnelStage("S1", Status.INVITED, was_sent_a_code=True)),
        FunnelStage("S1", Status.INVITED, was_sent_a_code=True, got_a_code=True),
        *(FunnelStage("S1", Status.ACTIVE), FunnelStage("S1", Status.CLOSED, was_sent_a_code=True)),
        *(FunnelStage("S1", Status.ACTIVE), FunnelStage("S1", Status.INVITED)),
    ]
    assert count(people) == [Figures("S1", 6, 4, 3, 2), Figures("S2", 1, 0, 0, 0)]
    assert Figures("S1", 7, 3, 2, 3).share == 42
    assert cells_of(Figures("S1", 4, 3, 2, 1)) == ("S1", "4", "", "", "", "")
    assert cells_of(Figures("S1", 5, 3, 2, 1)) == ("S1", "5", "3", "2", "1", "20")
