"""How correspondents come and go: the desk's acts, by the rules alone."""

from dataclasses import replace
from typing import Any

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Channel, contact_key
from activation.domain.correspondents import LinkedStructure
from activation.domain.employment import Structure
from activation.domain.events import EventKind
from activation.domain.invitations import SplitName, mail_key, split_name
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.roster.structures import standing_mail
from functions.support import acts, invitations, service
from functions.support.invitations import Left, Outcome, Said
from tests.builders import (
    CLAIRE,
    MAIL,
    WORK_MAIL,
    active,
    active_correspondent,
    correspondent,
    entry,
)
from tests.unit import desk
from tests.unit.desk import KARIM
from tests.unit.in_memory import Browser, InMemoryService, outcome, password_record

AGENT = desk.CLAIRE
S1 = Structure("S1", "Mairie de Mondomaine", "Claire FONTAINE", WORK_MAIL.value, "06 98 76 54 32")
S2 = Structure("S2", "CCAS de Mondomaine", "Claire Fontaine", "Claire.Fontaine@MONDOMAINE.com", "01 23 45 67 89")
NOBODY = Structure("S3", "Mairie sans correspondant")


def service_of(*people: Account, structures: tuple[Structure, ...] = (S1, S2, NOBODY)) -> InMemoryService:
    """The service with these structures; correspondents among the people have their rows and their mails."""
    app = InMemoryService(*people)
    for structure in structures:
        app.structures.save(structure)
    for account in people:
        if account.identifier.startswith("C"):
            key = mail_key(app.mails, account.correspondent.email)
            app.accounts.add(replace(account, owner=replace(account.correspondent, mail_key=key)))
            app.links.mails[key] = account.identifier
            for one in account.correspondent.structures:
                before = app.links.structures([one])[one]
                app.links.rows[one] = replace(before, correspondents=(*before.correspondents, account.identifier))
    return app


def invite(app: InMemoryService, structure_id: str = "S1", call: service.Call = AGENT, **said: str) -> Outcome:
    """One agent invites."""
    return invitations.invite(
        desk.ports(app), app.mails, call, structure_id=structure_id, said=Said(**said), context=app.context
    )


def confirm(app: InMemoryService, structure_id: str = "S1", call: service.Call = KARIM) -> Outcome:
    """Another confirms."""
    return invitations.confirm(desk.ports(app), app.mails, call, structure_id=structure_id, context=app.context)


def unlink(app: InMemoryService, structure_id: str = "S1", identifier: str = CLAIRE) -> None:
    """An agent ends a link."""
    invitations.unlink(desk.ports(app), AGENT, identifier=identifier, structure_id=structure_id, context=app.context)


def invited_one(app: InMemoryService) -> Account:
    """The only correspondent there is."""
    [account] = [account for account in app.accounts.rows.values() if account.identifier.startswith("C")]
    return account


def linked(app: InMemoryService, structure_id: str = "S1") -> LinkedStructure:
    """The structure as its row stands."""
    return app.links.structures([structure_id])[structure_id]


@pytest.mark.parametrize(
    ("written", "split"),
    [
        ("Claire FONTAINE", SplitName("FONTAINE", "Claire", is_certain=True)),
        ("FONTAINE Claire", SplitName("FONTAINE", "Claire", is_certain=True)),
        ("SAINT-MARTIN Rose-Marie", SplitName("SAINT-MARTIN", "Rose-Marie", is_certain=True)),
        ("Claire Fontaine", SplitName("Fontaine", "Claire")),
        ("CLAIRE FONTAINE", SplitName("FONTAINE", "CLAIRE")),
        ("Claire DE LA FONTAINE", SplitName("DE LA FONTAINE", "Claire")),
        ("Mme FONTAINE", SplitName("FONTAINE", "")),
        ("Mme Claire FONTAINE", SplitName("FONTAINE", "Claire")),
        ("Madame Claire Fontaine", SplitName("Fontaine", "Claire")),
        ("Fontaine", SplitName("Fontaine", "")),
        ("", SplitName("", "")),
    ],
)
def test_a_name_in_one_cell_is_split_and_only_two_words_with_one_in_capitals_are_certain(
    written: str, split: SplitName
) -> None:
    assert split_name(written) == split


