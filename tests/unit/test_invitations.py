"""How correspondents come and go: the desk's acts, by the rules alone."""

from dataclasses import replace
from functools import partial

import pytest

from activation.domain.accounts import Account, Status
from activation.domain.contacts import Channel, contact_key
from activation.domain.correspondents import Correspondent, LinkedStructure
from activation.domain.employment import Structure
from activation.domain.events import Event, EventKind
from activation.domain.invitations import SplitName, mail_key, split_name
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.roster.structures import standing_mail
from functions.support import acts, invitations, service
from functions.support.invitations import Left, Outcome, Said
from tests.builders import CLAIRE, MAIL, WORK_MAIL, active, active_correspondent, correspondent, entry
from tests.in_memory import Browser, InMemoryService, outcome, password_record
from tests.unit import desk
from tests.unit.desk import KARIM

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
    return invitations.invite(
        desk.ports(app), app.mails, call, structure_id=structure_id, said=Said(**said), context=app.context
    )


def confirm(app: InMemoryService, structure_id: str = "S1", call: service.Call = KARIM) -> Outcome:
    return invitations.confirm(desk.ports(app), app.mails, call, structure_id=structure_id, context=app.context)


def unlink(app: InMemoryService, structure_id: str = "S1", identifier: str = CLAIRE) -> None:
    invitations.unlink(desk.ports(app), AGENT, identifier=identifier, structure_id=structure_id, context=app.context)


def invited_one(app: InMemoryService) -> Account:
    [account] = [account for account in app.accounts.rows.values() if account.identifier.startswith("C")]
    return account


def linked(app: InMemoryService, structure_id: str = "S1") -> LinkedStructure:
    return app.links.structures([structure_id])[structure_id]


SPLIT = [
    ("Claire FONTAINE", SplitName("FONTAINE", "Claire", is_certain=True)),
    ("FONTAINE Claire", SplitName("FONTAINE", "Claire", is_certain=True)),
    ("SAINT-MARTIN Rose-Marie", SplitName("SAINT-MARTIN", "Rose-Marie", is_certain=True)),
    ("Claire Fontaine", SplitName("Fontaine", "Claire")),
    ("CLAIRE FONTAINE", SplitName("FONTAINE", "CLAIRE")),
    ("Claire DE LA FONTAINE", SplitName("DE LA FONTAINE", "Claire")),
    ("Mme FONTAINE", SplitName("FONTAINE", "")),
    ("Mme Claire FONTAINE", SplitName("FONTAINE", "Claire")),
    ("Madame Claire Fontaine", SplitName("Fontaine", "Claire")),
    ("Claire Marie FONTAINE", SplitName("FONTAINE", "Claire Marie")),
    ("Claire de la Fontaine", SplitName("de la Fontaine", "Claire")),
    ("Fontaine", SplitName("Fontaine", "")),
    ("Mme", SplitName("Mme", "")),
    ("", SplitName("", "")),
]


@pytest.mark.parametrize(("written", "split"), SPLIT)
def test_a_name_in_one_cell_is_split_and_certain_only_with_one_word_in_capitals(written: str, split: SplitName) -> None:
    assert split_name(written) == split


def test_one_agent_invites_whom_the_roster_names_at_the_rosters_mail_however_it_is_typed() -> None:
    for typed in ("CLAIRE.FONTAINE@mondomaine.com", "claire.fontaine@mondomaine.com"):
        assert invite(service_of(), email=typed) is Outcome.INVITED
    app = service_of()
    assert invite(app) is Outcome.INVITED
    account = invited_one(app)
    owner = account.correspondent
    assert (account.status, owner.names) == (Status.INVITED, ("FONTAINE", "Claire"))
    assert (owner.email, owner.mobile) == (WORK_MAIL.value, "+33698765432")
    assert (owner.structures, linked(app).correspondents) == (("S1",), (account.identifier,))
    assert app.notices() == [(MessageKind.CORRESPONDENT_INVITED, None)]
    app.deliver()
    [sent] = app.mail.sent
    assert sent.to == WORK_MAIL.value
    assert account.identifier in sent.text
    assert "Mairie de Mondomaine" in sent.text
    assert app.accounts.events[account.identifier] == [
        Event(EventKind.DESK_INVITED, app.now, agent="claire", reason="Appel")
    ]
    by_hand = service_of()
    assert invite(by_hand, "S2", last_name="Fontaine", first_name="Claire") is Outcome.INVITED
    owner = invited_one(by_hand).correspondent
    assert (owner.names, owner.mobile) == (("Fontaine", "Claire"), "")


