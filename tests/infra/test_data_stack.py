"""What must not be lost is kept, and everything is under our own key."""

import pytest

from activation.adapters.tables import TABLES, TableSpec
from infra.functions import pascal
from tests.infra.resources import Resources

EACH_TABLE = pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)


@EACH_TABLE
def test_a_table_is_keyed_as_the_adapters_expect(data: Resources, spec: TableSpec) -> None:
    properties = data.table(spec.name)["Properties"]
    keys = {key["KeyType"]: key["AttributeName"] for key in properties["KeySchema"]}
    assert keys == {"HASH": spec.partition_key, **({"RANGE": spec.sort_key} if spec.sort_key else {})}
    assert {attribute["AttributeType"] for attribute in properties["AttributeDefinitions"]} == {"S"}
    made = properties.get("GlobalSecondaryIndexes", [])
    assert {index["Projection"]["ProjectionType"] for index in made} <= {"KEYS_ONLY"}
    indexes = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in made}
    assert indexes == {index.name: [index.partition_key, index.sort_key] for index in spec.indexes}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


@EACH_TABLE
def test_a_table_forgets_and_streams_as_its_specification_says(data: Resources, spec: TableSpec) -> None:
    properties = data.table(spec.name)["Properties"]
    assert properties.get("TimeToLiveSpecification", {}).get("AttributeName") == spec.time_to_live
    told = {"StreamViewType": "NEW_IMAGE"}  # a message as it was put, and never what came of it beside
    assert properties.get("StreamSpecification") == (told if spec.stream else None)


@EACH_TABLE
def test_what_cannot_be_made_again_can_be_recovered_and_not_deleted(data: Resources, spec: TableSpec) -> None:
    table = data.table(spec.name)
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] == spec.recoverable
    assert properties["DeletionProtectionEnabled"] == spec.recoverable
    assert table["DeletionPolicy"] == ("Retain" if spec.recoverable else "Delete")


@EACH_TABLE
def test_all_tables_are_under_one_key_that_we_manage(data: Resources, spec: TableSpec) -> None:
    encryption = data.table(spec.name)["Properties"]["SSESpecification"]
    (key,) = (name for name in data.of_type("AWS::KMS::Key") if name.startswith("TableKey"))
    assert encryption == {"KMSMasterKeyId": {"Fn::GetAtt": [key, "Arn"]}, "SSEEnabled": True, "SSEType": "KMS"}


def test_codes_peppers_documents_and_hashes_of_mails_come_from_four_keys_that_only_make_macs(data: Resources) -> None:
    makers = [key for key in data.of_type("AWS::KMS::Key").values() if key.get("KeyUsage") == "GENERATE_VERIFY_MAC"]
    assert [key["KeySpec"] for key in makers] == ["HMAC_256"] * 4


def test_the_key_of_the_tables_changes_its_material_every_year(data: Resources) -> None:
    rotated = [key for key in data.of_type("AWS::KMS::Key").values() if "KeyUsage" not in key]
    assert [key["EnableKeyRotation"] for key in rotated] == [True]


def test_each_night_what_cannot_be_made_again_is_copied_for_35_days(data: Resources) -> None:
    (plan,) = data.of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan["BackupPlan"]["BackupPlanRule"]
    assert rule["ScheduleExpression"] == "cron(0 1 * * ? *)"
    assert rule["Lifecycle"]["DeleteAfterDays"] == 35
    (selection,) = data.of_type("AWS::Backup::BackupSelection").values()
    copied = str(selection["BackupSelection"]["Resources"])
    assert [spec.name for spec in TABLES if pascal(spec.name) in copied] == [s.name for s in TABLES if s.recoverable]


def test_nobody_shortens_the_life_of_a_backup_by_hand(data: Resources) -> None:
    (vault,) = data.of_type("AWS::Backup::BackupVault").values()
    (rule,) = vault["AccessPolicy"]["Statement"]
    assert rule["Effect"] == "Deny"
    assert {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"} <= set(rule["Action"])


def test_the_tables_that_the_stage_names_take_so_many_writes_from_the_start(data: Resources) -> None:
    warm = {spec.name: data.table(spec.name)["Properties"].get("WarmThroughput") for spec in TABLES}
    assert {name: said for name, said in warm.items() if said} == {"outbox": {"WriteUnitsPerSecond": 10_000}}
