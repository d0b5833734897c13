"""Correspondents: the second kind of owner, and their links with structures."""

from dataclasses import replace

import pytest

from activation.domain.accounts import Account, Status, activate, close, is_over
from activation.domain.contacts import Channel
from activation.domain.correspondents import LinkedStructure, WaitingInvitation, answers_for
from activation.domain.employment import Structure
from activation.domain.errors import NextStep, NotYourAccountError, StaleError, TooManyLinksError
from activation.domain.flows import Purpose
from activation.domain.identifiers import Role
from activation.domain.links import LinkPorts, save_link, with_link, without_link
from activation.domain.steps import OfferedContacts, offered_contacts, onboarding_step
from tests.builders import (
    CLAIRE,
    NOW,
    PASSWORD,
    WORK_MAIL,
    WORK_MOBILE,
    active,
    active_correspondent,
    changed,
    correspondent,
    invited,
)
from tests.unit.in_memory import Browser, InMemoryService
from tests.unit.in_memory.outcomes import outcome
from tests.unit.in_memory.passwords import password_record

S1 = Structure("S1", "Mairie de Mondomaine")
S2 = Structure("S2", "CCAS de Mondomaine")


def service(*people: Account, **correspondents: tuple[str, ...]) -> InMemoryService:
    """The service with these people, and the structures S1 and S2 with these correspondents."""
    app = InMemoryService(*people)
    for structure in (S1, S2):
        app.structures.save(structure)
    app.links.rows = {name: LinkedStructure(app.structures.rows[name], who) for name, who in correspondents.items()}
    return app


def test_each_owner_is_narrowed_in_one_place_and_refused_as_the_other() -> None:
    claire, louis = correspondent(), invited()
    assert (claire.role, louis.role) == (Role.CORRESPONDENT, Role.BENEFICIARY)
    assert claire.correspondent is claire.owner
    assert louis.beneficiary is louis.owner
    with pytest.raises(NotYourAccountError):
        _ = claire.beneficiary
    with pytest.raises(NotYourAccountError):
        _ = louis.correspondent


def test_a_correspondent_is_addressed_and_answers_by_two_last_names_at_most() -> None:
    owner = correspondent(other_name="Marin").owner
    assert owner.last_names == ("Fontaine", "Marin")
    assert owner.names == ("Fontaine", "Marin", "Claire")
    assert (owner.last_name, owner.birth_name, owner.first_name) == ("Fontaine", "Fontaine", "Claire")
    assert correspondent().owner.last_names == ("Fontaine",)


def test_a_correspondents_work_contacts_are_theirs_alone_and_wait_for_nobody() -> None:
    owner = correspondent().owner
    assert owner.declared_contacts() == [WORK_MAIL, WORK_MOBILE]
    assert correspondent(mobile="").owner.declared_contacts() == [WORK_MAIL]
    assert not owner.shares(WORK_MAIL)
    assert not owner.has_shared_contacts
    assert not owner.is_quarantined(WORK_MAIL, NOW)
    assert owner.quarantine == ()
    assert owner.structure_id == ""


def test_an_invitation_lapses_and_an_account_in_use_does_not() -> None:
    claire = correspondent()
    assert not is_over(claire, "2026-12-24")
    assert is_over(claire, "2026-12-25")
    active_one = activate(claire, contact=WORK_MAIL, password=password_record(CLAIRE), now=NOW)
    assert not is_over(active_one, "2036-12-25")


def test_a_correspondent_chooses_a_channel_and_accepts_the_terms_without_any_consent() -> None:
    claire = active_correspondent()
    journey = (replace(claire, channel=None, terms=None), replace(claire, terms=None), claire)
    steps = [onboarding_step(account, current_terms="1") for account in journey]
    assert steps == [NextStep.CHOOSE_CHANNEL, NextStep.ACCEPT_TERMS, NextStep.HOME]
    assert active_correspondent().owner.consent is None


def test_the_work_contacts_prefill_the_choice_of_a_channel() -> None:
    offered = offered_contacts(active_correspondent())
    assert offered == OfferedContacts(WORK_MAIL.value, WORK_MOBILE.value, (Channel.EMAIL,))


