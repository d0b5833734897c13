"""The API is built from the routes, and what the gateway itself answers is a problem like any other."""

import json

import pytest

from infra.constructs.gateway_problems import GATEWAY_PROBLEMS, GatewayProblem
from infra.functions import pascal
from infra.routes import ROUTES, SHARE_OF_REQUESTS, Route
from infra.stages import STAGES
from infra.traffic import CALLS, CAMPAIGN_STARTS, Traffic
from tests.resources import Resources


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_call_reaches_its_function(service: Resources, route: Route) -> None:
    methods = {method: function for path, method, function in service.integrations() if path == route.path}
    assert methods.get(route.method, methods["ANY"]).startswith(f"{pascal(route.function)}Function")


def test_every_path_has_an_owner_that_answers_for_other_methods(service: Resources) -> None:
    paths = {route.path for route in ROUTES}
    methods = {(path, method) for path, method, _ in service.integrations()}
    assert methods == {(path, "ANY") for path in paths} | {("/api/session", "GET")}


@pytest.mark.parametrize("problem", GATEWAY_PROBLEMS, ids=lambda problem: problem.kind)
def test_the_gateway_answers_with_a_problem(service: Resources, problem: GatewayProblem) -> None:
    answers = service.of_type("AWS::ApiGateway::GatewayResponse").values()
    (given,) = (answer for answer in answers if answer["ResponseType"] == problem.kind)
    headers = given["ResponseParameters"]
    body = json.loads(given["ResponseTemplates"]["application/json"])
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert headers["gatewayresponse.header.Cache-Control"] == "'no-store'"
    assert headers["gatewayresponse.header.X-Correlation-Id"] == "context.requestId"
    assert body["correlation_id"] == "$context.requestId"
    assert int(given["StatusCode"]) == body["status"]
    assert {"type", "title", "status", "detail", "code"} <= body.keys()


def test_the_gateways_refusals_have_the_contracts_codes_and_say_when_to_come_back(service: Resources) -> None:
    answers, after = service.of_type("AWS::ApiGateway::GatewayResponse").values(), "gatewayresponse.header.Retry-After"
    given = {one["ResponseType"]: json.loads(one["ResponseTemplates"]["application/json"]) for one in answers}
    codes = {
        "MISSING_AUTHENTICATION_TOKEN": "not-found",
        "THROTTLED": "too-many-requests",
        "DEFAULT_5XX": "unavailable",
    }
    assert {kind: given[kind]["code"] for kind in codes} == codes
    assert [given[kind]["status"] for kind in codes] == [404, 429, 503]
    assert {one["StatusCode"] for one in answers if one["ResponseParameters"].get(after) == "'5'"} == {"429", "503"}


def test_production_lets_a_campaign_through() -> None:
    allowed, campaign = STAGES["prod"].requests_per_second, Traffic(CAMPAIGN_STARTS)
    assert campaign.api_calls <= allowed
    assert [name for name in CALLS if campaign.calls(name) > allowed * SHARE_OF_REQUESTS[name]] == []
