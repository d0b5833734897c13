"""Builds the adapters and settings of the functions: the only place that reads the environment and makes AWS clients.

Each part is built at its first use and kept for the life of the process. What every function uses is imported at the
start; `adapters.…` imports at its first use what only some of them do.
"""

import os
import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import Session

from activation import adapters, garbage_collector
from activation.adapters.breaker import DynamoBreaker
from activation.adapters.counters import DynamoCounters
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.flows import DynamoFlows
from activation.adapters.outbox import DynamoOutbox
from activation.adapters.tables import (
    ACCOUNTS,
    FLOWS,
    LIMITS,
    OUTBOX,
    REQUESTS,
    SESSIONS,
    STRUCTURES,
    TABLES,
    TableSpec,
)
from activation.config import (
    AgentSettings,
    ApiSettings,
    ArrivalsSettings,
    BucketSettings,
    CodeKeySettings,
    ConfigurationError,
    DeliverySettings,
    DocumentKeySettings,
    ImportedMailsSettings,
    MailKeySettings,
    MenuSettings,
    PepperKeySettings,
    RosterSettings,
    read_limits,
    read_settings,
)
from activation.domain.menu import menu_of
from activation.domain.verification import RequestContext, VerificationPorts
from activation.observability import hush_libraries
from activation.texts import current_texts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_USER_AGENT = "account-activation"
"""Replaces botocore's own header, with version and features, which it would compose twice for each call."""

_CLIENT_CONFIG = Config(
    user_agent=_USER_AGENT,
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    parameter_validation=False,  # takes a quarter of a transaction's processor time; types and tests check the same
)
"""A call that hangs fails, and is reported, before the function's own time (10 seconds) is over."""

_SENDER_CONFIG = Config(
    user_agent=_USER_AGENT,
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 1},
)
"""One attempt: the provider may have taken a message without answering. The retry queue tries again, not the client."""

_SENDERS = ("sesv2", "sns")


@cache
def client(service: str) -> Any:
    """The AWS client of that service."""
    made = _session().create_client(service, config=_SENDER_CONFIG if service in _SENDERS else _CLIENT_CONFIG)
    garbage_collector.resume()
    return made


@cache
def _session() -> Session:
    """The session of all clients: botocore's, as boto3's additions are unused here and cost a tenth of a cold start."""
    hush_libraries()
    return Session()


def _dynamodb() -> "DynamoDBClient":
    dynamodb: DynamoDBClient = client("dynamodb")
    return dynamodb


def _table(spec: TableSpec) -> Table:
    name = os.environ.get(spec.setting)
    if not name:
        raise ConfigurationError(f"missing or wrong settings: {spec.setting}")
    return Table(_dynamodb(), name)


# Settings. Each raises ConfigurationError with the names that are missing or wrong.
api_settings = cache(lambda: read_settings(ApiSettings, os.environ))
delivery_settings = cache(lambda: read_settings(DeliverySettings, os.environ))
limits_in_force = cache(lambda: read_limits(os.environ))
agent_settings = cache(lambda: read_settings(AgentSettings, os.environ))
menu = cache(lambda: menu_of(read_settings(MenuSettings, os.environ).menu))
roster_settings = cache(lambda: read_settings(RosterSettings, os.environ))

texts = cache(current_texts)


def request_context() -> RequestContext:
    """The present time, a source of random bytes, and the limits in force. Raises ConfigurationError."""
    return RequestContext(int(time.time()), secrets.token_bytes, limits_in_force())


