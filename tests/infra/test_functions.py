"""Each function has a role of its own with what it needs, and is told what it reads."""

import json
import re
from dataclasses import replace

import pytest

from activation.adapters.tables import TABLES
from activation.config import LIMIT_NAMES, ConfigurationError, MailKeySettings, MenuSettings
from infra.functions import FUNCTIONS, FunctionSpec
from infra.stages import STAGES, Stage
from tests.resources import Resources

EACH_FUNCTION = pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
MAY_NAME_NO_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"}


def test_no_two_functions_share_a_role(service: Resources) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in service.of_type("AWS::Lambda::Function").values()]
    assert len(set(roles)) == len(roles) == len(FUNCTIONS)


def test_the_rights_to_imported_mails_are_to_one_object_of_an_import(service: Resources) -> None:
    rights = [one for one in service.statements("support") if "mails.json" in json.dumps(one["Resource"])]
    assert [statement["Action"] for statement in rights] == [["s3:GetObject"]]
    assert json.dumps(rights[0]["Resource"]).count("work/*/mails.json") == 1


@EACH_FUNCTION
def test_a_role_names_actions_resources_and_the_indexes_of_its_function(service: Resources, spec: FunctionSpec) -> None:
    rights = service.statements(spec.name)
    for statement in rights:
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action]
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) <= MAY_NAME_NO_RESOURCE
    each = [(action, json.dumps(on)) for one in rights for action in one["Action"] for on in one["Resource"]]
    searched = {(action, re.findall(r"/index/([^\"]+)", on)[0]) for action, on in each if "/index/" in on}
    assert searched == {("dynamodb:Query", index.name) for table in spec.searches for index in table.indexes}


@EACH_FUNCTION
def test_a_function_is_told_what_it_reads_and_limits_of_its_stage(service: Resources, spec: FunctionSpec) -> None:
    told = service.function(spec.name)["Environment"]["Variables"]
    expected = {name.upper() for group in spec.settings for name in group.model_fields}
    expected |= {"STAGE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
    expected |= {table.setting for table in spec.tables}
    assert told.keys() - LIMIT_NAMES == expected
    assert {name: told[name] for name in LIMIT_NAMES if name in told} == {"RESEND_WAIT_SECONDS": "90"}
    assert told["POWERTOOLS_SERVICE_NAME"] == spec.name


def test_hashing_passwords_leaves_room_for_the_rest(service: Resources) -> None:
    for name in ("sign_in", "set_password"):
        assert service.function(name)["ReservedConcurrentExecutions"] > 0


def test_copies_stay_started_of_the_functions_that_the_stage_names_and_of_no_other(service: Resources) -> None:
    aliases = service.of_type("AWS::Lambda::Alias").items()
    copies = {name.partition("Alias")[0]: alias.get("ProvisionedConcurrencyConfig") for name, alias in aliases}
    kept = {name: config for name, config in copies.items() if config}
    assert kept == {"StartActivation": {"ProvisionedConcurrentExecutions": 25}}


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_a_stage_names_what_exists_and_keeps_no_more_copies_than_there_may_be(stage: Stage) -> None:
    assert set(stage.limits) <= set(LIMIT_NAMES)
    assert stage.warm_writes.keys() <= {spec.name for spec in TABLES}
    reserved = {spec.name: spec.reserved_concurrency for spec in FUNCTIONS}
    assert stage.kept_ready.keys() <= reserved.keys()
    assert all(copies <= (reserved[name] or copies) for name, copies in stage.kept_ready.items())


def test_a_stage_keeps_no_copies_ready_of_what_starts_from_a_snapshot() -> None:
    with pytest.raises(ValueError, match="snapshot"):
        replace(STAGES["prod"], snap_start=True, kept_ready={"start_activation": 1})


def test_the_menu_and_requests_alone_are_told_what_is_switched_and_the_desk_the_key_of_work_mails(
    service: Resources,
) -> None:
    told = {spec.name for spec in FUNCTIONS if "MENU" in service.function(spec.name)["Environment"]["Variables"]}
    assert told == {spec.name for spec in FUNCTIONS if MenuSettings in spec.settings} == {"account", "requests"}
    assert [spec.name for spec in FUNCTIONS if MailKeySettings in spec.settings] == ["support"]


@pytest.mark.parametrize(
    ("menu", "said"),
    [
        ({"reclamations": "masqué"}, "menu: reclamations is no entry of the menu"),
        ({"accueil": "masqué"}, "menu: accueil stays as it is"),
        ({"reclamation": "lien http://cnas.example/"}, "menu: reclamation can't be « lien http"),
    ],
)
def test_a_stage_with_a_menu_that_can_not_be_is_refused_with_a_sentence(menu: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{said}"):
        replace(STAGES["dev"], menu=menu)
