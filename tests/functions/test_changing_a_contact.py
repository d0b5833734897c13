"""A contact changed after home: password first, a code to the new one, both told; and all that is held, shown."""

import pytest

from tests.builders import PASSWORD
from tests.functions.people import (
    ACCOUNT,
    CONTACT,
    LOUIS,
    LOUIS_MAIL,
    LOUIS_MOBILE,
    SESSION,
    sign_in,
    with_two_contacts,
)
from tests.functions.visitor import Visitor
from tests.functions.world import World

EMAIL, MOBILE, EVERYWHERE = f"{ACCOUNT}/email", f"{ACCOUNT}/mobile", f"{ACCOUNT}/sessions"
NEW_MAIL = {"email": "louis@nouveau.fr", "password": PASSWORD}
NEW_MOBILE = {"mobile": "06 98 76 54 32", "password": PASSWORD}


def test_the_new_address_is_proven_by_a_code_and_both_are_told(world: World, louis: Visitor) -> None:
    assert louis.put(EMAIL, NEW_MAIL).said == (202, "verify_contact")
    [message] = world.deliver()
    assert message.to == "louis@nouveau.fr"
    assert louis.get(ACCOUNT).body["person"]["email"] == LOUIS_MAIL
    assert louis.get(SESSION).body["contact_change"]["destination"] == "à l'adresse l•••@n•••.fr"
    assert louis.post(f"{CONTACT}/verification", {"code": message.code}).said == (200, "home")
    assert louis.get(ACCOUNT).body["person"]["email"] == "louis@nouveau.fr"
    told = world.deliver()
    assert {notice.to for notice in told} == {LOUIS_MAIL, "louis@nouveau.fr"}
    assert not any(notice.has_code for notice in told)


def test_a_contact_on_file_that_was_never_verified_is_told_masked(louis: Visitor) -> None:
    home = louis.get(ACCOUNT).body
    assert home["on_file"] == {"mobile": "au numéro se terminant par 78"}
    assert LOUIS_MOBILE not in str(home)


def test_a_contact_on_file_that_is_verified_is_told_once(world: World) -> None:
    home = with_two_contacts(world).get(ACCOUNT).body
    assert home["person"]["mobile"] == LOUIS_MOBILE
    assert "on_file" not in home


@pytest.mark.parametrize(("path", "body"), [(EMAIL, NEW_MAIL), (MOBILE, NEW_MOBILE)])
def test_a_wrong_password_changes_nothing_and_counts(
    world: World, louis: Visitor, path: str, body: dict[str, str]
) -> None:
    world.set(WRONG_PASSWORDS=2)
    wrong = body | {"password": "Une-Autre-Phrase-77"}
    assert louis.put(path, wrong).body["attempts_left"] == 1
    assert louis.put(path, wrong).said == (401, "credentials-rejected")
    assert louis.put(path, body).said == (429, "account-locked")
    assert world.pending() == []


def test_signing_out_everywhere_ends_every_session(world: World, louis: Visitor) -> None:
    other = sign_in(world, LOUIS)
    twin = louis.twin()
    assert louis.delete(EVERYWHERE).status == 204
    for visitor in (other, twin, louis):
        assert visitor.get(ACCOUNT).said == (401, "session-expired")
    assert louis.delete(EVERYWHERE).said == (401, "session-expired")
