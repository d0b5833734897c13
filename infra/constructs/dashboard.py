"""One page that shows at a glance whether people can activate."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.alarms import metric_of
from infra.metrics import HOUR, MetricSpec, api_metric, function_metric, product_metric
from infra.stages import Stage

_WIDE, _HALF = 24, 12

FUNNEL = (
    ("Démarches commencées", "start_activation", "FlowsStarted"),
    ("Codes par mail", "deliver_message", "CodesSentByMail"),
    ("Codes par SMS", "deliver_message", "CodesSentBySms"),
    ("Mails arrivés", "record_delivery", "MailDelivered"),
    ("Codes vérifiés", "verify_code", "CodesVerified"),
    ("Comptes activés", "set_password", "AccountsActivated"),
    ("Consentements", "preferences", "ConsentsAnswered"),
)
"""The way to an account: a French label, the function that counts the step, and the metric's name."""

REFUSED = (
    ("Codes refusés", "verify_code", "CodesRejected"),
    ("Limites atteintes (départ)", "start_activation", "LimitsHit"),
    ("Limites atteintes (code)", "verify_code", "LimitsHit"),
    ("Limites atteintes (connexion)", "sign_in", "LimitsHit"),
    ("Mails revenus", "record_delivery", "MailBounced"),
    ("Plaintes", "record_delivery", "MailComplained"),
)


DECLARED = (
    ("Fichiers envoyés", "correspondent", "FilesSent"),
    ("Fichiers appliqués", "correspondent", "FilesApplied"),
    ("Fichiers annulés", "correspondent", "FilesTakenBack"),
    ("Lignes corrigées", "correspondent", "RowsChanged"),
    ("Limites atteintes", "correspondent", "LimitsHit"),
)
"""The acts of correspondents."""


REQUESTED = (
    ("Envoyées", "requests", "RequestsSent"),
    ("Répondues par un agent", "support", "RequestsAnswered"),
    ("Répondues par un fichier", "import_roster", "RequestsAnswered"),
    ("En attente d'un agent", "purge_expired", "RequestsWaiting"),
    ("La plus ancienne (heures)", "purge_expired", "OldestRequestHours"),
)
"""Requests: how many come in, are settled or refused, wait and for how long, as the cleanup finds them."""


class Dashboard(Construct):
    """Alarms at the top, the funnel per hour below, then the obstacles on the way, and last the requests."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, alarms: Sequence[cloudwatch.IAlarm]
    ) -> None:
        super().__init__(scope, construct_id)
        api = (
            ("Appels", api_metric(stage, "Count", "Sum")),
            ("Pannes", api_metric(stage, "5XXError", "Sum")),
        )
        speed = (
            ("Réponse (95 %)", api_metric(stage, "Latency", "p95")),
            ("Retard des codes", function_metric(stage, "deliver_message", "IteratorAge", statistic="Maximum")),
        )
        cloudwatch.Dashboard(
            self,
            "Page",
            dashboard_name=stage.prefix,
            default_interval=cdk.Duration.days(1),
            widgets=[
                [cloudwatch.AlarmStatusWidget(title="Alarmes", alarms=list(alarms), width=_WIDE, height=4)],
                [_graph("Du premier pas au compte, par heure", _counted(stage, FUNNEL), width=_WIDE)],
                [
                    _graph("Refus et retours, par heure", _counted(stage, REFUSED)),
                    _graph("Appels de l'API", api),
                ],
                [_graph("Temps (ms)", speed), _graph("Correspondants, par heure", _counted(stage, DECLARED))],
                [_graph("Demandes, par heure", _counted(stage, REQUESTED), width=_WIDE)],
            ],
        )


def _counted(stage: Stage, rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, MetricSpec]]:
    return [(label, product_metric(stage, function, name, minutes=HOUR)) for label, function, name in rows]


def _graph(title: str, lines: Sequence[tuple[str, MetricSpec]], *, width: int = _HALF) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title, left=[metric_of(metric, label=label) for label, metric in lines], width=width, height=8
    )
