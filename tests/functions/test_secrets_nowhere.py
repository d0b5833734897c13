"""Where secrets and contacts may stand after a whole life, and that a copy of all of it is worth nothing."""

import hashlib
import json
import re
from collections.abc import Iterator

from tests.builders import PASSWORD
from tests.functions.paths import ACTIVATION, SESSION
from tests.functions.people import LOUIS, NEW_PASSWORD, ask_code, credentials
from tests.functions.visitor import Visitor
from tests.functions.whole_life import LAST_PASSWORD, TYPED, Watched, whole_life
from tests.functions.world import World

CONTACT = re.compile(r"[^\s\"'@]+@[^\s\"'@]+|\+33\d{9}|(?<!\w)0[67]\d{8}(?!\w)")
HOLD_CONTACTS = {"accounts", "structures"}
OF_RECIPIENTS = re.compile(r"\brecipients\.#\w+ = (:\w+)")


def text_of(row: object) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def test_no_table_holds_more_than_it_must(world: World) -> None:
    """No name typed, no password, no token; a contact with people, structures and a flow's recipients alone."""
    whole_life(world)
    tables = {setting: name for setting, name in world.deployment.settings.items() if setting.endswith("_TABLE")}
    for table in set(tables.values()) - HOLD_CONTACTS:
        rows = [{name: value for name, value in row.items() if name != "recipients"} for row in world.rows(table)]
        assert rows, table
        assert not CONTACT.findall(text_of(rows)), table
    assert CONTACT.findall(text_of(world.rows("pending_codes")))
    held, tokens = world.everything(), Watched.seen - {""}
    passwords = {PASSWORD, NEW_PASSWORD, LAST_PASSWORD}
    assert not [secret for secret in tokens | passwords | {TYPED} if secret in held]
    assert not [password for password in passwords if hashlib.sha256(password.encode()).hexdigest() in held]
    assert any(hashlib.sha256(token.encode()).hexdigest() in held for token in tokens)
    assert TYPED not in text_of(world.wire.done)


def test_what_streams_and_queues_carry_names_no_contact_no_code_and_no_name(world: World) -> None:
    """Nor does any write, for a moment, take one where it does not stand in the end."""
    secrets = whole_life(world)
    queued = [asked["MessageBody"] for asked in world.wire.asked("SendMessage")]
    written = [what for table, what in writes(world) if table not in HOLD_CONTACTS]
    assert len(written) > 50
    assert queued
    carried = text_of([written, queued])
    assert not CONTACT.findall(carried)
    assert not [secret for secret in secrets if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", carried)]


def test_without_the_code_key_a_copy_of_everything_makes_no_code(world: World, visitor: Visitor) -> None:
    code = ask_code(world, visitor, LOUIS).code
    world.set(CODE_KEY_ID=another_key(world))  # every row, every setting and all our code: only the key is missing
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (422, "code-rejected")
    world.set(CODE_KEY_ID=world.deployment.settings["CODE_KEY_ID"])
    assert visitor.post(f"{ACTIVATION}/verification", {"code": code}).said == (200, "set_password")


def test_without_the_pepper_key_a_copy_of_everything_checks_no_password(world: World, louis: Visitor) -> None:
    world.set(PEPPER_KEY_ID=another_key(world))
    assert Visitor().post(SESSION, credentials(LOUIS, PASSWORD)).said == (401, "credentials-rejected")
    world.set(PEPPER_KEY_ID=world.deployment.settings["PEPPER_KEY_ID"])
    assert Visitor().post(SESSION, credentials(LOUIS, PASSWORD)).said == (202, "verify_code")
    assert louis


def another_key(world: World) -> str:
    """A KMS key like the right one, which whoever copies the tables can make for themselves."""
    made = world.deployment.kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
    return str(made["KeyMetadata"]["KeyId"])


def writes(world: World) -> Iterator[tuple[str, object]]:
    """Each row and each change that was written, with its table and without a flow's recipients."""
    single = [asked for name in ("PutItem", "UpdateItem") for asked in world.wire.asked(name)]
    parts = [part for asked in world.wire.asked("TransactWriteItems") for part in asked["TransactItems"]]
    for asked in [*single, *(what for part in parts for what in part.values())]:
        to_recipients = OF_RECIPIENTS.findall(asked.get("UpdateExpression", ""))
        said = {**asked.get("Item", {}), **asked.get("ExpressionAttributeValues", {})}
        others = {name: value for name, value in said.items() if name not in ("recipients", *to_recipients)}
        yield asked["TableName"], [asked.get("Key"), others]
