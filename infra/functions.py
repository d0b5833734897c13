"""The functions, as data: their rights to each table, their settings, their memory and copies."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activation.adapters.tables import (
    ACCOUNTS,
    FLOWS,
    LIMITS,
    MAIL_PREFIX,
    OUTBOX,
    REQUESTS,
    SESSIONS,
    STRUCTURES,
    TableSpec,
)
from activation.config import (
    AgentSettings,
    ApiSettings,
    ArrivalsSettings,
    BucketSettings,
    CodeKeySettings,
    DeliverySettings,
    DocumentKeySettings,
    ImportedMailsSettings,
    MailKeySettings,
    MenuSettings,
    PepperKeySettings,
    RosterSettings,
    Settings,
)
from infra.assets import ROSTERS, SHARED, Asset

ALIAS = "live"
"""The alias of each function: everything calls it, and a new version takes over behind it."""


def pascal(name: str) -> str:
    """The id of the construct of a function, a table or a limit: `start_activation` → `StartActivation`."""
    return "".join(part.capitalize() for part in name.split("_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """A Lambda function, with its rights: `tables` holds the DynamoDB actions it may use, by table.

    A key, a sender or a bucket among its `settings` brings its right (`_setting_rights` in `stacks/service.py`).
    """

    name: str
    tables: Mapping[TableSpec, tuple[str, ...]]
    settings: tuple[type[Settings], ...] = ()
    searches: tuple[TableSpec, ...] = ()
    """The tables whose indexes it may query."""
    deletes: Mapping[TableSpec, str] = field(default_factory=dict)
    """The tables of which it may delete rows, and the beginning of the partition keys of these rows."""
    asset: Asset = SHARED
    memory: int = 1024
    timeout: int = 10
    reserved_concurrency: int | None = None
    may_call_itself: bool = False
    """Whether it puts messages on a queue that it reads: Lambda's recursive loop detection must allow it."""
    description: str

    @property
    def handler(self) -> str:
        """The name of the handler in the asset."""
        return f"functions.{self.name}.handler.lambda_handler"


