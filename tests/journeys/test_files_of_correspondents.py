"""A correspondent's calls on the running product, and the way in for a larger body."""

import re

import pytest

from tests.builders import row
from tests.desk import run, trust
from tests.people import Someone, import_rows, prove, set_password
from tests.stack import Stack
from tests.visitor import Visitor, await_message

PEOPLE, UPLOADS = "/api/correspondent/people", "/api/correspondent/uploads"


def at_home(product: Stack, someone: Someone) -> Visitor:
    """The correspondent, with nothing left to decide."""
    visitor = prove(product, someone)
    assert set_password(visitor).next_step == "choose_channel"
    assert visitor.put("/api/account/code-channel", {"channel": "email"}).next_step == "accept_terms"
    assert visitor.put("/api/account/terms", {"version": "1"}).next_step == "home"
    where = visitor.get("/api/session").body
    assert (where["role"], where["home"]) == ("correspondent", "/correspondant")
    return visitor


def invited(product: Stack, structure: str, last_name: str, mail: str) -> Visitor:
    """The structure's correspondent at home, once an agent has invited them."""
    before = {message.id for message in product.messages()}
    shown = run(product, "claire", "invite-correspondent", "--structure", structure, "--yes")
    assert "L'invitation est partie." in shown
    letter = await_message(product, before, to=mail, with_code=True)  # the identifier's digits
    [identifier] = set(re.findall(r"C\d{8}", letter.text))
    return at_home(product, Someone(identifier, last_name, mail))


def test_a_row_is_mended_by_hand_and_its_person_told(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(product, monkeypatch)
    mail, former = "odile.marchand@village.example", "p61000007@chez-eux.example"
    village = {"structure_name": "Mairie du Village", "correspondent_name": "Odile MARCHAND"}
    village |= {"structure_id": "V1000", "correspondent_email": mail}
    import_rows(product, [row("61000007", "Roux", "Camille", email=former, **village)])
    odile = invited(product, "V1000", "Marchand", mail)
    [person] = odile.post(f"{PEOPLE}/search", {"structure": "V1000", "identifier": "61000007"}).body["people"]
    before = {message.id for message in product.messages()}
    mended = {"identifier": "61000007", "version": person["version"], "row": {"email": "nouvelle@chez-eux.example"}}
    changed = odile.put(PEOPLE, mended)
    assert (changed.status, changed.body["outcome"]) == (200, "updated")
    assert "coordonnées" in await_message(product, before, to=former, with_code=False).text


def test_a_larger_body_is_let_in(product: Stack) -> None:
    nobody = Visitor(product)
    assert nobody.send("POST", UPLOADS, b"x" * 4_194_304).code == "session-expired"
    assert nobody.send("POST", UPLOADS, b"x" * 4_194_305).code == "body-too-large"
