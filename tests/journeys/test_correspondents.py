"""A correspondent over HTTP: invited by the desk, activated by their own hand, at home; and the other kind's calls."""

import io
import re

import pytest
from botocore.credentials import Credentials
from rich.console import Console

from local.inbox import Message
from support_cli.__main__ import main
from support_cli.client import SignedDesk
from tests.builders import PASSWORD, row
from tests.people import Someone, come_home, import_rows, invite, prove, set_password, sign_in
from tests.stack import Stack
from tests.visitor import Visitor, await_message

IDENTIFIER = re.compile(r"C\d{8}")
MAIL = "rose.marin@petitbourg.example"


@pytest.fixture(autouse=True)
def trusted(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's certificate, as the agent's shell has it."""
    monkeypatch.setenv("AWS_CA_BUNDLE", _told(product, "claire")["AWS_CA_BUNDLE"])


def _told(product: Stack, name: str) -> dict[str, str]:
    (agent,) = (agent for agent in product.agents if agent.name == name)
    lines = agent.file.read_text().splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def run(product: Stack, name: str, *line: str) -> str:
    """What the terminal shows to that agent."""
    said, shown = _told(product, name), io.StringIO()
    credentials = Credentials(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"])
    desk = SignedDesk(said["SUPPORT_URL"], said["AWS_REGION"], credentials)
    main(
        ["--reason", "Déclaration", *line],
        Console(file=shown, width=200),
        desk=lambda _: desk,
        ask=pytest.fail,
    )
    return shown.getvalue()


def invitation(product: Stack, before: set[str], *, to: str) -> Message:
    """The invitation that came; its identifier has as many digits as a longer code."""
    return await_message(product, before, to=to, with_code=True)


def test_an_invited_correspondent_activates_comes_home_and_is_refused_what_is_a_beneficiarys(product: Stack) -> None:
    village = {"structure_id": "V0001", "structure_name": "Mairie de Petitbourg"}
    said = {"correspondent_name": "Rose MARIN", "correspondent_email": MAIL}
    import_rows(product, [row("60000001", "Blanc", "Ida", email="ida@petitbourg.example", **{**village, **said})])
    assert "V0001" in run(product, "claire", "correspondents", "--without")

    before = {message.id for message in product.messages()}
    shown = run(product, "claire", "invite-correspondent", "--structure", "V0001", "--yes")
    assert "L'invitation est partie." in shown
    letter = invitation(product, before, to=MAIL)
    found = IDENTIFIER.search(letter.text)
    assert found
    assert "Mairie de Petitbourg" in letter.text

    rose = Someone(found[0], "Marin", MAIL)
    visitor = prove(product, rose)
    assert set_password(visitor).next_step == "choose_channel"
    assert visitor.put("/api/account/code-channel", {"channel": "email"}).next_step == "accept_terms"
    assert visitor.put("/api/account/terms", {"version": "1"}).next_step == "home"
    where = visitor.get("/api/session").body
    assert (where["next_step"], where["role"], where["home"]) == ("home", "correspondent", "/correspondant")
    assert visitor.get("/api/account/export").body["invitation"]["structures"] == ["V0001"]

    refused = [
        visitor.get("/api/account"),
        visitor.put("/api/account/consent", {"consents": True, "text_version": "1"}),
    ]
    assert [(answer.status, answer.code) for answer in refused] == [(403, "not-your-account")] * 2
    louis = come_home(product, invite(product))
    assert louis.get("/api/session").body["home"] == "/compte"

    again = sign_in(product, rose, PASSWORD)
    before = {message.id for message in product.messages()}
    run(product, "karim", "unlink-correspondent", rose.identifier, "--structure", "V0001", "--yes")
    assert "Mairie de Petitbourg" in await_message(product, before, to=MAIL, with_code=False).text
    assert again.get("/api/account/export").status == 401
    assert Visitor(product).post("/api/session", {"identifier": rose.identifier, "password": PASSWORD}).status == 401


def test_another_mail_takes_two_agents(product: Stack) -> None:
    village = {"structure_id": "V0002", "structure_name": "Mairie de Grandbourg", "correspondent_name": "Zoé LE BIHAN"}
    import_rows(
        product,
        [row("60000002", "Noir", "Guy", email="guy@grandbourg.example", **{**village, "correspondent_email": ""})],
    )
    said = ("--last-name", "LE BIHAN", "--first-name", "Zoé", "--email", "zoe@ailleurs.example", "--yes")
    assert "un autre agent doit confirmer" in run(
        product, "claire", "invite-correspondent", "--structure", "V0002", *said
    )
    assert "Il faut un autre agent" in run(product, "claire", "confirm-invitation", "--structure", "V0002", "--yes")
    before = {message.id for message in product.messages()}
    assert "L'invitation est partie." in run(product, "karim", "confirm-invitation", "--structure", "V0002", "--yes")
    assert IDENTIFIER.search(invitation(product, before, to="zoe@ailleurs.example").text)
