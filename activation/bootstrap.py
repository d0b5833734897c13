"""Builds what the functions run with: the only place that reads the environment and makes AWS clients.

Each part is built at its first use and kept for the life of the process. What only some functions use is imported
there too: the others start without it.
"""

import os
import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import Session

from activation import garbage_collector
from activation.adapters.breaker import DynamoBreaker
from activation.adapters.counters import DynamoCounters
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.flows import DynamoFlows
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.tables import (
    ACCOUNTS,
    LIMITS,
    OUTBOX,
    PENDING_CODES,
    SESSIONS,
    STRUCTURES,
    TABLES,
    TableSpec,
)
from activation.config import (
    ApiSettings,
    CodeKeySettings,
    ConfigurationError,
    DeliverySettings,
    PepperKeySettings,
    RosterSettings,
    read_limits,
    read_settings,
)
from activation.domain.limits import Limits
from activation.domain.steps import Texts
from activation.domain.verification import RequestContext, VerificationPorts
from activation.observability import hush_libraries
from activation.texts import current_texts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from activation.adapters.accounts import DynamoAccounts, DynamoStructures
    from activation.adapters.activation_funnel import DynamoActivationFunnel
    from activation.adapters.budgets import DynamoBudgets
    from activation.adapters.batch_reads import DynamoDeliveryContexts
    from activation.adapters.batch_reads import DynamoEmployments
    from activation.adapters.expiry import ExpiringTable
    from activation.adapters.mac import KmsMacs
    from activation.adapters.mail import SesMailSender
    from activation.adapters.retention import DynamoRetention
    from activation.adapters.retry_queue import SqsRetryQueue
    from activation.adapters.roster_files import S3RosterFiles
    from activation.adapters.roster_index import SqliteRosterIndex
    from activation.adapters.rosters import DynamoRosters
    from activation.adapters.sessions import DynamoSessions
    from activation.adapters.sms import SnsSmsSender

_USER_AGENT = "account-activation"
"""Our name alone: botocore's own header, which tells its version and features, is composed anew twice a call."""

_CLIENT_CONFIG = Config(
    user_agent=_USER_AGENT,
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    parameter_validation=False,  # a quarter of a transaction's processor time, for what types and tests hold already
)
"""A call that hangs is given up, and told, before the function itself is (10 s)."""

_SENDER_CONFIG = Config(
    user_agent=_USER_AGENT,
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 1},
)
"""A provider may have taken what it did not answer: the retry queue tries again, not the client."""

_SENDERS = ("sesv2", "sns")


@cache
def client(service: str) -> Any:
    """The AWS client of that service."""
    made = _session().create_client(service, config=_SENDER_CONFIG if service in _SENDERS else _CLIENT_CONFIG)
    garbage_collector.resume()
    return made


@cache
def _session() -> Session:
    """What all clients share. botocore's own: boto3 adds to it what is never used here, at a tenth of a cold start."""
    hush_libraries()
    return Session()


@cache
def api_settings() -> ApiSettings:
    """What functions behind the API are told. Raises ConfigurationError."""
    return read_settings(ApiSettings, os.environ)


def request_context() -> RequestContext:
    """Now, chance, and the limits in force. Raises ConfigurationError."""
    return RequestContext(int(time.time()), secrets.token_bytes, limits_in_force())


@cache
def limits_in_force() -> Limits:
    """The limits in force. Raises ConfigurationError."""
    return read_limits(os.environ)


@cache
def texts() -> Texts:
    """The texts in force."""
    return current_texts()


@cache
def store() -> DynamoStore:
    """Carries out transactions."""
    return DynamoStore(_dynamodb())


@cache
def flows() -> DynamoFlows:
    """The flows."""
    return DynamoFlows(_table(PENDING_CODES))


@cache
def accounts() -> "DynamoAccounts":
    """The people."""
    from activation.adapters.accounts import DynamoAccounts

    return DynamoAccounts(_table(ACCOUNTS))


@cache
def structures() -> "DynamoStructures":
    """The employers."""
    from activation.adapters.accounts import DynamoStructures

    return DynamoStructures(_table(STRUCTURES))


@cache
def employments() -> "DynamoEmployments":
    """People with their employers."""
    from activation.adapters.batch_reads import DynamoEmployments

    return DynamoEmployments(_table(ACCOUNTS), _table(STRUCTURES))


@cache
def sessions() -> "DynamoSessions":
    """The sessions."""
    from activation.adapters.sessions import DynamoSessions

    return DynamoSessions(_table(SESSIONS))


@cache
def counters() -> DynamoCounters:
    """What is counted."""
    return DynamoCounters(_table(LIMITS), limits_in_force())


