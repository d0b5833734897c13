"""Activation, from step 1 to home, against the deployed product."""

from dataclasses import replace

from tests.builders import PASSWORD
from tests.people import START, invite, prove, set_password, start
from tests.stack import Stack


def test_steps_cannot_be_skipped_or_replayed(product: Stack) -> None:
    visitor, code = start(product, invite(product))
    early = visitor.twin()
    assert set_password(early).code == "wrong-step"
    assert visitor.post(f"{START}/verification", {"code": code}).status == 200
    proven = visitor.twin()
    assert visitor.post(f"{START}/verification", {"code": code}).code == "wrong-step"
    assert early.post(f"{START}/verification", {"code": code}).code == "flow-expired"
    assert set_password(visitor).status == 200
    assert set_password(proven, PASSWORD).code == "wrong-step"
    assert visitor.get("/api/account").next_step == "give_consent"


def test_signing_out_here_and_everywhere_ends_sessions(product: Stack) -> None:
    ways = ("/api/session", "Garcia", "garcia"), ("/api/account/sessions", "N'Diaye", "N’Diaye")
    for path, on_file, typed in ways:  # a name is recognised as people type it
        visitor = prove(product, replace(invite(product, last_name=on_file), last_name=typed))
        set_password(visitor)
        assert visitor.call("DELETE", path).status == 204
        assert visitor.get("/api/session").body["who"] == "anonymous"