@pytest.fixture
def app() -> InMemoryService:
    return service_of()


def test_an_invitation_lapses_after_thirty_days_and_another_one_renews_it(app: InMemoryService) -> None:
    invite(app)
    first = invited_one(app)
    assert first.correspondent.invited_until == "2026-12-23"
    app.wait(10 * DAY_SECONDS)
    assert invite(app) is Outcome.INVITED
    again = invited_one(app)
    assert (again.identifier, again.correspondent.invited_until) == (first.identifier, "2027-01-02")
    assert linked(app).correspondents == (first.identifier,)


def test_another_mail_than_the_rosters_sends_nothing_before_another_agent_confirms(app: InMemoryService) -> None:
    assert invite(app, email="autre@exemple.fr") is Outcome.WAITING
    app.wait(7 * DAY_SECONDS)
    assert outcome(lambda: confirm(app)) == "NothingToConfirmError"
    assert invite(app, email="voleur@exemple.fr") is Outcome.WAITING
    assert (app.accounts.rows, app.outbox.pending, app.links.mails) == ({}, [], {})
    assert linked(app).correspondents == ()
    asked_at = app.now
    app.wait(DAY_SECONDS)
    assert outcome(lambda: confirm(app, call=AGENT)) == "SecondAgentNeededError"
    assert confirm(app) is Outcome.INVITED
    account = invited_one(app)
    owner = account.correspondent
    assert (owner.names, owner.email, owner.mobile) == (("FONTAINE", "Claire"), "voleur@exemple.fr", "")
    assert app.links.mails == {mail_key(app.mails, "voleur@exemple.fr"): account.identifier}
    assert app.accounts.events[account.identifier] == [
        Event(EventKind.DESK_INVITATION_ASKED, asked_at, agent="claire", reason="Appel"),
        Event(EventKind.DESK_INVITED, app.now, agent="karim", reason="Contrôle"),
    ]
    assert linked(app).waiting is None
    assert outcome(lambda: confirm(app)) == "NothingToConfirmError"


def test_an_account_in_use_is_told_of_a_further_structure_at_its_proven_contact() -> None:
    app = service_of(active_correspondent())
    assert invite(app, "S2") is Outcome.LINKED
    assert app.account(CLAIRE).correspondent.invited_until == ""
    assert app.notices() == [(MessageKind.CORRESPONDENT_LINKED, None)]
    app.deliver()
    [sent] = app.mail.sent
    assert sent.to == WORK_MAIL.value
    assert "CCAS de Mondomaine" in sent.text
    assert "prévenez le CNAS." in sent.text


def test_a_mail_whose_account_has_another_name_takes_two_agents_and_then_answers_to_both_last_names() -> None:
    app = service_of(active_correspondent())
    app.structures.save(replace(S2, correspondent_name="Paul FONTAINE"))
    assert invite(app, "S2") is Outcome.WAITING
    app.structures.save(replace(S2, correspondent_name="Claire MARIN"))
    assert invite(app, "S2") is Outcome.WAITING
    assert app.account(CLAIRE).correspondent.structures == ("S1",)
    assert confirm(app, "S2") is Outcome.LINKED
    assert app.account(CLAIRE).owner.last_names == ("Fontaine", "MARIN")
    app.structures.save(replace(NOBODY, correspondent_name="Claire PETIT", correspondent_email=WORK_MAIL.value))
    assert invite(app, "S3") is Outcome.WAITING
    confirm(app, "S3")
    assert app.account(CLAIRE).owner.last_names == ("Fontaine", "PETIT")


INCOMPLETE = [
    (NOBODY, {}),
    (replace(S1, correspondent_email="pas une adresse"), {}),
    (replace(S1, correspondent_email=""), {}),
    (replace(S1, correspondent_name=""), {}),
    (replace(S1, correspondent_name="FONTAINE"), {}),
    (replace(S1, correspondent_name="Mme FONTAINE"), {}),
    (replace(S1, correspondent_name=""), {"last_name": "Fontaine"}),
]


@pytest.mark.parametrize(("structure", "said"), INCOMPLETE)
def test_nobody_is_invited_without_a_mail_and_both_names(structure: Structure, said: dict[str, str]) -> None:
    app = service_of(structures=(structure,))
    assert outcome(lambda: invite(app, structure.structure_id, AGENT, **said)) == "InvitationIncompleteError"
    assert app.accounts.rows == {}


def test_no_act_knows_a_structure_that_is_not_there() -> None:
    app = service_of(active_correspondent())
    looking = partial(invitations.look, desk.ports(app), AGENT, structure_id="S9", context=app.context)
    calls = [looking, *(partial(act, app, "S9") for act in (invite, confirm, unlink))]
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