def test_one_agent_invites_whom_the_roster_names_at_the_rosters_mail() -> None:
    app = service_of()
    assert invite(app) is Outcome.INVITED
    account = invited_one(app)
    owner = account.correspondent
    assert (account.status, owner.last_name, owner.first_name, owner.email, owner.mobile) == (
        Status.INVITED,
        "FONTAINE",
        "Claire",
        WORK_MAIL.value,
        "+33698765432",
    )
    assert (owner.structures, linked(app).correspondents) == (("S1",), (account.identifier,))
    assert app.notices() == [(MessageKind.CORRESPONDENT_INVITED, None)]
    app.deliver()
    [sent] = app.mail.sent
    assert sent.to == WORK_MAIL.value
    assert account.identifier in sent.text
    assert "Mairie de Mondomaine" in sent.text
    assert [(event.kind, event.agent, event.reason) for event in app.accounts.events[account.identifier]] == [
        (EventKind.DESK_INVITED, "claire", "Appel")
    ]


def test_an_agent_puts_the_split_of_the_name_right() -> None:
    app = service_of()
    assert invite(app, "S2", last_name="Fontaine", first_name="Claire") is Outcome.INVITED
    assert invited_one(app).owner.names == ("Fontaine", "Claire")
    assert invited_one(app).correspondent.mobile == ""


def test_an_invitation_lapses_after_thirty_days_and_another_one_renews_it() -> None:
    app = service_of()
    invite(app)
    first = invited_one(app)
    assert first.correspondent.invited_until == "2026-12-23"
    app.wait(10 * DAY_SECONDS)
    assert invite(app) is Outcome.INVITED
    again = invited_one(app)
    assert (again.identifier, again.correspondent.invited_until) == (first.identifier, "2027-01-02")
    assert linked(app).correspondents == (first.identifier,)


def test_another_mail_than_the_rosters_sends_nothing_before_another_agent_confirms() -> None:
    app = service_of()
    assert invite(app, email="voleur@exemple.fr") is Outcome.WAITING
    assert (app.accounts.rows, app.outbox.pending, app.links.mails) == ({}, [], {})
    assert linked(app).correspondents == ()
    assert outcome(lambda: confirm(app, call=AGENT)) == "SecondAgentNeededError"
    assert confirm(app) is Outcome.INVITED
    account = invited_one(app)
    assert (account.correspondent.email, account.correspondent.mobile) == ("voleur@exemple.fr", "")
    assert [(event.kind, event.agent) for event in app.accounts.events[account.identifier]] == [
        (EventKind.DESK_INVITATION_ASKED, "claire"),
        (EventKind.DESK_INVITED, "karim"),
    ]
    assert linked(app).waiting is None
    assert outcome(lambda: confirm(app)) == "NothingToConfirmError"


def test_what_one_agent_asked_for_waits_seven_days() -> None:
    app = service_of()
    invite(app, email="autre@exemple.fr")
    app.wait(7 * DAY_SECONDS)
    assert outcome(lambda: confirm(app)) == "NothingToConfirmError"
    assert (app.accounts.rows, app.outbox.pending) == ({}, [])


@pytest.mark.parametrize("written", ["CLAIRE.FONTAINE@mondomaine.com", " claire.fontaine@mondomaine.com "])
def test_the_rosters_mail_typed_otherwise_is_the_rosters(written: str) -> None:
    app = service_of()
    assert invite(app, email=written.strip()) is Outcome.INVITED


def test_a_mail_with_an_account_whose_name_fits_gets_the_structure_too() -> None:
    app = service_of(correspondent())
    assert invite(app, "S2") is Outcome.INVITED
    account = invited_one(app)
    assert (account.identifier, account.correspondent.structures) == (CLAIRE, ("S1", "S2"))


def test_an_account_in_use_is_told_of_a_further_structure_at_its_proven_contact() -> None:
    app = service_of(active_correspondent())
    assert invite(app, "S2") is Outcome.LINKED
    app.deliver()
    [sent] = app.mail.sent
    assert sent.to == WORK_MAIL.value
    assert "CCAS de Mondomaine" in sent.text
    assert "prévenez le CNAS." in sent.text


def test_a_mail_whose_account_has_another_name_takes_two_agents_and_then_answers_to_both_last_names() -> None:
    app = service_of(active_correspondent())
    other = replace(S2, correspondent_name="Claire MARIN")
    app.structures.save(other)
    assert invite(app, "S2") is Outcome.WAITING
    assert app.account(CLAIRE).correspondent.structures == ("S1",)
    assert confirm(app, "S2") is Outcome.LINKED
    assert app.account(CLAIRE).owner.last_names == ("Fontaine", "MARIN")
    app.structures.save(replace(NOBODY, correspondent_name="Claire PETIT", correspondent_email=WORK_MAIL.value))
    assert invite(app, "S3") is Outcome.WAITING
    confirm(app, "S3")
    assert app.account(CLAIRE).owner.last_names == ("Fontaine", "PETIT")


