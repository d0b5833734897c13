"""A function without its settings does not start: it names what is missing or wrong, and never shows a value."""

from collections.abc import Callable

import pytest

from activation import bootstrap
from activation.config import ConfigurationError
from tests.builders import ROSTER
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import LOUIS, ask_code, at_home, credentials
from tests.functions.visitor import CONTEXT, Visitor, handler
from tests.functions.world import World

Call = Callable[[], object]
Ready = Callable[[World], Call]


def starting(_: World) -> Call:
    return lambda: Visitor().post(ACTIVATION, LOUIS.start_body)


def verifying(world: World) -> Call:
    visitor = Visitor()
    code = ask_code(world, visitor, LOUIS).code
    return lambda: visitor.post(f"{ACTIVATION}/verification", {"code": code})


def looking(world: World) -> Call:
    visitor = at_home(world, LOUIS)
    return lambda: visitor.get(ACCOUNT)


def signing_in(world: World) -> Call:
    at_home(world, LOUIS)
    return lambda: Visitor().post(SESSION, credentials(LOUIS))


def delivering(world: World) -> Call:
    Visitor().post(ACTIVATION, LOUIS.start_body)
    [message_id] = world.pending()
    return lambda: world.stream(message_id)


def importing(world: World) -> Call:
    return lambda: world.import_rows(ROSTER)


def purging(_: World) -> Call:
    return lambda: handler("purge_expired")({}, CONTEXT)


API = ("STAGE", "PUBLIC_ORIGINS", "CLIENT_ADDRESS")
NEEDS = [
    (starting, (*API, "PENDING_CODES_TABLE", "LIMITS_TABLE", "OUTBOX_TABLE")),
    (verifying, ("SESSIONS_TABLE", "CODE_KEY_ID")),
    (looking, (*API, "ACCOUNTS_TABLE", "SESSIONS_TABLE", "STRUCTURES_TABLE", "MENU")),
    (signing_in, (*API, "PENDING_CODES_TABLE", "LIMITS_TABLE", "ACCOUNTS_TABLE", "OUTBOX_TABLE", "PEPPER_KEY_ID")),
    (delivering, ("STAGE", "PUBLIC_ORIGINS", "MAIL_FROM", "MAIL_CONFIGURATION_SET", "SMS_SENDER_ID", "CODE_KEY_ID")),
    (delivering, ("RETRY_QUEUE_URL", "ACCOUNTS_TABLE", "PENDING_CODES_TABLE", "LIMITS_TABLE", "OUTBOX_TABLE")),
    (importing, ("ACCOUNTS_TABLE", "STRUCTURES_TABLE")),
    (purging, ("STAGE", "PENDING_CODES_TABLE", "SESSIONS_TABLE", "LIMITS_TABLE", "OUTBOX_TABLE")),
]
MISSING = [pytest.param(ready, name, id=f"{ready.__name__} without {name}") for ready, names in NEEDS for name in names]


@pytest.mark.parametrize(("ready", "name"), MISSING)
def test_a_missing_setting_is_named(world: World, ready: Ready, name: str) -> None:
    call = ready(world)
    world.set(**{name: None})
    with pytest.raises(ConfigurationError, match=rf"\b{name}$"):
        call()


@pytest.mark.parametrize(
    ("ready", "name", "value"),
    [
        (starting, "STAGE", "production"),
        (delivering, "STAGE", ""),
        (starting, "CLIENT_ADDRESS", "x-forwarded-for"),
        (starting, "RESEND_WAIT_SECONDS", "soon"),
        (starting, "STARTS_PER_PERSON_PER_HOUR", "-1"),
        (signing_in, "WRONG_CODES_PER_FLOW", "0"),
        (starting, "ACTIVATION_CODE_LIFE_SECONDS", "1.5"),
        *((looking, "MENU", said) for said in ("", "[]", '{"accueil": "masqué"}', '{"reclamation": "lien http://x/"}')),
    ],
)
def test_an_impossible_setting_is_named_and_not_shown(world: World, ready: Ready, name: str, value: str) -> None:
    call = ready(world)
    world.set(**{name: value})
    with pytest.raises(ConfigurationError, match=rf"\b{name}$") as caught:
        call()
    assert not value or value not in str(caught.value)


def test_nothing_is_read_at_import(world: World, visitor: Visitor) -> None:
    world.set(RESEND_WAIT_SECONDS=5, ACTIVATION_CODE_LIFE_SECONDS=120, RESENDS_PER_FLOW=2)
    code = visitor.post(ACTIVATION, LOUIS.start_body).body["code"]
    assert (code["resend_at"], code["expires_at"], code["resends_left"]) == (world.in_(5), world.in_(120), 2)


@pytest.mark.usefixtures("world")
def test_aws_is_told_the_name_of_the_service_and_no_version_of_its_libraries() -> None:
    told = {bootstrap.client(service).meta.config.user_agent for service in ("dynamodb", "kms", "sesv2", "sns")}
    assert told == {"account-activation"}
