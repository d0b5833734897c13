"""The help desk's API stands apart from the public one, and asks every caller for a signature."""

import json

from infra.routes import ROUTES, SUPPORT_ROUTES
from tests.resources import Resources


def test_every_method_asks_for_a_signature(service: Resources) -> None:
    methods = service.methods("HelpDesk")
    assert len(methods) == len(SUPPORT_ROUTES)
    assert {method["AuthorizationType"] for method in methods} == {"AWS_IAM"}
    assert {method["HttpMethod"] for method in methods} == {"POST"}


def test_no_route_of_the_desk_is_public_and_its_api_calls_its_function_alone(service: Resources) -> None:
    assert not {route.path for route in ROUTES} & {route.path for route in SUPPORT_ROUTES}
    assert "support" not in {route.function for route in ROUTES}
    assert [path for path, _, _ in service.integrations("Api") if "support" in path] == []
    called = {path: function for path, _, function in service.integrations("HelpDesk")}
    assert called.keys() == {route.path for route in SUPPORT_ROUTES}
    assert all(function.startswith("SupportFunction") for function in called.values())


def test_agents_may_call_the_desk_s_api_and_do_nothing_else(service: Resources) -> None:
    (policy,) = service.of_type("AWS::IAM::ManagedPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:Invoke"
    assert service.api("HelpDesk") in json.dumps(statement["Resource"])
    assert service.api("Api") not in json.dumps(statement["Resource"]).replace(service.api("HelpDesk"), "")


def test_the_desk_uses_the_keys_of_work_mails_and_documents_alone_and_sends_nothing_itself(service: Resources) -> None:
    actions = {action for statement in service.statements("support") for action in statement["Action"]}
    assert not {action for action in actions if action.startswith(("ses:", "sns:", "sqs:"))}
    macs = [one["Resource"] for one in service.statements("support") if "kms:GenerateMac" in one["Action"]]
    assert all(any(name in json.dumps(one) for one in macs) for name in ("DocumentKey", "MailKey"))
    assert not {name for name in ("CodeKey", "PepperKey") if name in json.dumps(macs)}


def test_the_desk_reads_no_table_of_people_whole(service: Resources) -> None:
    scanned = [one["Resource"] for one in service.statements("support") if "dynamodb:Scan" in one["Action"]]
    assert len(scanned) == 1
    assert "Structures" in json.dumps(scanned)
    assert "Accounts" not in json.dumps(scanned)


def test_the_desk_deletes_nothing_but_what_says_whose_a_work_mail_was(service: Resources) -> None:
    [deletes] = [one for one in service.statements("support") if "dynamodb:DeleteItem" in one["Action"]]
    assert deletes["Action"] == ["dynamodb:DeleteItem"]
    assert deletes["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MAIL#*"]}}