def test_of_two_people_with_one_mailbox_the_second_takes_two_agents() -> None:
    app = service_of(active_correspondent())
    app.structures.save(replace(S2, correspondent_name="Paul FONTAINE"))
    assert invite(app, "S2") is Outcome.WAITING


@pytest.mark.parametrize(
    ("structure", "said"),
    [
        (NOBODY, {}),
        (replace(S1, correspondent_email="pas une adresse"), {}),
        (replace(S1, correspondent_email=""), {}),
        (replace(S1, correspondent_name=""), {}),
        (replace(S1, correspondent_name="FONTAINE"), {}),
        (replace(S1, correspondent_name="Mme FONTAINE"), {}),
        (replace(S1, correspondent_name=""), {"last_name": "Fontaine"}),
    ],
)
def test_nobody_is_invited_without_a_mail_and_both_names(structure: Structure, said: dict[str, str]) -> None:
    app = service_of(structures=(structure,))
    assert outcome(lambda: invite(app, structure.structure_id, AGENT, **said)) == "InvitationIncompleteError"
    assert app.accounts.rows == {}


def test_no_act_knows_a_structure_that_is_not_there() -> None:
    app = service_of(active_correspondent())
    calls = [
        lambda: invite(app, "S9"),
        lambda: confirm(app, "S9"),
        lambda: unlink(app, "S9"),
        lambda: invitations.look(desk.ports(app), AGENT, structure_id="S9", context=app.context),
    ]
    assert [outcome(call) for call in calls] == ["StructureNotFoundError"] * 4


def test_an_invitation_says_nothing_of_whether_somebody_is_a_beneficiary_too() -> None:
    stories = []
    for people in ((), (active(roster=entry(email=WORK_MAIL.value, last_name="Fontaine", first_name="Claire")),)):
        app = service_of(*people)
        told = invite(app)
        app.deliver()
        account = invited_one(app)
        texts = [sent.text.replace(account.identifier, "C") for sent in app.mail.sent]
        stories.append((told, account.correspondent.email, texts))
    assert stories[0] == stories[1]


def test_two_agents_at_once_make_one_account_of_one_mail() -> None:
    app = service_of()

    def meanwhile() -> None:
        app.store.meanwhile.clear()
        invite(app, "S1")

    app.store.meanwhile.append(meanwhile)
    assert invite(app, "S2") is Outcome.INVITED
    assert invited_one(app).correspondent.structures == ("S1", "S2")


def test_the_end_of_a_link_is_immediate_told_and_in_the_history() -> None:
    app = service_of(active_correspondent(structures=("S1", "S2")))
    unlink(app)
    assert (app.account(CLAIRE).status, app.account(CLAIRE).correspondent.structures) == (Status.ACTIVE, ("S2",))
    assert linked(app).correspondents == ()
    app.deliver()
    [sent] = app.mail.sent
    assert (sent.to, "Mairie de Mondomaine" in sent.text) == (WORK_MAIL.value, True)
    assert [event.kind for event in app.accounts.events[CLAIRE]] == [EventKind.DESK_UNLINKED]


def test_the_end_of_the_last_link_closes_the_account_its_session_and_its_mail() -> None:
    app = service_of(active_correspondent(password=password_record(CLAIRE)))
    browser = Browser(app)
    browser.enter(CLAIRE)
    app.deliver()
    app.mail.sent.clear()
    unlink(app)
    assert (app.account(CLAIRE).status, app.links.mails) == (Status.CLOSED, {})
    assert outcome(lambda: browser.access) == "SessionExpiredError"
    app.deliver()
    assert [sent.to for sent in app.mail.sent] == [WORK_MAIL.value]


def test_who_was_only_invited_is_told_at_the_work_contacts() -> None:
    app = service_of(correspondent())
    unlink(app)
    app.deliver()
    assert [sent.to for sent in app.mail.sent] == [WORK_MAIL.value]


def test_there_must_be_a_link_to_end() -> None:
    app = service_of(active_correspondent(), active())
    assert outcome(lambda: unlink(app, "S2")) == "NoSuchLinkError"
    assert outcome(lambda: unlink(app, "S1", "10000001")) == "NotYourAccountError"
    assert outcome(lambda: unlink(app, "S1", "C99999999")) == "PersonNotFoundError"


def test_half_a_link_that_a_restore_left_is_ended_too() -> None:
    app = service_of(active_correspondent())
    app.links.rows["S2"] = LinkedStructure(S2, (CLAIRE,))
    unlink(app, "S2")
    assert linked(app, "S2").correspondents == ()
    assert app.account(CLAIRE).status is Status.ACTIVE


