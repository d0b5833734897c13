"""What holds for every stack."""

from tests.infra.resources import Resources


def test_no_stack_holds_a_custom_resource(data: Resources, service: Resources) -> None:
    kinds = {resource["Type"] for resource in (*data.all.values(), *service.all.values())}
    assert not {kind for kind in kinds if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource"}
