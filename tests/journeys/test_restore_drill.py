"""The runbook's restore, played: a copy is made, everybody is lost, the copy is brought back, people come in again."""

from collections import Counter
from typing import Any

from activation.adapters.accounts import DynamoAccounts
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.links import DynamoLinks
from activation.adapters.tables import ACCOUNTS, STRUCTURES, TableSpec
from activation.domain.correspondents import answers_for
from activation.domain.links import LinkPorts, save_link, without_link
from infra.restore import copy_rows
from local import demo
from smoke.journey import activate
from smoke.site import Site
from tests.journeys.test_smoke import aws
from tests.people import SESSION, Someone, credentials, sign_in
from tests.stack import Stack
from tests.tables import create
from tests.visitor import Visitor

PAUL = Someone(demo.PAUL, "Moreau", "paul.moreau@mondomaine.com")


def rows(dynamodb: Any, table: str) -> list[dict[str, Any]]:
    found = [row for page in dynamodb.get_paginator("scan").paginate(TableName=table) for row in page["Items"]]
    return sorted(found, key=str)


def history(visitor: Visitor) -> list[dict[str, str]]:
    events: list[dict[str, str]] = visitor.get("/api/account/history").body["events"]
    return events


def test_everybody_is_lost_and_brought_back(product: Stack) -> None:
    dynamodb, deployment = product.deployment.engine.client("dynamodb"), product.deployment
    tables = [deployment.table(spec) for spec in (ACCOUNTS, STRUCTURES)]
    before = sign_in(product, PAUL, demo.PAULS_PASSWORD)
    told, stored = history(before), {table: rows(dynamodb, table) for table in tables}
    copies = {
        table: dynamodb.create_backup(TableName=table, BackupName="drill")["BackupDetails"]["BackupArn"]
        for table in tables
    }

    for table in tables:
        keys = [key["AttributeName"] for key in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
        for row in stored[table]:
            dynamodb.delete_item(TableName=table, Key={key: row[key] for key in keys})
    typed = credentials(PAUL, demo.PAULS_PASSWORD)
    assert Visitor(product).post(SESSION, typed).code == "credentials-rejected"
    assert before.get("/api/account").status == 401

    for table, copy in copies.items():
        dynamodb.restore_table_from_backup(TargetTableName=f"{table}-restored", BackupArn=copy)
        assert copy_rows(dynamodb, f"{table}-restored", table, missing_only=False) == len(stored[table])
        assert rows(dynamodb, table) == stored[table]

    again = sign_in(product, PAUL, demo.PAULS_PASSWORD)
    assert again.get("/api/account").body["person"]["last_name"] == "Moreau"
    assert Counter(map(str, told)) <= Counter(map(str, history(again)))
    assert list(activate(Site(product.base), aws(product)))[-1] == "signed out"


def test_a_restore_of_one_table_alone_gives_nobody_back_a_structure_that_they_lost(product: Stack) -> None:
    deployment, dynamodb = product.deployment, product.deployment.engine.client("dynamodb")
    accounts, structures = (Table(dynamodb, deployment.table(spec)) for spec in (ACCOUNTS, STRUCTURES))
    ports = LinkPorts(DynamoAccounts(accounts), DynamoLinks(accounts, structures))
    marc, of_marc = demo.CORRESPONDENTS[1].identifier, demo.CORRESPONDENTS[1].structures
    lost, kept = of_marc[0], of_marc[1:]

    def answers() -> list[str]:
        account = ports.accounts.get(marc)
        assert account
        found = ports.links.structures(of_marc)
        return [one for one in of_marc if answers_for(account, found[one])]

    assert answers() == list(of_marc)
    stored = {table.name: rows(dynamodb, table.name) for table in (accounts, structures)}
    account = ports.accounts.get(marc)
    assert account
    before = (account, ports.links.structures([lost])[lost])
    DynamoStore(dynamodb).commit(*save_link(ports, before, without_link(*before, now=0)))
    assert answers() == list(kept)
    for table in (accounts, structures):
        now = rows(dynamodb, table.name)
        for row in stored[table.name]:
            dynamodb.put_item(TableName=table.name, Item=row)
        assert answers() == list(kept), table.name
        for row in now:
            dynamodb.put_item(TableName=table.name, Item=row)
    for table in (accounts, structures):
        for row in stored[table.name]:
            dynamodb.put_item(TableName=table.name, Item=row)
    assert answers() == list(of_marc)


def test_a_row_that_is_newer_than_the_copy_stays_if_only_the_missing_are_wanted(product: Stack) -> None:
    dynamodb = product.deployment.engine.client("dynamodb")
    create(dynamodb, *(TableSpec(name, "identifier") for name in ("drill-restored", "drill-table")))

    def put(table: str, identifier: str, version: str) -> None:
        dynamodb.put_item(TableName=table, Item={"identifier": {"S": identifier}, "version": {"N": version}})

    put("drill-restored", "kept", "1")
    put("drill-restored", "lost", "1")
    put("drill-table", "kept", "2")
    assert copy_rows(dynamodb, "drill-restored", "drill-table", missing_only=True) == 2
    stored = {row["identifier"]["S"]: row["version"]["N"] for row in rows(dynamodb, "drill-table")}
    assert stored == {"kept": "2", "lost": "1"}
