"""An operator's roster that brings another mail for a structure's correspondent ends the former one's link."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from activation.domain.accounts import Status, is_over
from activation.domain.contacts import Channel
from activation.domain.correspondents import LinkedStructure, answers_for
from activation.domain.employment import Structure
from activation.domain.errors import StaleError
from activation.domain.events import Event, EventKind
from activation.domain.limits import DAY_SECONDS
from activation.domain.outbox import MessageKind
from activation.domain.roster.ending_links import EndingLinks
from activation.domain.roster.imports import Action, ImportPaths, Prepared
from activation.domain.times import day_of_rights
from activation.imports.batches import StructureChange
from tests.builders import CLAIRE, WORK_MAIL, active_correspondent, correspondent, invited
from tests.in_memory.declarations import InMemoryDeclarations
from tests.in_memory.roster import line
from tests.unit.refusals import failing

OTHER = "nouvelle@mondomaine.com"
COLLEAGUE = "C00000002"
Linked = InMemoryDeclarations


def of_claire() -> Linked:
    """Claire Fontaine answers for S1 alone, and its roster says so; a colleague, by another mail, does too."""
    app = Linked(invited())
    app.structures.save(Structure("S1", "Mairie de Mondomaine", "Claire Fontaine", WORK_MAIL.value))
    app.accounts.add(active_correspondent(COLLEAGUE, email="colleague@exemple.fr", structures=()))
    app.link(CLAIRE, "S1")
    app.link(COLLEAGUE, "S1")
    return app


def roster(email: str = OTHER, **more: str) -> dict[str, str]:
    return line(email="louis.garcia@mondomaine.com", mobile="0612345678", correspondent_email=email, **more)


def bring(app: Linked, email: str = OTHER, **said: str) -> Prepared:
    return app.take_in(roster(email), **{"confirm_correspondents": "yes", **said})


def answers(app: Linked, identifier: str = CLAIRE, structure_id: str = "S1") -> bool:
    return answers_for(app.account(identifier), app.links.structures([structure_id])[structure_id])


@pytest.fixture
def app() -> Linked:
    return of_claire()


def test_whoever_had_the_former_mail_answers_no_more_and_is_told(app: Linked) -> None:
    prepared = bring(app)
    assert (answers(app), answers(app, COLLEAGUE)) == (False, True)
    assert app.account(CLAIRE).correspondent.structures == ()
    assert app.structures.rows["S1"].correspondent_email == OTHER
    assert [(kind, message.identifier) for message in app.outbox.pending for kind in [message.kind]] == [
        (MessageKind.CORRESPONDENT_UNLINKED, CLAIRE)
    ]
    assert Event(EventKind.LINK_REPLACED, app.now) in app.accounts.events[CLAIRE]
    said = "1 structure change de correspondant : l'accès de celui d'avant prend fin, et il en est prévenu."
    assert said in app.report(prepared, Action.APPLY)["lines"]


@pytest.mark.parametrize("email", [WORK_MAIL.value, WORK_MAIL.value.upper(), "", f"Claire <{WORK_MAIL.value}>"])
def test_the_same_mail_however_it_is_written_and_no_mail_end_nothing_though_another_name_is_listed(email: str) -> None:
    app = of_claire()
    prepared = app.take_in(roster(email, correspondent_name="Zoé Petit"), confirm_correspondents="yes")
    assert answers(app)
    standing = {"S1": WORK_MAIL.value} if email else {"S1": ""}
    assert json.loads(app.files.objects[ImportPaths(prepared.import_id).mails]) == standing
    assert "le correspondant de la structure S1 change" in [found[3] for found in app.findings(prepared)]
    app = of_claire()
    app.change_account(CLAIRE, email="autre@exemple.fr")
    bring(app, confirm_correspondents="")  # the former mail was nobody's way in
    assert (answers(app), app.structures.rows["S1"].correspondent_email) == (True, OTHER)


@pytest.mark.parametrize(("ending", "linked", "waits"), [(0, 0, False), (1, 20, False), (1, 19, True), (5, 100, False)])
def test_past_five_percent_of_the_linked_structures_they_wait(ending: int, linked: int, waits: bool) -> None:
    assert EndingLinks(ending, linked).need_confirmation is waits


def test_without_the_word_none_of_them_ends_and_all_the_rest_is_taken_in(app: Linked) -> None:
    prepared = app.take_in(roster(), line("20000001", correspondent_email=OTHER))
    assert (answers(app), prepared.ended_links) == (True, 0)
    assert "20000001" in app.accounts.rows
    assert app.structures.rows["S1"].correspondent_email == WORK_MAIL.value
    words = "1 changement de correspondant sur 1 structure qui a un correspondant"
    assert f"{words} : à confirmer ; la colonne de l'email a-t-elle été remplie autrement ?" in [
        found[3] for found in app.findings(prepared) if found[1] == "à confirmer"
    ]
    lines = app.report(prepared, Action.APPLY)["lines"]
    assert f"{words}, à confirmer." in lines
    assert any("confirm-correspondents=yes" in said for said in lines)


def test_a_reformatted_column_locks_nobody_out() -> None:
    app, rows = Linked(), []
    people = {f"T{number}": f"C1{number:07}" for number in range(40)}
    for name, identifier in people.items():
        mail = f"{name}@exemple.fr"
        app.accounts.add(active_correspondent(identifier, email=mail, structures=(), mail_key=f"key {name}"))
        app.structures.save(Structure(name, f"Mairie {name}", "X Y", mail))
        app.link(identifier, name)
        formatted = {"structure_name": f"Mairie {name}", "correspondent_email": f"mairie.{mail}"}
        rows.append(line(f"3{identifier[2:]}", structure_id=name, **formatted))
    assert app.take_in(*rows).unconfirmed_links == EndingLinks(40, 40)
    assert all(answers(app, identifier, name) for name, identifier in people.items())


def test_undoing_brings_the_links_back(app: Linked) -> None:
    prepared = bring(app)
    assert app.undo(prepared) == {}
    assert answers(app)
    account = app.account(CLAIRE)
    assert (account.status, account.correspondent.invited_until) == (Status.ACTIVE, "")
    assert Event(EventKind.LINK_RESTORED, app.now) in app.accounts.events[CLAIRE]
    assert app.structures.rows["S1"].correspondent_email == WORK_MAIL.value


def test_with_the_last_structure_the_account_opens_nothing_and_is_closed_when_nothing_can_be_undone() -> None:
    app = of_claire()
    bring(app)
    account = app.account(CLAIRE)
    assert (app.scopes.of(CLAIRE).structures, account.status) == ({}, Status.ACTIVE)
    assert not is_over(account, day_of_rights(app.now + DAY_SECONDS))
    assert is_over(account, day_of_rights(app.now + 3 * DAY_SECONDS))
    app = of_claire()
    app.link(CLAIRE, "S1", "S2")
    bring(app)
    assert (answers(app), answers(app, structure_id="S2")) == (False, True)
    assert app.account(CLAIRE).correspondent.invited_until == ""


def test_an_invitation_lapses_as_it_would_have(app: Linked) -> None:
    app.accounts.add(correspondent())
    prepared = bring(app)
    assert app.account(CLAIRE) == replace(correspondent(version=2), owner=app.account(CLAIRE).owner)
    assert app.account(CLAIRE).correspondent.invited_until == "2026-12-24"
    app.undo(prepared)
    assert (answers(app), app.account(CLAIRE).correspondent.invited_until) == (True, "2026-12-24")


LOST: list[Callable[[Linked], object]] = [
    lambda app: app.change_account(CLAIRE, status=Status.CLOSED, structures=()),
    lambda app: app.accounts.rows.pop(CLAIRE),
    lambda app: app.links.rows.update(
        S1=LinkedStructure(app.structures.rows["S1"], tuple(f"C2{number:07}" for number in range(10)))
    ),
]


@pytest.mark.parametrize("happen", LOST)
def test_undoing_brings_no_link_back_that_cannot_be(happen: Callable[[Linked], object], app: Linked) -> None:
    prepared = bring(app)
    happen(app)
    app.undo(prepared)
    assert CLAIRE not in app.links.rows["S1"].correspondents


def test_a_batch_that_broke_off_ends_the_links_when_it_is_applied_again(app: Linked) -> None:
    prepared = app.check(roster(), apply="yes", confirm_correspondents="yes")
    [batch] = app.batches(prepared)
    app.store.meanwhile = [failing(OSError())]
    with pytest.raises(OSError):  # noqa: PT011  # its own
        app.work_on(prepared, Action.APPLY, batch)
    assert app.structures.rows["S1"].correspondent_email == OTHER
    app.work_on(prepared, Action.APPLY, batch)
    app.work_on(prepared, Action.APPLY, batch)
    assert not answers(app)
    assert app.done(CLAIRE) == [EventKind.LINK_REPLACED]
    app = of_claire()
    prepared = app.check(roster(), apply="yes", confirm_correspondents="yes")

    def unlink() -> None:
        app.link(CLAIRE)
        raise StaleError

    app.store.meanwhile = [unlink]  # nor is whoever was unlinked meanwhile told twice
    app.work(prepared, Action.APPLY)
    assert app.done(CLAIRE) == []


def test_a_correspondent_s_own_file_touches_no_link_and_makes_nobody_one(app: Linked) -> None:
    before = dict(app.links.rows), dict(app.structures.rows)
    app.apply(app.send_in(roster(OTHER), line("20000001", correspondent_email=OTHER)))
    assert (app.links.rows, app.structures.rows) == before
    assert answers(app)
    assert app.account(CLAIRE).proven == {Channel.EMAIL: WORK_MAIL}


def test_a_change_is_planned_again_for_the_structure_as_it_is_with_all_that_it_said() -> None:
    former, now = Structure("S1", "Mairie"), Structure("S1", "Mairie de Mondomaine", "Claire Fontaine")
    change = StructureChange(replace(former, name="Ville"), former, ("correspondent_name",), (CLAIRE,))
    again = StructureChange(replace(now, name="Ville"), now, ("correspondent_name",), (CLAIRE,))
    assert change.after(now) == again
    assert change.after(None) == replace(change, before=None)
