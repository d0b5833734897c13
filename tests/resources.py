"""Reading a synthesized template."""

from collections.abc import Iterator
from typing import Any

from infra.functions import pascal
from infra.stages import STAGES, Stage

Properties = dict[str, Any]


class Resources:
    """The resources of a template."""

    def __init__(self, template: dict[str, Any], *, stage: Stage = STAGES["prod"]) -> None:
        self.template, self._stage = template, stage
        self.all: dict[str, dict[str, Any]] = template["Resources"]

    def of_type(self, kind: str) -> dict[str, Properties]:
        return {name: res.get("Properties", {}) for name, res in self.all.items() if res["Type"] == kind}

    def table(self, name: str) -> dict[str, Any]:
        (found,) = (each for each in self.of_type("AWS::DynamoDB::Table") if each[:-8] == pascal(name))
        return self.all[found]

    def function(self, name: str) -> Properties:
        named = {each["FunctionName"]: each for each in self.of_type("AWS::Lambda::Function").values()}
        return named[self._stage.function_name(name)]

    def statements(self, function: str) -> list[dict[str, Any]]:
        """Everything that a function's role may do; actions and resources always as lists."""
        role: str = self.function(function)["Role"]["Fn::GetAtt"][0]
        policies = self.of_type("AWS::IAM::Policy").values()
        attached = [policy["PolicyDocument"] for policy in policies if {"Ref": role} in policy["Roles"]]
        inline = [policy["PolicyDocument"] for policy in self.all[role]["Properties"].get("Policies", [])]
        return [
            {**statement, "Action": listed(statement["Action"]), "Resource": listed(statement.get("Resource", []))}
            for document in (*inline, *attached)
            for statement in document["Statement"]
        ]

    def api(self, construct: str) -> str:
        (found,) = (name for name in self.of_type("AWS::ApiGateway::RestApi") if name[:-8] == f"{construct}RestApi")
        return found

    def methods(self, construct: str) -> list[Properties]:
        api, methods = {"Ref": self.api(construct)}, self.of_type("AWS::ApiGateway::Method").values()
        return [method for method in methods if method["RestApiId"] == api]

    def integrations(self, construct: str = "Api") -> Iterator[tuple[str, str, str]]:
        """Path, method and the logical id of the function, of every method of the API."""
        for method in self.methods(construct):
            uri = method["Integration"]["Uri"]["Fn::Join"][1]
            called = {part["Ref"] for part in uri if isinstance(part, dict) and "Ref" in part}
            (alias,) = called & self.of_type("AWS::Lambda::Alias").keys()
            function = self.all[alias]["Properties"]["FunctionName"]["Ref"]
            yield self._path(method["ResourceId"]), method["HttpMethod"], function

    def _path(self, reference: dict[str, Any]) -> str:
        resource = self.all.get(reference.get("Ref", ""))
        if resource is None:
            return ""
        properties = resource["Properties"]
        return f"{self._path(properties['ParentId'])}/{properties['PathPart']}"


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