def test_two_agents_at_once_make_one_account_of_one_mail(app: InMemoryService) -> None:
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
    assert app.accounts.events[CLAIRE] == [Event(EventKind.DESK_UNLINKED, app.now, agent="claire", reason="Appel")]


def test_the_end_of_the_last_link_closes_the_account_its_session_and_its_mail() -> None:
    app = service_of(active_correspondent(password=password_record(CLAIRE)))
    browser = Browser(app)
    browser.enter(CLAIRE)
    app.deliver()
    app.mail.sent.clear()
    unlink(app)
    closed = app.account(CLAIRE)
    assert (closed.status, closed.closed_at, app.links.mails) == (Status.CLOSED, app.now, {})
    assert closed.owner == Correspondent("Fontaine", "Claire", "", "", structures=())
    assert outcome(lambda: browser.access) == "SessionExpiredError"
    only_invited = service_of(correspondent())
    unlink(only_invited)
    assert only_invited.account(CLAIRE).owner == closed.owner
    for each in (app, only_invited):
        each.deliver()
        [sent] = each.mail.sent
        assert (sent.to, "Mairie de Mondomaine" in sent.text) == (WORK_MAIL.value, True)


def test_there_must_be_a_link_to_end_be_it_the_half_that_a_restore_left() -> None:
    app = service_of(active_correspondent(), active())
    assert outcome(lambda: unlink(app, "S2")) == "NoSuchLinkError"
    assert outcome(lambda: unlink(app, "S1", "10000001")) == "NotYourAccountError"
    assert outcome(lambda: unlink(app, "S1", "C99999999")) == "PersonNotFoundError"
    app.links.rows["S2"] = LinkedStructure(S2, (CLAIRE,))
    unlink(app, "S2")
    assert (linked(app, "S2").correspondents, app.account(CLAIRE).status) == ((), Status.ACTIVE)


def test_a_look_at_a_structure_shows_who_answers_and_stands_in_their_history() -> None:
    app = service_of(active_correspondent())
    invite(app, "S1", email="autre@exemple.fr")
    file = invitations.look(desk.ports(app), AGENT, structure_id="S1", context=app.context)
    assert (file.structure, file.correspondents) == (S1, [app.account(CLAIRE)])
    assert file.waiting
    assert file.waiting.email == "autre@exemple.fr"
    assert app.accounts.events[CLAIRE] == [Event(EventKind.DESK_LISTED, app.now, agent="claire", reason="Appel")]
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
    many = tuple(Structure(f"T{number:03}", f"Mairie {number}") for number in range(count))
    app = service_of(active_correspondent(structures=tuple(one.structure_id for one in many)), structures=many)
    acts.ask_to_close(desk.ports(app), AGENT, identifier=CLAIRE, context=app.context)
    acts.close(desk.ports(app), KARIM, identifier=CLAIRE, context=app.context)
    assert app.account(CLAIRE).status is Status.CLOSED
    assert app.links.mails == {}
    assert [one for one in many if linked(app, one.structure_id).correspondents] == []


def test_who_lost_their_last_structure_to_a_roster_and_gets_another_keeps_their_account_unless_it_closes() -> None:
    suspended = active_correspondent(structures=(), invited_until="2026-11-26")
    another = mairie(1, "Claire FONTAINE", WORK_MAIL.value)
    app = service_of(suspended, structures=(another,))
    assert invite(app, "T001") is Outcome.LINKED
    assert app.account(CLAIRE).correspondent.invited_until == ""
    app = service_of(active_correspondent(), structures=(S1, another))
    app.accounts.meanwhile.append(lambda: unlink(app))
    assert invite(app, "T001") is Outcome.INVITED
    closed = app.account(CLAIRE)
    assert (closed.status, closed.correspondent.structures) == (Status.CLOSED, ())
    assert CLAIRE not in linked(app, "T001").correspondents


def test_what_is_a_rosters_is_nothing_that_the_desk_corrects_for_a_correspondent_whom_it_sees_as_anybody() -> None:
    app = service_of(correspondent())
    ports, context = desk.ports(app), app.context
    made = [
        outcome(lambda: acts.correct(ports, AGENT, identifier=CLAIRE, contact=MAIL, context=context)),
        outcome(lambda: acts.ask_for_name(ports, AGENT, identifier=CLAIRE, last_name="Petit", context=context)),
        outcome(lambda: acts.confirm_correction(ports, AGENT, identifier=CLAIRE, context=context)),
    ]
    assert made == ["NotYourAccountError"] * 3
    app.accounts.add(active_correspondent())
    file = service.look(desk.ports(app), AGENT, identifier=CLAIRE, texts=app.texts, context=app.context)
    assert (file.structure, file.account.proven) == (None, {Channel.EMAIL: WORK_MAIL})
    assert file.status.sentence