FUNCTIONS = (
    FunctionSpec(
        name="start_activation",
        description="Step 1: opens a flow, sends the code again.",
        tables={
            FLOWS: ("GetItem", "PutItem", "UpdateItem"),
            LIMITS: ("GetItem", "UpdateItem", "ConditionCheckItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings,),
    ),
    FunctionSpec(
        name="verify_code",
        description="Step 2: verifies a code, whatever it proves.",
        tables={
            FLOWS: ("GetItem", "UpdateItem"),
            LIMITS: ("GetItem", "BatchGetItem", "UpdateItem"),
            SESSIONS: ("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
            ACCOUNTS: ("GetItem", "PutItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, CodeKeySettings),
    ),
    FunctionSpec(
        name="set_password",
        description="Step 3: sets, resets or changes a password.",
        tables={
            FLOWS: ("UpdateItem",),
            LIMITS: ("BatchGetItem", "UpdateItem", "ConditionCheckItem"),
            SESSIONS: ("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
            ACCOUNTS: ("GetItem", "BatchGetItem", "PutItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, PepperKeySettings),
        memory=1769,
        reserved_concurrency=50,
    ),
    FunctionSpec(
        name="preferences",
        description="Consent, channel of the codes, terms of use.",
        tables={
            SESSIONS: ("GetItem", "UpdateItem"),
            ACCOUNTS: ("GetItem", "PutItem"),
            FLOWS: ("GetItem", "PutItem", "UpdateItem"),
            LIMITS: ("GetItem", "UpdateItem", "ConditionCheckItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings,),
    ),
    FunctionSpec(
        name="account",
        description="Where am I, home, personal information, contact change.",
        tables={
            SESSIONS: ("GetItem", "UpdateItem"),
            ACCOUNTS: ("BatchGetItem", "GetItem", "PutItem", "Query"),
            STRUCTURES: ("BatchGetItem", "GetItem"),
            REQUESTS: ("Query",),
            FLOWS: ("GetItem", "PutItem", "UpdateItem"),
            LIMITS: ("GetItem", "UpdateItem", "ConditionCheckItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, MenuSettings, PepperKeySettings),
        memory=1769,
    ),
    FunctionSpec(
        name="requests",
        description="Requests of the person signed in, and the verification of documents.",
        tables={
            SESSIONS: ("GetItem", "UpdateItem"),
            ACCOUNTS: ("GetItem",),
            STRUCTURES: ("GetItem",),
            REQUESTS: ("GetItem", "Query", "PutItem", "UpdateItem"),
            LIMITS: ("UpdateItem",),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, DocumentKeySettings, MenuSettings),
    ),
    FunctionSpec(
        name="correspondent",
        description="What correspondents see and change.",
        tables={
            SESSIONS: ("BatchGetItem", "GetItem", "UpdateItem"),
            ACCOUNTS: ("BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem", "ConditionCheckItem"),
            STRUCTURES: ("BatchGetItem",),
            REQUESTS: ("Query",),
            LIMITS: ("UpdateItem",),
            FLOWS: ("PutItem",),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, BucketSettings),
        searches=(ACCOUNTS,),
        memory=1769,
    ),
    FunctionSpec(
        name="sign_in",
        description="Password, then code; sign out.",
        tables={
            SESSIONS: ("DeleteItem",),
            ACCOUNTS: ("GetItem", "PutItem"),
            FLOWS: ("GetItem", "PutItem", "UpdateItem"),
            LIMITS: ("GetItem", "UpdateItem", "ConditionCheckItem"),
            OUTBOX: ("PutItem",),
        },
        settings=(ApiSettings, PepperKeySettings),
        memory=1769,
        reserved_concurrency=50,
    ),
    FunctionSpec(
        name="deliver_message",
        description="Sends what the outbox holds, by mail or SMS.",
        tables={
            OUTBOX: ("GetItem", "PutItem", "UpdateItem"),
            FLOWS: ("BatchGetItem", "UpdateItem", "ConditionCheckItem"),
            ACCOUNTS: ("BatchGetItem", "PutItem"),
            STRUCTURES: ("GetItem",),
            LIMITS: ("BatchGetItem", "GetItem", "UpdateItem"),
        },
        settings=(CodeKeySettings, DeliverySettings),
        timeout=30,
        may_call_itself=True,
    ),
    FunctionSpec(
        name="record_delivery",
        description="Records what SES and SNS report of what they were given to send.",
        tables={
            OUTBOX: ("GetItem", "PutItem", "UpdateItem"),
            FLOWS: ("GetItem",),
            ACCOUNTS: ("GetItem", "PutItem"),
        },
    ),
    FunctionSpec(
        name="purge_expired",
        description="Removes what is past its time.",
        tables={
            FLOWS: ("Scan", "DeleteItem", "PutItem"),
            SESSIONS: ("Scan", "DeleteItem"),
            LIMITS: ("Scan", "DeleteItem"),
            OUTBOX: ("Scan", "DeleteItem", "PutItem"),
            ACCOUNTS: ("Scan", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
            STRUCTURES: ("Scan", "BatchGetItem", "UpdateItem"),
            REQUESTS: ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        },
        searches=(REQUESTS,),
        timeout=900,
    ),
    FunctionSpec(
        name="import_roster",
        description="Takes in what correspondents send, and the back office's files of states.",
        tables={
            ACCOUNTS: (
                *("BatchGetItem", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "Scan"),
                "ConditionCheckItem",
            ),
            REQUESTS: ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
            STRUCTURES: ("BatchGetItem", "UpdateItem"),
            FLOWS: ("PutItem",),
            LIMITS: ("UpdateItem",),
            OUTBOX: ("PutItem",),
        },
        settings=(RosterSettings,),
        asset=ROSTERS,
        memory=1769,
        timeout=900,
    ),
    FunctionSpec(
        name="support",
        description="The help desk: looks, and acts that change no code and no password.",
        tables={
            ACCOUNTS: ("GetItem", "BatchGetItem", "PutItem", "Query"),
            STRUCTURES: ("GetItem", "BatchGetItem", "UpdateItem", "Scan"),
            FLOWS: ("GetItem", "PutItem", "UpdateItem"),
            LIMITS: ("GetItem", "UpdateItem", "ConditionCheckItem"),
            OUTBOX: ("PutItem",),
            REQUESTS: ("GetItem", "Query", "PutItem", "UpdateItem"),
        },
        settings=(
            ApiSettings,
            AgentSettings,
            DocumentKeySettings,
            MailKeySettings,
            ImportedMailsSettings,
            ArrivalsSettings,
        ),
        searches=(ACCOUNTS, REQUESTS),
        deletes={ACCOUNTS: MAIL_PREFIX},
    ),
)