# Adapters over tables.
store = cache(lambda: DynamoStore(_dynamodb()))
flows = cache(lambda: DynamoFlows(_table(FLOWS)))
counters = cache(lambda: DynamoCounters(_table(LIMITS), limits_in_force()))
breaker = cache(lambda: DynamoBreaker(_table(LIMITS), limits_in_force(), secrets.randbelow))
outbox = cache(lambda: DynamoOutbox(_table(OUTBOX)))
accounts = cache(lambda: adapters.accounts.DynamoAccounts(_table(ACCOUNTS)))
structures = cache(lambda: adapters.accounts.DynamoStructures(_table(STRUCTURES)))
links = cache(lambda: adapters.links.DynamoLinks(_table(ACCOUNTS), _table(STRUCTURES)))
throttled_accounts = cache(lambda: adapters.batch_reads.DynamoThrottledAccounts(_table(ACCOUNTS), _table(LIMITS)))
employments = cache(lambda: adapters.batch_reads.DynamoEmployments(_table(ACCOUNTS), _table(STRUCTURES)))
delivery_contexts = cache(
    lambda: adapters.batch_reads.DynamoDeliveryContexts(_table(ACCOUNTS), _table(FLOWS), _table(LIMITS))
)
sessions = cache(lambda: adapters.sessions.DynamoSessions(_table(SESSIONS)))
requests = cache(lambda: adapters.requests.DynamoRequests(_table(REQUESTS)))
budgets = cache(lambda: adapters.budgets.DynamoBudgets(_table(LIMITS)))
uploads = cache(lambda: adapters.uploads.DynamoUploads(_table(ACCOUNTS)))
structure_reads = cache(
    lambda: adapters.batch_reads.DynamoStructureReads(_table(SESSIONS), _table(STRUCTURES), _table(ACCOUNTS))
)
declared_people = cache(lambda: adapters.declared_people.DynamoDeclaredPeople(_table(ACCOUNTS)))
given_contacts = cache(lambda: adapters.uploads.DynamoGivenContacts(_table(ACCOUNTS)))
rosters = cache(lambda: adapters.rosters.DynamoRosters(_table(ACCOUNTS), _table(STRUCTURES)))
retention = cache(lambda: adapters.retention.DynamoRetention(_table(ACCOUNTS), _table(STRUCTURES)))
activation_funnel = cache(lambda: adapters.activation_funnel.DynamoActivationFunnel(_table(ACCOUNTS), _table(OUTBOX)))
expirables = cache(
    lambda: tuple(adapters.expiry.ExpiringTable(_table(spec), spec) for spec in TABLES if spec.time_to_live)
)


def verification_ports() -> VerificationPorts:
    """The ports that sending a code needs."""
    return VerificationPorts(store(), flows(), counters(), outbox(), breaker())


# Adapters over AWS's other services, and over a file.
code_macs = cache(lambda: adapters.mac.KmsMacs(client("kms"), read_settings(CodeKeySettings, os.environ).code_key_id))
pepper_macs = cache(
    lambda: adapters.mac.KmsMacs(client("kms"), read_settings(PepperKeySettings, os.environ).pepper_key_id)
)
document_macs = cache(
    lambda: adapters.mac.KmsMacs(client("kms"), read_settings(DocumentKeySettings, os.environ).document_key_id)
)
imported_mails = cache(
    lambda: adapters.imported_mails.S3ImportedMails(
        client("s3"), read_settings(ImportedMailsSettings, os.environ).roster_bucket
    )
)
arrival_files = cache(
    lambda: adapters.roster_files.S3RosterFiles(client("s3"), read_settings(ArrivalsSettings, os.environ).roster_bucket)
)
mail_macs = cache(lambda: adapters.mac.KmsMacs(client("kms"), read_settings(MailKeySettings, os.environ).mail_key_id))
mail_sender = cache(lambda: _mail_sender(delivery_settings(), tag="message_id"))
roster_mail_sender = cache(lambda: _mail_sender(roster_settings(), tag="import_id"))
sms_sender = cache(lambda: adapters.sms.SnsSmsSender(client("sns"), sender_id=delivery_settings().sms_sender_id))
retry_queue = cache(lambda: adapters.retry_queue.SqsRetryQueue(client("sqs"), delivery_settings().retry_queue_url))
roster_files = cache(
    lambda: adapters.roster_files.S3RosterFiles(client("s3"), read_settings(BucketSettings, os.environ).roster_bucket)
)


def workbooks() -> "adapters.workbooks.ChildProcessWorkbooks":
    """The reader of workbooks."""
    return adapters.workbooks.ChildProcessWorkbooks()


def new_roster_index() -> "adapters.roster_index.SqliteRosterIndex":
    """An empty index, for one roster."""
    return adapters.roster_index.SqliteRosterIndex()


def _mail_sender(settings: DeliverySettings | RosterSettings, *, tag: str) -> "adapters.mail.SesMailSender":
    return adapters.mail.SesMailSender(
        client("sesv2"), sender=settings.mail_from, configuration_set=settings.mail_configuration_set, tag=tag
    )
