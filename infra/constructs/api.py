"""The public REST API, built from the routes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.gateway_problems import GATEWAY_PROBLEMS
from infra.routes import Route

STAGE_NAME = "live"


class Api(Construct):
    """Each path has one `ANY` method, for the function that owns it: that function answers 405 from its own routes.

    Where a path has calls of another function, those methods go there.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        routes: Iterable[Route],
        functions: Mapping[str, lambda_.Function],
        requests_per_second: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.rest_api = apigateway.RestApi(
            self,
            "RestApi",
            rest_api_name=name,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE_NAME,
                tracing_enabled=True,
                throttling_rate_limit=requests_per_second,
                throttling_burst_limit=2 * requests_per_second,
            ),
        )
        integrations = {
            function: apigateway.LambdaIntegration(
                functions[function], allow_test_invoke=False, scope_permission_to_method=False
            )
            for function in {route.function for route in routes}
        }
        for path, methods in methods_by_path(routes).items():
            resource = self.rest_api.root.resource_for_path(path)
            for method, function in methods.items():
                resource.add_method(method, integrations[function])
        for problem in GATEWAY_PROBLEMS:
            problem.add_to(self.rest_api)


def methods_by_path(routes: Iterable[Route]) -> dict[str, dict[str, str]]:
    """For each path, the functions by method. The function with most of a path's calls owns it (`ANY`)."""
    paths: dict[str, dict[str, str]] = {}
    for path, group in groupby(sorted(routes, key=attrgetter("path")), key=attrgetter("path")):
        calls = list(group)
        ((owner, _),) = Counter(call.function for call in calls).most_common(1)
        others = {call.method: call.function for call in calls if call.function != owner}
        paths[path] = {"ANY": owner, **others}
    return paths
