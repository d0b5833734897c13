"""Settings: read from the environment once, and refused by name when one is missing or wrong."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from activation.domain.limits import Limits
from activation.domain.menu import menu_of

LIMIT_NAMES = tuple(field.name.upper() for field in fields(Limits))
"""The limits' names in the environment."""

_COUNT = re.compile(r"0*[1-9][0-9]{0,17}")
"""The form of a whole number above zero."""

Stage = Literal["local", "dev", "staging", "prod"]


class ConfigurationError(Exception):
    """A setting is missing or has an impossible value; the message names it and never shows the value."""


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


class Settings(BaseModel):
    """The settings of every function. Field names in capitals are the environment variables."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    stage: Stage


class ApiSettings(Settings):
    """The settings of a function behind the API.

    `public_origins`: the origins whose pages may call (comma-separated in the environment); `client_address`: who is
    trusted to say the visitor's address.
    """

    public_origins: Annotated[tuple[str, ...], BeforeValidator(_split), Field(min_length=1)]
    client_address: Literal["cloudfront", "gateway"]


class DeliverySettings(Settings):
    """The settings with which the worker sends mail and SMS."""

    public_origins: Annotated[tuple[str, ...], BeforeValidator(_split), Field(min_length=1)]
    mail_from: str
    mail_configuration_set: str
    sms_sender_id: str
    retry_queue_url: str


class BucketSettings(Settings):
    """The bucket of rosters and their reports."""

    roster_bucket: str


class RosterSettings(BucketSettings):
    """The bucket of rosters and their reports, and the settings of the mails that summarise imports.

    `arrivals_need_agent`: a correspondent's file creates nobody before an agent agrees.
    """

    mail_from: str
    mail_configuration_set: str
    arrivals_need_agent: bool = True


class ImportedMailsSettings(Settings):
    """The bucket in which a roster's check notes the correspondents' mails that it replaces."""

    roster_bucket: str


class ArrivalsSettings(Settings):
    """The bucket of the arrivals of correspondents' files, and of the orders of agents for them."""

    roster_bucket: str


class CodeKeySettings(Settings):
    """The KMS key that codes come from."""

    code_key_id: str


class PepperKeySettings(Settings):
    """The KMS key that passwords are peppered with."""

    pepper_key_id: str


def _pairs(value: object) -> object:
    """`claire=10000001,karim=10000004` as a mapping."""
    if not isinstance(value, str):
        return value
    return dict(pair.strip().split("=", 1) for pair in value.split(",") if "=" in pair)


class AgentSettings(Settings):
    """The identifiers of agents who are beneficiaries too, by agent: no agent handles their own case."""

    agent_identifiers: Annotated[Mapping[str, str], BeforeValidator(_pairs)]


def _switches(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def _known(switches: Mapping[str, str]) -> Mapping[str, str]:
    menu_of(switches)
    return switches


class MenuSettings(Settings):
    """The stage's switches of the menu, by the entry's id: see `menu_of`. In the environment it is JSON."""

    menu: Annotated[Mapping[str, str], BeforeValidator(_switches), AfterValidator(_known)]


def require_switches(switches: Mapping[str, str]) -> None:
    """Raise ConfigurationError, with a sentence, for a value that the menu can't be switched to."""
    try:
        menu_of(switches)
    except ValueError as error:
        raise ConfigurationError(f"menu: {error}") from None


class DocumentKeySettings(Settings):
    """The KMS key that the codes of documents come from."""

    document_key_id: str


class MailKeySettings(Settings):
    """The KMS key under which correspondents' work mails are unique."""

    mail_key_id: str


S = TypeVar("S", bound=BaseModel)


def read_settings(model: type[S], environment: Mapping[str, str]) -> S:
    """Read one group of settings. Raises ConfigurationError with the names that are missing or wrong."""
    try:
        return model.model_validate({name.lower(): value for name, value in environment.items()})
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]).upper() for fault in error.errors()})
        raise ConfigurationError(f"missing or wrong settings: {', '.join(names)}") from None


def read_limits(environment: Mapping[str, str]) -> Limits:
    """Read the limits; each has a default. Raises ConfigurationError with the names that are missing or wrong."""
    read_settings(Settings, environment)
    given = {name: environment[name] for name in LIMIT_NAMES if name in environment}
    wrong = sorted(name for name, value in given.items() if not _COUNT.fullmatch(value))
    if wrong:
        raise ConfigurationError(f"missing or wrong settings: {', '.join(wrong)}")
    return Limits(**{name.lower(): int(value) for name, value in given.items()})