def test_one_mail_has_one_key_however_it_is_written() -> None:
    app = service_of()
    assert mail_key(app.mails, "Claire@Exemple.FR") == app.mails.mac(b"mail/1\0claire@exemple.fr").hex()
    assert mail_key(app.mails, "claire@exemple.fr") != mail_key(app.peppers, "claire@exemple.fr")


def import_of(app: InMemoryService, *structures: Structure, new: tuple[str, ...] = ()) -> str:
    """An import that had these structures; `new` are those whose mail it brought."""
    for one in structures:
        app.structures.save(one)
    app.imported_mails.rows["an-import"] = {
        one.structure_id: "" if one.structure_id in new else contact_key(one.correspondent_email) for one in structures
    }
    return "an-import"


def invite_many(app: InMemoryService, name: str, after: str = "") -> invitations.Invitations:
    return invitations.invite_many(desk.ports(app), app.mails, AGENT, import_id=name, after=after, context=app.context)


def test_a_mail_that_an_import_brought_is_invited_by_no_bulk(app: InMemoryService) -> None:
    name = import_of(app, mairie(1, mail="voleur@exemple.fr"), new=("T001",))
    assert (invite_many(app, name).invited, app.accounts.rows) == ([], {})
    assert outcome(lambda: invite_many(app, "none")) == "ImportNotFoundError"


def test_a_mail_that_a_later_import_brought_is_invited_by_no_bulk_either(app: InMemoryService) -> None:
    name = import_of(app, mairie(1))
    app.structures.save(mairie(1, mail="voleur@exemple.fr"))
    assert (invite_many(app, name).invited, app.accounts.rows) == ([], {})


def mairie(number: int, name: str = "Rose PETIT", mail: str = "") -> Structure:
    return Structure(f"T{number:03}", f"Mairie {number}", name, mail or f"t{number}@exemple.fr")


def test_the_correspondents_of_an_import_are_invited_only_where_no_doubt_is_left() -> None:
    app = service_of(active_correspondent())
    doubtful = mairie(3, "Rose Petit"), mairie(5, "Zoé MARIN", WORK_MAIL.value)
    others = replace(S1, correspondent_name="Rose PETIT"), replace(mairie(6), correspondent_email="")
    name = import_of(app, mairie(1), mairie(2), mairie(4), *doubtful, *others, new=("T002",))
    done = invite_many(app, name)
    assert done.invited == ["T001", "T004"]
    left = [("T002", Left.MAIL), ("T003", Left.NAME), ("T005", Left.ACCOUNT), ("T006", Left.MAIL)]
    assert [(one.structure_id, why) for one, why in done.left] == left
    assert linked(app, "T005").waiting is None
    [correspondent_id] = linked(app, "T001").correspondents
    invited = Event(EventKind.DESK_INVITED, app.now, agent="claire", reason="Appel")
    assert app.accounts.events[correspondent_id] == [invited]


def test_an_import_is_worked_through_fifty_structures_at_a_time_and_again_from_anywhere(app: InMemoryService) -> None:
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
    assert invite_many(app, name, "T200").left == []


def test_where_somebody_answers_by_the_time_that_many_are_invited_nobody_else_is(app: InMemoryService) -> None:
    name = import_of(app, mairie(1))
    assert invite(app, "T001", last_name="Petit", first_name="Jean", email="jean@exemple.fr") is Outcome.WAITING
    app.store.meanwhile.append(lambda: confirm(app, "T001"))
    assert invite_many(app, name) == invitations.Invitations([], [], None)
    assert len(linked(app, "T001").correspondents) == 1


STANDS = [
    (mairie(1), "T1@EXEMPLE.fr", "t1@exemple.fr"),
    (mairie(1), "autre@exemple.fr", ""),
    (None, "t1@exemple.fr", ""),
    (replace(mairie(1), correspondent_email=""), "t1@exemple.fr", ""),
]


@pytest.mark.parametrize(("before", "mail", "stands"), STANDS)
def test_a_mail_stands_where_the_row_had_it_before_the_file(before: Structure | None, mail: str, stands: str) -> None:
    assert standing_mail(replace(mairie(1), correspondent_email=mail), before) == stands