def test_a_closed_account_of_a_correspondent_keeps_no_contact_and_no_structure() -> None:
    closed = close(active_correspondent(), now=NOW)
    assert (closed.status, closed.owner.declared_contacts(), closed.correspondent.structures) == (
        Status.CLOSED,
        [],
        (),
    )
    assert closed.correspondent.mail_key == ""
    assert closed.owner.last_name == "Fontaine"


@pytest.mark.parametrize(
    ("account", "named", "answers"),
    [
        (active_correspondent(), (CLAIRE,), True),
        (active_correspondent(), (), False),
        (active_correspondent(), ("C00000001",), False),
        (active_correspondent(structures=("S2",)), (CLAIRE,), False),
        (active_correspondent(structures=()), (CLAIRE,), False),
        (active("10000001"), ("10000001",), False),
    ],
)
def test_somebody_answers_for_a_structure_only_if_both_rows_say_so(
    account: Account, named: tuple[str, ...], answers: bool
) -> None:
    assert answers_for(account, LinkedStructure(S1, named)) is answers


def test_a_link_names_both_and_a_second_time_changes_nothing() -> None:
    claire, structure = with_link(correspondent(), LinkedStructure(S2))
    assert (claire.correspondent.structures, structure.correspondents) == (("S1", "S2"), (CLAIRE,))
    assert answers_for(claire, structure)
    assert with_link(claire, structure) == (claire, structure)


def test_a_structure_has_ten_correspondents_at_most_and_a_correspondent_two_hundred_structures() -> None:
    nine, ten = (tuple(f"C0000000{number}" for number in range(count)) for count in (9, 10))
    assert with_link(correspondent(), LinkedStructure(S2, nine))
    with pytest.raises(TooManyLinksError):
        with_link(correspondent(), LinkedStructure(S2, ten))
    many = tuple(f"T{number}" for number in range(200))
    assert with_link(correspondent(structures=many[:199]), LinkedStructure(S2))
    with pytest.raises(TooManyLinksError):
        with_link(correspondent(structures=many), LinkedStructure(S2))


def test_only_a_correspondent_is_linked() -> None:
    with pytest.raises(NotYourAccountError):
        with_link(active(), LinkedStructure(S1))
    with pytest.raises(NotYourAccountError):
        without_link(active(), LinkedStructure(S1), now=NOW)


def test_the_end_of_a_link_is_in_both_rows_and_that_of_the_last_one_closes_the_account() -> None:
    both = active_correspondent(structures=("S1", "S2"))
    claire, structure = without_link(both, LinkedStructure(S1, ("C00000001", CLAIRE)), now=NOW)
    assert (claire.status, claire.correspondent.structures, structure.correspondents) == (
        Status.ACTIVE,
        ("S2",),
        ("C00000001",),
    )
    assert not answers_for(claire, structure)
    last, _ = without_link(claire, LinkedStructure(S2, (CLAIRE,)), now=NOW)
    assert (last.status, last.closed_at, last.session_epoch) == (Status.CLOSED, NOW, both.session_epoch + 1)


def test_a_link_that_a_closed_account_left_behind_ends_without_closing_it_again() -> None:
    closed = close(active_correspondent(), now=NOW)
    again, structure = without_link(closed, LinkedStructure(S1, (CLAIRE,)), now=NOW + 10)
    assert (again, structure.correspondents) == (closed, ())


def test_a_new_account_its_mail_and_its_link_are_one_transaction() -> None:
    app = service()
    fresh = replace(correspondent(structures=()), version=0)
    before = (fresh, LinkedStructure(S1))
    app.store.commit(*save_link(LinkPorts(app.accounts, app.links), before, with_link(*before)))
    assert app.account(CLAIRE).correspondent.structures == ("S1",)
    assert app.links.structures(["S1"])["S1"].correspondents == (CLAIRE,)
    assert app.links.account_of_mail("mail-key") == CLAIRE


def test_of_two_accounts_with_one_work_mail_the_second_is_refused_whole() -> None:
    app = service(correspondent(), S1=(CLAIRE,))
    app.links.mails["mail-key"] = CLAIRE
    other = replace(correspondent("C00000001", structures=()), version=0)
    before = (other, LinkedStructure(S2))
    with pytest.raises(StaleError):
        app.store.commit(*save_link(LinkPorts(app.accounts, app.links), before, with_link(*before)))
    assert "C00000001" not in app.accounts.rows
    assert app.links.structures(["S2"])["S2"].correspondents == ()


