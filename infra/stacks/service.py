"""The running parts: the functions with their roles, the API before them, the queues and the clock behind them."""

import json
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from activation.adapters.tables import OUTBOX
from activation.config import (
    LIMIT_NAMES,
    ArrivalsSettings,
    BucketSettings,
    CodeKeySettings,
    DeliverySettings,
    DocumentKeySettings,
    ImportedMailsSettings,
    MailKeySettings,
    PepperKeySettings,
    RosterSettings,
    Settings,
)
from infra.assets import Asset
from infra.constructs.api import Api, SupportApi
from infra.constructs.cleanup import clean_up_every_hour
from infra.constructs.delivery import Delivery, Mail
from infra.constructs.delivery_reports import DeliveryReports, let_sns_log
from infra.constructs.firewall import accepted_values
from infra.constructs.function import ServiceFunction
from infra.constructs.pipeline import Pipeline
from infra.constructs.roster import (
    RosterImport,
    rights_of_the_smoke_test,
    rights_to_arrivals,
    rights_to_imported_mails,
    rights_to_rosters,
    rights_to_uploads,
)
from infra.constructs.watch import watch
from infra.functions import FUNCTIONS, FunctionSpec, pascal
from infra.routes import ROUTES, SUPPORT_ROUTES
from infra.stacks.data import DataStack
from infra.stages import Stage

_NO_ORIGIN_YET = "https://not-deployed.invalid"
"""The origin of a stage without a domain, until its front stands (docs/adr/0031).

It is a literal: with a parameter a function's version would stay the same when the origin changes.
"""
_TABLE_KEY_ACTIONS = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")


