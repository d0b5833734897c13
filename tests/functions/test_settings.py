"""A function without its settings does not start: it names what is missing or wrong, and never shows a value."""

import os
from collections.abc import Callable

import pytest

from activation import bootstrap
from activation.config import ConfigurationError, Settings, read_settings
from infra.functions import FUNCTIONS
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import LOUIS, at_home, credentials
from tests.functions.visitor import Visitor
from tests.functions.world import World

Call = Callable[[], object]
Ready = Callable[[World], Call]


def starting(_: World) -> Call:
    return lambda: Visitor().post(ACTIVATION, LOUIS.start_body)


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


GROUPS = dict.fromkeys((Settings, *(group for spec in FUNCTIONS for group in spec.settings)))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_a_missing_setting_is_named(group: type[Settings]) -> None:
    for missing in map(str.upper, group.model_fields.keys() - {"arrivals_need_agent"}):
        environment = {name: value for name, value in os.environ.items() if name != missing}
        with pytest.raises(ConfigurationError, match=rf"\b{missing}$"):
            read_settings(group, environment)


@pytest.mark.parametrize(
    ("ready", "name", "value"),
    [
        (starting, "STAGE", "production"),
        (delivering, "STAGE", ""),
        *((looking, table, "") for table in ("ACCOUNTS_TABLE", "SESSIONS_TABLE", "STRUCTURES_TABLE")),
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
