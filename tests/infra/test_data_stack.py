"""What must not be lost is kept, and everything is under our own key."""

import pytest

from activation.adapters.tables import TABLES, TableSpec
from infra.functions import pascal
from tests.resources import Resources


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_a_table_is_keyed_forgets_streams_and_is_kept_as_specified(data: Resources, spec: TableSpec) -> None:
    table = data.table(spec.name)
    properties = table["Properties"]
    keys = {key["KeyType"]: key["AttributeName"] for key in properties["KeySchema"]}
    assert keys == {"HASH": spec.partition_key, **({"RANGE": spec.sort_key} if spec.sort_key else {})}
    assert {attribute["AttributeType"] for attribute in properties["AttributeDefinitions"]} == {"S"}
    made = properties.get("GlobalSecondaryIndexes", [])
    assert {index["Projection"]["ProjectionType"] for index in made} <= {"KEYS_ONLY"}
    indexes = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in made}
    assert indexes == {index.name: [index.partition_key, index.sort_key] for index in spec.indexes}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties.get("TimeToLiveSpecification", {}).get("AttributeName") == spec.time_to_live
    told = {"StreamViewType": "NEW_IMAGE"}  # a message as it was put, and never what came of it beside
    assert properties.get("StreamSpecification") == (told if spec.stream else None)
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] == spec.recoverable
    assert properties["DeletionProtectionEnabled"] == spec.recoverable
    assert table["DeletionPolicy"] == ("Retain" if spec.recoverable else "Delete")
    (key,) = (name for name in data.of_type("AWS::KMS::Key") if name.startswith("TableKey"))
    one_of_ours = {"KMSMasterKeyId": {"Fn::GetAtt": [key, "Arn"]}, "SSEEnabled": True, "SSEType": "KMS"}
    assert properties["SSESpecification"] == one_of_ours


def test_four_keys_only_make_macs_and_that_of_the_tables_changes_its_material_every_year(data: Resources) -> None:
    keys = data.of_type("AWS::KMS::Key").values()
    makers = [key["KeySpec"] for key in keys if key.get("KeyUsage") == "GENERATE_VERIFY_MAC"]
    assert makers == ["HMAC_256"] * 4, "of codes, peppers, documents and hashes of mails"
    assert [key["EnableKeyRotation"] for key in keys if "KeyUsage" not in key] == [True]


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
