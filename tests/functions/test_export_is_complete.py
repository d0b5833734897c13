"""Nothing that is held about a person is left out of their export without a reason."""

import pytest

from tests.functions.world import World


@pytest.mark.usefixtures("louis")
def test_every_attribute_of_an_account_is_exported_or_has_a_reason_not_to_be(world: World) -> None:
    withheld = {
        "password": "a hash",
        "devices": "hashes of tokens",
        "session_epoch": "a counter",
        "version": "a counter",
        "record": "the key of a row",
        "journal": "which file wrote the roster, and for a day what stood there before",
        "former": "shown as events; kept three days",
        "text_sha256": "a hash; the text's version is exported",
        "document_sha256": "a hash; the document's version is exported",
        "session_id": "names a session, not the person",
        "kind": "exported as events",
    }
    exported = {
        "identifier", "status", "roster", "proven", "channel", "consent", "terms", "signed_in_at",
        "previously_signed_in_at", "at", "purpose", "text_version", "consents", "decided_at", "accepted_at",
    }  # fmt: skip
    held = {name for row in world.rows("accounts") for name in row}
    assert held - exported <= withheld.keys()