class ServiceStack(cdk.Stack):
    """The service on top of the data. `code` has the zip of each asset."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        data: DataStack,
        code: Mapping[Asset, lambda_.Code],
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        self._stage, self._data, self._code = stage, data, code
        self._mail = Mail(self, "Mail", name=stage.prefix, domain=stage.mail_domain, in_sandbox=stage.synthetic_people)
        self._delivery = Delivery(self, "Delivery")
        self._settings = self._known_settings()
        functions = {spec.name: self._function(spec) for spec in FUNCTIONS}
        aliases = {name: function.alias for name, function in functions.items()}
        self._delivery.feed(aliases["deliver_message"], data.tables[OUTBOX])
        DeliveryReports(
            self,
            "DeliveryReports",
            configuration_set=self._mail.configuration_set,
            recorder=aliases["record_delivery"],
        )
        clean_up_every_hour(self, aliases["purge_expired"])
        rosters = RosterImport(
            self, "RosterImport", name=stage.prefix, bucket=data.roster_bucket, function=aliases["import_roster"]
        )
        self.api = Api(
            self,
            "Api",
            name=stage.prefix,
            routes=ROUTES,
            functions=aliases,
            requests_per_second=stage.requests_per_second,
        )
        SupportApi(
            self,
            "HelpDesk",
            name=f"{stage.prefix}-support",
            routes=SUPPORT_ROUTES,
            function=aliases["support"],
            account=self.api.account,
        )
        watch(self, stage=stage, data=data, delivery=self._delivery, rosters=rosters, functions=functions)
        if stage.has_edge:
            accepted = accepted_values(self, data.origin_secret)
            self.api.let_in_only(accepted, name=f"{stage.prefix}-origin")
            let_sns_log(self)
            self._let_workflows_in(aliases["import_roster"])

    def _let_workflows_in(self, importer: lambda_.IFunction) -> None:
        """Let the smoke test enrol somebody who does not exist and compute their code; never where people are real.

        The configuration of the function that reads rosters tells it the bucket.
        """
        stage = self._stage
        pipeline = Pipeline(self, "Pipeline", prefix=stage.prefix, repository=stage.repository, environment=stage.name)
        if stage.synthetic_people:
            find = iam.PolicyStatement(actions=["lambda:GetFunctionConfiguration"], resources=[importer.function_arn])
            enrol = rights_of_the_smoke_test(self._data.roster_bucket)
            pipeline.let_try_out([find, *enrol, _right_to_mac(self._data.code_key)])

    def _function(self, spec: FunctionSpec) -> ServiceFunction:
        return ServiceFunction(
            self,
            pascal(spec.name),
            spec=spec,
            name=self._stage.function_name(spec.name),
            code=self._code[spec.asset],
            environment=self._environment(spec),
            statements=[*self._table_rights(spec), *self._setting_rights(spec)],
            snap_start=self._stage.snap_start,
            kept_ready=self._stage.kept_ready.get(spec.name, 0),
        )

    def _known_settings(self) -> dict[str, str]:
        """The value of every setting that a group of settings names, by its name in the environment."""
        stage = self._stage
        return {
            "STAGE": stage.name,
            "PUBLIC_ORIGINS": ",".join(stage.known_origins) or _NO_ORIGIN_YET,
            "CLIENT_ADDRESS": stage.client_address,
            "CODE_KEY_ID": self._data.code_key.key_id,
            "PEPPER_KEY_ID": self._data.pepper_key.key_id,
            "DOCUMENT_KEY_ID": self._data.document_key.key_id,
            "MAIL_KEY_ID": self._data.mail_key.key_id,
            "MAIL_FROM": self._mail.sender,
            "MAIL_CONFIGURATION_SET": self._mail.configuration_set.configuration_set_name,
            "SMS_SENDER_ID": stage.sms_sender_id,
            "AGENT_IDENTIFIERS": ",".join(f"{agent}={owns}" for agent, owns in stage.agent_identifiers.items()),
            "MENU": json.dumps(dict(stage.menu)),
            "RETRY_QUEUE_URL": self._delivery.retry_queue.queue_url,
            "ARRIVALS_NEED_AGENT": str(stage.arrivals_need_agent).lower(),
            "ROSTER_BUCKET": self._data.roster_bucket.bucket_name,
        }

    def _environment(self, spec: FunctionSpec) -> dict[str, str]:
        groups: tuple[type[Settings], ...] = (Settings, *spec.settings)
        told = {name.upper() for group in groups for name in group.model_fields}
        return {
            "LOG_LEVEL": self._stage.log_level,
            "POWERTOOLS_SERVICE_NAME": spec.name,
            "POWERTOOLS_METRICS_NAMESPACE": self._stage.metrics_namespace,
            **{name: self._settings[name] for name in sorted(told)},
            **{table.setting: self._data.tables[table].table_name for table in spec.tables},
            **{name: str(self._stage.limits[name]) for name in LIMIT_NAMES if name in self._stage.limits},
        }

    def _table_rights(self, spec: FunctionSpec) -> list[iam.PolicyStatement]:
        rights = [
            iam.PolicyStatement(
                actions=[f"dynamodb:{action}" for action in actions], resources=[self._data.tables[table].table_arn]
            )
            for table, actions in spec.tables.items()
        ]
        searched = [
            f"{self._data.tables[table].table_arn}/index/{index.name}"
            for table in spec.searches
            for index in table.indexes
        ]
        if searched:
            rights.append(iam.PolicyStatement(actions=["dynamodb:Query"], resources=searched))
        rights += [
            iam.PolicyStatement(
                actions=["dynamodb:DeleteItem"],
                resources=[self._data.tables[table].table_arn],
                conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{prefix}*"]}},
            )
            for table, prefix in spec.deletes.items()
        ]
        return [*rights, self._right_to_the_tables_key()]

    def _right_to_the_tables_key(self) -> iam.PolicyStatement:
        """DynamoDB uses the key in the caller's name; the caller itself may not."""
        return iam.PolicyStatement(
            actions=[f"kms:{action}" for action in _TABLE_KEY_ACTIONS],
            resources=[self._data.table_key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"dynamodb.{self.region}.amazonaws.com"}},
        )

    def _setting_rights(self, spec: FunctionSpec) -> list[iam.PolicyStatement]:
        """The rights that settings bring: a function that gets a key, an identity or a queue may use it."""
        rights = {
            CodeKeySettings: [_right_to_mac(self._data.code_key)],
            PepperKeySettings: [_right_to_mac(self._data.pepper_key)],
            DocumentKeySettings: [_right_to_mac(self._data.document_key)],
            MailKeySettings: [_right_to_mac(self._data.mail_key)],
            DeliverySettings: [self._mail.right_to_send(), _right_to_text(), self._delivery.right_to_retry()],
            ArrivalsSettings: rights_to_arrivals(self._data.roster_bucket),
            BucketSettings: rights_to_uploads(self._data.roster_bucket),
            ImportedMailsSettings: rights_to_imported_mails(self._data.roster_bucket),
            RosterSettings: [self._mail.right_to_send(), *rights_to_rosters(self._data.roster_bucket)],
        }
        return [right for group in spec.settings for right in rights.get(group, [])]


def _right_to_mac(key: kms.Key) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["kms:GenerateMac"], resources=[key.key_arn])


def _right_to_text() -> iam.PolicyStatement:
    """The right to text any number: a number has no ARN, so the right covers everything but topics."""
    return iam.PolicyStatement(actions=["sns:Publish"], not_resources=["arn:aws:sns:*:*:*"])