def test_with_the_last_link_the_work_mail_is_free_again() -> None:
    app = service(active_correspondent(), S1=(CLAIRE,))
    app.links.mails["mail-key"] = CLAIRE
    before = (app.account(CLAIRE), app.links.structures(["S1"])["S1"])
    app.store.commit(*save_link(LinkPorts(app.accounts, app.links), before, without_link(*before, now=NOW)))
    assert app.account(CLAIRE).status is Status.CLOSED
    assert app.links.account_of_mail("mail-key") is None


def test_another_link_leaves_the_row_of_the_mail_alone() -> None:
    app = service(active_correspondent(), S1=(CLAIRE,))
    before = (app.account(CLAIRE), LinkedStructure(S2))
    assert len(save_link(LinkPorts(app.accounts, app.links), before, with_link(*before))) == 2


def test_a_link_is_refused_when_the_structures_row_has_changed_meanwhile() -> None:
    app = service(active_correspondent(), S1=(CLAIRE,), S2=("C00000001",))
    before = (app.account(CLAIRE), LinkedStructure(S2))
    with pytest.raises(StaleError):
        app.store.commit(*save_link(LinkPorts(app.accounts, app.links), before, with_link(*before)))
    waits = replace(
        before[1], correspondents=("C00000001",), waiting=WaitingInvitation("A", "B", "a@b.fr", "", "x", "Appel", NOW)
    )
    with pytest.raises(StaleError):
        app.store.commit(app.links.save(waits, before[1]))


def test_an_invited_correspondent_activates_as_everybody_does() -> None:
    app = service(correspondent())
    browser = Browser(app)
    claire = browser.activate(CLAIRE, "Fontaine")
    assert (claire.status, claire.proven, claire.correspondent.invited_until) == (
        Status.ACTIVE,
        {Channel.EMAIL: WORK_MAIL},
        "",
    )
    browser.choose(Channel.EMAIL)
    browser.accept_terms()
    assert onboarding_step(app.account(CLAIRE), current_terms="1") is NextStep.HOME


def test_a_lapsed_invitation_gets_no_code() -> None:
    app = service(correspondent(invited_until="2026-11-22"))
    Browser(app).start(CLAIRE, "Fontaine")
    app.deliver()
    assert (app.mail.sent, app.sms.sent) == ([], [])


def test_a_correspondent_resets_the_password_and_signs_in_with_a_code_each_time() -> None:
    app = service(active_correspondent(password=password_record(CLAIRE)))
    browser = Browser(app)
    browser.sign_in(CLAIRE, PASSWORD)
    app.deliver()
    assert browser.verify_sign_in(browser.code).role is Role.CORRESPONDENT
    other = Browser(app)
    other.start(CLAIRE, "Fontaine", purpose=Purpose.PASSWORD_RESET)
    app.deliver()
    other.verify(other.code, Purpose.PASSWORD_RESET)
    other.reset_password()
    assert app.account(CLAIRE).session_epoch == 1


def test_a_correspondents_session_opens_nothing_that_is_a_beneficiarys() -> None:
    app = service(active_correspondent(password=password_record(CLAIRE)))
    browser = Browser(app)
    browser.enter(CLAIRE)
    assert outcome(browser.home) == "NotYourAccountError"
    assert outcome(browser.consent) == "NotYourAccountError"
    assert app.accounts.consents == {}


def test_what_a_correspondent_may_not_be_called_is_no_password() -> None:
    app = service(correspondent(first_name="Perchoir"))
    browser = Browser(app)
    browser.start(CLAIRE, "Fontaine")
    app.deliver()
    browser.verify(browser.code)
    assert outcome(lambda: browser.set_password("Perchoir-Fontaine-1")) == "PasswordRejectedError"


def test_builders_change_either_owner() -> None:
    assert changed(correspondent(), email="a@exemple.fr").correspondent.email == "a@exemple.fr"


def test_what_comes_back_is_told_to_nobody_else_of_a_correspondents_contacts() -> None:
    owner = correspondent().correspondent
    assert owner.once_bounced({WORK_MAIL.value}) is owner
    assert owner.once_lifted() is owner


def test_a_beneficiary_has_the_rosters_first_name() -> None:
    assert invited().beneficiary.first_name == "Louis"
