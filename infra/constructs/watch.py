"""The watch over the service: alarms, dashboard, and the roll-back of new versions that fail."""

from collections.abc import Mapping

from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra import alarms
from infra.constructs.alarms import Alarms
from infra.constructs.dashboard import Dashboard
from infra.constructs.delivery import Delivery
from infra.constructs.function import ServiceFunction
from infra.constructs.roster import RosterImport
from infra.functions import FUNCTIONS
from infra.stacks.data import DataStack
from infra.stages import Stage


def watch(
    scope: Construct,
    *,
    stage: Stage,
    data: DataStack,
    delivery: Delivery,
    rosters: RosterImport,
    functions: Mapping[str, ServiceFunction],
) -> None:
    """Make every alarm of the service, on one topic and one page; a function's own alarms roll back its new version."""
    watched = Alarms(scope, "Alarms", prefix=stage.prefix, mail=stage.alarm_mail)
    faults = watched.add(alarms.api_faults(stage))
    application = codedeploy.LambdaApplication(scope, "Rollouts", application_name=stage.prefix)
    role = _rollout_role(scope)
    config: codedeploy.ILambdaDeploymentConfig = getattr(codedeploy.LambdaDeploymentConfig, stage.rollout)
    for spec in FUNCTIONS:
        errors = watched.add(alarms.errors_of(stage, spec))
        watched.add(alarms.throttles_of(stage, spec))
        functions[spec.name].roll_out(application, role, config=config, alarms=[faults, errors])
    for construct_id, queue in delivery.unread.items():
        watched.add(alarms.queue_holds(construct_id, queue.queue_name))
    for table, deployed in data.tables.items():
        watched.add(alarms.table_throttles(table.name, deployed.table_name))
    watched.add(alarms.roster_import_fails(rosters.machine.state_machine_arn))
    watched.add(alarms.roster_import_hangs(rosters.machine.state_machine_arn))
    for alarm in alarms.service_alarms(stage):
        watched.add(alarm)
    Dashboard(scope, "Dashboard", stage=stage, alarms=watched.all)


def _rollout_role(scope: Construct) -> iam.IRole:
    """The role of all deployment groups: CodeDeploy may move aliases and read alarms."""
    role = iam.Role(
        scope,
        "RolloutRole",
        assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSCodeDeployRoleForLambdaLimited")
        ],
    )
    return role.without_policy_updates()