def test_a_look_at_a_structure_shows_who_answers_and_stands_in_their_history() -> None:
    app = service_of(active_correspondent())
    invite(app, "S1", email="autre@exemple.fr")
    file = invitations.look(desk.ports(app), AGENT, structure_id="S1", context=app.context)
    assert [account.identifier for account in file.correspondents] == [CLAIRE]
    assert file.waiting
    assert file.waiting.email == "autre@exemple.fr"
    assert [event.kind for event in app.accounts.events[CLAIRE]] == [EventKind.DESK_LISTED]
    assert invitations.look(desk.ports(app), AGENT, structure_id="S3", context=app.context).correspondents == []


def test_structures_for_which_nobody_answers_are_listed_fifty_at_a_time_with_their_people() -> None:
    lonely = tuple(Structure(f"T{number:03}", f"Mairie {number}") for number in range(70))
    app = service_of(active_correspondent(), active(roster=entry(structure_id="T000")), structures=(S1, *lonely))
    first = invitations.without(desk.ports(app), after="")
    assert (len(first.structures), first.structures[0], first.after) == (50, (lonely[0], 1), "T049")
    rest = invitations.without(desk.ports(app), after=first.after or "")
    assert ([one.structure_id for one, _ in rest.structures], rest.after) == ([f"T{n:03}" for n in range(50, 70)], None)


@pytest.mark.parametrize("count", [1, 50, 51, 200])
def test_closing_an_account_ends_every_link_however_many(count: int) -> None:
    structures = tuple(Structure(f"T{number:03}", f"Mairie {number}") for number in range(count))
    app = service_of(
        active_correspondent(structures=tuple(one.structure_id for one in structures)), structures=structures
    )
    ports: dict[str, Any] = {"identifier": CLAIRE, "context": app.context}
    acts.ask_to_close(desk.ports(app), AGENT, **ports)
    acts.close(desk.ports(app), KARIM, **ports)
    assert app.account(CLAIRE).status is Status.CLOSED
    assert app.links.mails == {}
    assert [one for one in structures if linked(app, one.structure_id).correspondents] == []


def test_who_lost_their_last_structure_to_a_roster_and_gets_another_keeps_their_account() -> None:
    suspended = active_correspondent(structures=(), invited_until="2026-11-26")
    app = service_of(suspended, structures=(mairie(1, "Claire FONTAINE", WORK_MAIL.value),))
    assert invite(app, "T001") is Outcome.LINKED
    assert app.account(CLAIRE).correspondent.invited_until == ""


def test_who_is_closed_while_they_are_invited_elsewhere_gets_another_account() -> None:
    app = service_of(active_correspondent(), structures=(S1, mairie(1, "Claire FONTAINE", WORK_MAIL.value)))
    app.accounts.meanwhile.append(lambda: unlink(app))
    assert invite(app, "T001") is Outcome.INVITED
    closed = app.account(CLAIRE)
    assert (closed.status, closed.correspondent.structures) == (Status.CLOSED, ())
    assert CLAIRE not in linked(app, "T001").correspondents


def test_what_is_a_rosters_is_nothing_that_the_desk_corrects_for_a_correspondent() -> None:
    app = service_of(correspondent())
    made = [
        outcome(lambda: acts.correct(desk.ports(app), AGENT, identifier=CLAIRE, contact=MAIL, context=app.context)),
        outcome(
            lambda: acts.ask_for_name(desk.ports(app), AGENT, identifier=CLAIRE, last_name="Petit", context=app.context)
        ),
        outcome(lambda: acts.confirm_correction(desk.ports(app), AGENT, identifier=CLAIRE, context=app.context)),
    ]
    assert made == ["NotYourAccountError"] * 3


def test_an_agent_looks_into_a_correspondents_file_as_into_anybodys() -> None:
    app = service_of(active_correspondent())
    file = service.look(desk.ports(app), AGENT, identifier=CLAIRE, texts=app.texts, context=app.context)
    assert (file.structure, file.account.proven) == (None, {Channel.EMAIL: WORK_MAIL})
    assert file.status.sentence


def test_the_keyed_hash_is_one_for_every_spelling_and_tells_nothing_without_the_key() -> None:
    app = service_of()
    assert mail_key(app.mails, "Claire@Exemple.FR") == mail_key(app.mails, "claire@exemple.fr")
    assert mail_key(app.mails, "claire@exemple.fr") != mail_key(app.peppers, "claire@exemple.fr")


