"""A correspondent on the running product: invited, signed in, with a file that is read, mended, applied, taken back."""

import io
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from rich.console import Console

from support_cli.__main__ import main
from tests.journeys.test_help_desk import desk, told
from tests.people import START, Someone, import_rows, prove, set_password, settle_preferences
from tests.stack import Stack
from tests.unit.in_memory_roster import as_csv
from tests.visitor import Visitor, await_message

HOME, SEARCH, UPLOADS = "/api/correspondent", "/api/correspondent/people/search", "/api/correspondent/uploads"
ROW = "/api/correspondent/people"
UNDER_WAY = {"checking", "applying", "undoing"}
STEP_SECONDS = 90


def agent(product: Stack, *line: str) -> str:
    """What the desk's terminal shows."""
    shown = io.StringIO()
    main(
        ["--reason", "Appel du jour", *line],
        Console(file=shown, width=160),
        desk=lambda _: desk(product, "claire"),
        ask=pytest.fail,
    )
    return shown.getvalue()


def of_village(number: int, **more: str) -> dict[str, str]:
    """A row of a village's file."""
    return {
        "identifier": f"6100000{number}",
        "last_name": "Roux",
        "first_name": "Camille",
        "email": f"p6100000{number}@chez-eux.example",
        "structure_id": "V1000",
        **more,
    }


VILLAGE = {
    "structure_name": "Mairie du Village",
    "correspondent_name": "Odile MARCHAND",
    "correspondent_email": "odile.marchand@village.example",
}


def invited(product: Stack, rows: Iterable[Mapping[str, str]]) -> Someone:
    """The village's correspondent, once an agent has invited them."""
    import_rows(product, [{**row, **VILLAGE} for row in rows])
    before = {message.id for message in product.messages()}
    agent(product, "invite-correspondent", "--structure", "V1000", "--yes")
    message = await_message(
        product, before, to=VILLAGE["correspondent_email"], with_code=True
    )  # the identifier's digits
    [identifier] = set(re.findall(r"C\d{8}", message.text))
    return Someone(identifier, "Marchand", VILLAGE["correspondent_email"])


def at_home(product: Stack, someone: Someone) -> Visitor:
    """The correspondent, with nothing left to decide."""
    visitor = prove(product, someone)
    assert set_password(visitor).next_step == "choose_channel"
    assert visitor.put("/api/account/code-channel", {"channel": "email"}).next_step == "accept_terms"
    assert visitor.put("/api/account/terms", {"version": "1"}).next_step == "home"
    where = visitor.get("/api/session").body
    assert (where["role"], where["home"]) == ("correspondent", "/correspondant")
    return visitor


def followed(visitor: Visitor, upload_id: str) -> dict[str, Any]:
    """What became of a file, once its step has ended."""
    deadline = time.monotonic() + STEP_SECONDS
    while True:
        answer = visitor.get(f"{UPLOADS}/{upload_id}")
        assert answer.status == 200, answer
        if answer.body["state"] not in UNDER_WAY:
            found: dict[str, Any] = answer.body
            return found
        assert time.monotonic() < deadline, answer
        time.sleep(0.5)


def checked(visitor: Visitor, file: bytes) -> tuple[str, dict[str, Any]]:
    """Send a file; its name, and what its check came to."""
    answer = visitor.send("POST", UPLOADS, file)
    assert answer.status == 202, answer
    return answer.body["upload_id"], followed(visitor, answer.body["upload_id"])


def order(visitor: Visitor, upload_id: str, what: str, body: object) -> dict[str, Any]:
    """Have a file applied or taken back; what it came to."""
    answer = visitor.post(f"{UPLOADS}/{upload_id}/{what}", body)
    assert answer.status == 202, answer
    return followed(visitor, upload_id)


