"""A function without its settings does not start: it names what is missing or wrong, and never shows a value."""

import os

import pytest

from activation import bootstrap
from activation.config import ConfigurationError, Settings, read_settings
from infra.functions import FUNCTIONS
from tests.functions.paths import ACCOUNT, ACTIVATION, SESSION
from tests.functions.people import LOUIS, credentials
from tests.functions.visitor import Visitor
from tests.functions.world import World

STARTING = ("POST", ACTIVATION, LOUIS.start_body)
LOOKING = ("GET", ACCOUNT, None)
SIGNING_IN = ("POST", SESSION, credentials(LOUIS))
GROUPS = dict.fromkeys((Settings, *(group for spec in FUNCTIONS for group in spec.settings)))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_a_missing_setting_is_named(group: type[Settings]) -> None:
    for missing in map(str.upper, group.model_fields.keys() - {"arrivals_need_agent"}):
        environment = {name: value for name, value in os.environ.items() if name != missing}
        with pytest.raises(ConfigurationError, match=rf"\b{missing}$"):
            read_settings(group, environment)


@pytest.mark.parametrize(
    ("asked", "name", "value"),
    [
        (STARTING, "STAGE", "production"),
        *((LOOKING, table, "") for table in ("ACCOUNTS_TABLE", "SESSIONS_TABLE", "STRUCTURES_TABLE")),
        (STARTING, "CLIENT_ADDRESS", "x-forwarded-for"),
        (STARTING, "RESEND_WAIT_SECONDS", "soon"),
        (STARTING, "STARTS_PER_PERSON_PER_HOUR", "-1"),
        (SIGNING_IN, "WRONG_CODES_PER_FLOW", "0"),
        (STARTING, "ACTIVATION_CODE_LIFE_SECONDS", "1.5"),
        *((LOOKING, "MENU", said) for said in ("", "[]", '{"accueil": "masqué"}', '{"reclamation": "lien http://x/"}')),
    ],
)
def test_an_impossible_setting_is_named_and_not_shown(
    world: World, louis: Visitor, asked: tuple[str, str, object], name: str, value: str
) -> None:
    world.set(**{name: value})
    with pytest.raises(ConfigurationError, match=rf"\b{name}$") as caught:
        louis.call(*asked)
    assert not value or value not in str(caught.value)


def test_a_worker_without_its_stage_puts_nothing_off(world: World, visitor: Visitor) -> None:
    visitor.post(ACTIVATION, LOUIS.start_body)
    world.set(STAGE="")
    with pytest.raises(ConfigurationError, match=r"\bSTAGE$"):
        world.stream(*world.pending())


def test_nothing_is_read_at_import(world: World, visitor: Visitor) -> None:
    world.set(RESEND_WAIT_SECONDS=5, ACTIVATION_CODE_LIFE_SECONDS=120, RESENDS_PER_FLOW=2)
    code = visitor.post(ACTIVATION, LOUIS.start_body).body["code"]
    assert (code["resend_at"], code["expires_at"], code["resends_left"]) == (world.in_(5), world.in_(120), 2)


@pytest.mark.usefixtures("world")
def test_aws_is_told_the_name_of_the_service_and_no_version_of_its_libraries() -> None:
    told = {bootstrap.client(service).meta.config.user_agent for service in ("dynamodb", "kms", "sesv2", "sns")}
    assert told == {"account-activation"}