def import_of(app: InMemoryService, *structures: Structure, new: tuple[str, ...] = ()) -> str:
    """An import that had these structures; `new` are those whose mail it brought."""
    for one in structures:
        app.structures.save(one)
    app.imported_mails.rows["an-import"] = {
        one.structure_id: "" if one.structure_id in new else contact_key(one.correspondent_email) for one in structures
    }
    return "an-import"


def invite_many(app: InMemoryService, import_id: str, after: str = "") -> invitations.Invitations:
    """One agent invites all that may be."""
    return invitations.invite_many(
        desk.ports(app), app.mails, AGENT, import_id=import_id, after=after, context=app.context
    )


def mairie(number: int, name: str = "Rose PETIT", mail: str = "") -> Structure:
    return Structure(f"T{number:03}", f"Mairie {number}", name, mail or f"t{number}@exemple.fr")


def test_the_correspondents_of_an_import_are_invited_only_where_no_doubt_is_left() -> None:
    app = service_of(active_correspondent())
    structures = (
        mairie(1),
        mairie(2),
        mairie(3, "Rose Petit"),
        mairie(4, mail=""),
        mairie(5, "Zoé MARIN", WORK_MAIL.value),
        replace(S1, correspondent_name="Rose PETIT"),
        replace(mairie(6), correspondent_email=""),
    )
    name = import_of(app, *structures, new=("T002",))
    done = invite_many(app, name)
    assert done.invited == ["T001", "T004"]
    assert [(one.structure_id, why) for one, why in done.left] == [
        ("T002", Left.MAIL),
        ("T003", Left.NAME),
        ("T005", Left.ACCOUNT),
        ("T006", Left.MAIL),
    ]
    assert linked(app, "T005").waiting is None


def test_a_mail_that_an_import_brought_is_invited_by_no_bulk() -> None:
    app = service_of()
    name = import_of(app, mairie(1, mail="voleur@exemple.fr"), new=("T001",))
    assert (invite_many(app, name).invited, app.accounts.rows) == ([], {})


def test_a_mail_that_a_later_import_brought_is_invited_by_no_bulk_either() -> None:
    app = service_of()
    name = import_of(app, mairie(1))
    app.structures.save(mairie(1, mail="voleur@exemple.fr"))
    assert (invite_many(app, name).invited, app.accounts.rows) == ([], {})


def test_an_import_is_worked_through_fifty_structures_at_a_time_and_again_from_anywhere() -> None:
    app = service_of()
    name = import_of(app, *(mairie(number) for number in range(70)))
    first = invite_many(app, name)
    assert (len(first.invited), first.after) == (50, "T049")
    again = invite_many(app, name)
    assert (again.invited, again.left, again.after) == ([], [], "T049")
    rest = invite_many(app, name, "T049")
    assert (len(rest.invited), rest.after) == (20, None)


def test_a_correspondent_of_two_hundred_structures_gets_no_more_by_bulk() -> None:
    many = tuple(mairie(number, mail="rose@exemple.fr") for number in range(201))
    app = service_of(structures=many)
    name = import_of(app, *many)
    done = [invite_many(app, name, after) for after in ("", "T049", "T099", "T149", "T199")]
    assert sum(len(one.invited) for one in done) == 200
    assert [(one.structure_id, why) for one, why in done[-1].left] == [("T200", Left.FULL)]


def test_where_somebody_answers_by_the_time_that_many_are_invited_nobody_else_is() -> None:
    app = service_of()
    name = import_of(app, mairie(1))
    assert invite(app, "T001", last_name="Petit", first_name="Jean", email="jean@exemple.fr") is Outcome.WAITING
    app.store.meanwhile.append(lambda: confirm(app, "T001"))
    assert invite_many(app, name) == invitations.Invitations([], [], None)
    assert len(linked(app, "T001").correspondents) == 1


def test_there_must_be_such_an_import() -> None:
    assert outcome(lambda: invite_many(service_of(), "none")) == "ImportNotFoundError"


@pytest.mark.parametrize(
    ("before", "mail", "stands"),
    [
        (mairie(1), "T1@EXEMPLE.fr", "t1@exemple.fr"),
        (mairie(1), "autre@exemple.fr", ""),
        (None, "t1@exemple.fr", ""),
        (replace(mairie(1), correspondent_email=""), "t1@exemple.fr", ""),
    ],
)
def test_a_mail_stands_where_the_row_had_it_before_the_file(before: Structure | None, mail: str, stands: str) -> None:
    assert standing_mail(replace(mairie(1), correspondent_email=mail), before) == stands