@pytest.fixture(scope="module")
def odile(product: Stack) -> Visitor:
    """The village's correspondent, at home."""
    people = [of_village(1), of_village(2, email=""), of_village(3), of_village(7)]
    with pytest.MonkeyPatch.context() as shell:
        shell.setenv("AWS_CA_BUNDLE", told(product, "claire")["AWS_CA_BUNDLE"])
        someone = invited(product, people)
    return at_home(product, someone)


def test_a_village_from_the_invitation_to_a_file_taken_back(product: Stack, odile: Visitor) -> None:
    [village] = odile.get(HOME).body["structures"]
    assert village == {"id": "V1000", "name": "Mairie du Village", "people": 4, "without_contact": 1, "unreachable": 0}

    # A file with refusals is read, and nothing changes.
    bad = as_csv([of_village(1, email="pas-une-adresse"), of_village(2), of_village(4)])
    _, found = checked(odile, bad)
    assert (found["state"], found["counts"]["arrivals"]) == ("checked", 1)
    assert (2, "adresse email") in [(one.get("row"), one.get("column")) for one in found["findings"]]

    # The corrected one is applied: somebody who had no contact has one at once.
    upload_id, found = checked(
        odile, as_csv([of_village(1), of_village(2, email="camille@chez-eux.example"), of_village(3)])
    )
    assert (found["state"], found["counts"]["updated"], found["counts"]["unchanged"]) == ("checked", 1, 2)
    [changed] = found["changes"]
    assert (changed["row"], changed["identifier"], changed["columns"]) == (3, "61000002", ["adresse email"])
    report = odile.download(f"{UPLOADS}/{upload_id}/report")
    assert report.startswith(b"\xef\xbb\xbf")
    assert order(odile, upload_id, "application", {"confirm": []})["state"] == "applied"
    assert odile.get(HOME).body["structures"][0]["without_contact"] == 0
    camille = Someone("61000002", "Roux", "camille@chez-eux.example")
    before = odile.post(SEARCH, {"structure": "V1000"}).body
    visitor = prove(product, camille)
    set_password(visitor)
    settle_preferences(visitor)
    assert odile.post(SEARCH, {"structure": "V1000"}).body == before

    # The same again changes nobody, and is shown all the same.
    _, same = checked(odile, as_csv([of_village(3), of_village(7)]))
    assert (same["state"], same["counts"]["unchanged"], same["counts"]["updated"]) == ("checked", 2, 0)

    # Taken back: whoever activated keeps their account and their contact.
    undone = order(odile, upload_id, "undoing", {})
    assert undone["state"] == "undone"
    assert visitor.get("/api/account").body["person"]["email"] == "camille@chez-eux.example"
    _, applied, first = odile.get(HOME).body["uploads"]
    assert ((applied["upload_id"], applied["state"]), first["state"]) == ((upload_id, "undone"), "checked")


def test_a_row_is_mended_by_hand_and_its_person_told(product: Stack, odile: Visitor) -> None:
    [person] = odile.post(SEARCH, {"structure": "V1000", "identifier": "61000007"}).body["people"]
    before = {message.id for message in product.messages()}
    row = {"email": "nouvelle@chez-eux.example"}
    changed = odile.put(ROW, {"identifier": "61000007", "version": person["version"], "row": row})
    assert (changed.status, changed.body["outcome"]) == (200, "updated")
    told_of_it = await_message(product, before, to="p61000007@chez-eux.example", with_code=False)
    assert "coordonnées" in told_of_it.text


def test_a_larger_body_is_let_in_by_one_way_alone(product: Stack) -> None:
    nobody = Visitor(product)
    assert nobody.send("POST", UPLOADS, b"x" * 4_194_304).code == "session-expired"
    assert nobody.send("POST", UPLOADS, b"x" * 4_194_305).code == "body-too-large"
    for method, path in (
        ("PUT", UPLOADS),
        ("POST", f"{UPLOADS}/"),
        ("POST", START),
        ("POST", "/api/correspondent/%75ploads"),
    ):
        assert nobody.send(method, path, b"x" * 8_193).code == "body-too-large"