@cache
def delivery_contexts() -> "DynamoDeliveryContexts":
    """What messages depend on."""
    from activation.adapters.batch_reads import DynamoDeliveryContexts

    return DynamoDeliveryContexts(_table(ACCOUNTS), _table(PENDING_CODES), _table(LIMITS))


@cache
def breaker() -> DynamoBreaker:
    """The breaker against one code tried at many people."""
    return DynamoBreaker(_table(LIMITS), limits_in_force(), secrets.randbelow)


@cache
def budgets() -> "DynamoBudgets":
    """What messages may cost."""
    from activation.adapters.budgets import DynamoBudgets

    return DynamoBudgets(_table(LIMITS))


@cache
def outbox() -> DynamoOutbox:
    """The messages to send."""
    return DynamoOutbox(_table(OUTBOX))


def verification_ports() -> VerificationPorts:
    """What sending a code needs."""
    return VerificationPorts(store(), flows(), counters(), outbox(), breaker())


@cache
def code_macs() -> "KmsMacs":
    """The key that codes come from."""
    from activation.adapters.mac import KmsMacs

    return KmsMacs(client("kms"), read_settings(CodeKeySettings, os.environ).code_key_id)


@cache
def pepper_macs() -> "KmsMacs":
    """The key that passwords are peppered with."""
    from activation.adapters.mac import KmsMacs

    return KmsMacs(client("kms"), read_settings(PepperKeySettings, os.environ).pepper_key_id)


@cache
def delivery_settings() -> DeliverySettings:
    """What the worker is told. Raises ConfigurationError."""
    return read_settings(DeliverySettings, os.environ)


@cache
def mail_sender() -> "SesMailSender":
    """Sends mail."""
    from activation.adapters.mail import SesMailSender

    settings = delivery_settings()
    return SesMailSender(client("sesv2"), sender=settings.mail_from, configuration_set=settings.mail_configuration_set)


@cache
def sms_sender() -> "SnsSmsSender":
    """Sends SMS."""
    from activation.adapters.sms import SnsSmsSender

    return SnsSmsSender(client("sns"), sender_id=delivery_settings().sms_sender_id)


@cache
def retry_queue() -> "SqsRetryQueue":
    """Messages to try again later."""
    from activation.adapters.retry_queue import SqsRetryQueue

    return SqsRetryQueue(client("sqs"), delivery_settings().retry_queue_url)


@cache
def expirables() -> "tuple[ExpiringTable, ...]":
    """The tables whose rows expire."""
    from activation.adapters.expiry import ExpiringTable

    return tuple(ExpiringTable(_table(spec), spec) for spec in TABLES if spec.time_to_live)


@cache
def retention() -> "DynamoRetention":
    """The accounts whose data have come of age."""
    from activation.adapters.retention import DynamoRetention

    return DynamoRetention(_table(ACCOUNTS), _table(STRUCTURES))


@cache
def activation_funnel() -> "DynamoActivationFunnel":
    """How far people have come."""
    from activation.adapters.activation_funnel import DynamoActivationFunnel

    return DynamoActivationFunnel(_table(ACCOUNTS), _table(OUTBOX))


@cache
def rosters() -> "DynamoRosters":
    """The people and their employers, as rosters are written over them."""
    from activation.adapters.rosters import DynamoRosters

    return DynamoRosters(_table(ACCOUNTS), _table(STRUCTURES))


def new_roster_index() -> "SqliteRosterIndex":
    """An empty index of a file."""
    from activation.adapters.roster_index import SqliteRosterIndex

    return SqliteRosterIndex()


@cache
def roster_files() -> "S3RosterFiles":
    """The roster bucket."""
    from activation.adapters.roster_files import S3RosterFiles

    return S3RosterFiles(client("s3"), _roster_settings().roster_bucket)


@cache
def roster_mail_sender() -> "SesMailSender":
    """Sends the summaries of imports."""
    from activation.adapters.mail import SesMailSender

    settings = _roster_settings()
    return SesMailSender(client("sesv2"), sender=settings.mail_from, configuration_set=settings.mail_configuration_set)


def _roster_settings() -> RosterSettings:
    return read_settings(RosterSettings, os.environ)


def _dynamodb() -> "DynamoDBClient":
    dynamodb: DynamoDBClient = client("dynamodb")
    return dynamodb


def _table(spec: TableSpec) -> Table:
    name = os.environ.get(spec.setting)
    if not name:
        raise ConfigurationError(f"missing or wrong settings: {spec.setting}")
    return Table(_dynamodb(), name)
