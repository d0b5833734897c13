"""The local run changes the template in a few places, each of them here."""

from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

from local.template import DROPPED_TYPES, localize
from tests.resources import Resources

CODE = {"S3Bucket": "here", "S3Key": "own.zip"}


def test_what_the_engine_refuses_goes_and_nobody_waits_for_it() -> None:
    resources = {
        "Rule": {"Type": "AWS::WAFv2::WebACLAssociation"},
        "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Rule", "Topic"]},
        "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Rule"},
    }
    template = {"Resources": resources, "Rules": {}, "Parameters": {}}
    local = localize(template, code=CODE, settings={}, origins=["http://h"])
    assert local["Resources"] == {
        "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Topic"]},
        "Topic": {"Type": "AWS::SNS::Topic", "DependsOn": []},
    }


def test_every_type_that_stays_is_one_that_the_engine_provides(data: Resources, service: Resources) -> None:
    kinds = {resource["Type"] for stack in (data, service) for resource in stack.all.values()}
    assert kinds - DROPPED_TYPES <= set(_RESOURCE_HANDLERS)


def test_every_function_runs_the_code_of_this_tree_with_the_settings_of_this_run(service: Resources) -> None:
    origins = ("http://127.0.0.1:1", "http://localhost:1")
    local = localize(service.template, code=CODE, settings={"RESEND_WAIT_SECONDS": "1"}, origins=origins)
    functions = Resources(local).of_type("AWS::Lambda::Function").values()
    assert all(function["Code"] == CODE for function in functions)
    told = [function["Environment"]["Variables"] for function in functions]
    assert {variables["RESEND_WAIT_SECONDS"] for variables in told} == {"1"}
    assert {variables["PUBLIC_ORIGINS"] for variables in told if "PUBLIC_ORIGINS" in variables} == {",".join(origins)}


def test_the_right_to_send_mail_is_widened_for_the_engine_and_no_other_right(service: Resources) -> None:
    local = Resources(localize(service.template, code=CODE, settings={}, origins=[]))
    before, after = (stack.statements("deliver_message") for stack in (service, local))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [(statement["Action"], statement["Resource"]) for statement in changed] == [(["ses:SendEmail"], ["*"])]
