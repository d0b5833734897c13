"""The one address that visitors see: the front from a private bucket, the API under `/api`, behind CloudFront."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import edge_functions
from infra.constructs.api import STAGE_NAME
from infra.constructs.firewall import ORIGIN_HEADER, current_value
from infra.constructs.front_headers import front_headers
from infra.edge_functions import ASSETS, KEPT_FOR_GOOD, NOT_INDEXED, PASSED_HEADERS, PASSED_QUERIES
from infra.stacks.data import DataStack
from infra.stacks.edge import CERTIFICATE_OUTPUT, FIREWALL_OUTPUT
from infra.stacks.service import ServiceStack
from infra.stages import Stage

BUCKET_OUTPUT, DISTRIBUTION_OUTPUT, ADDRESS_OUTPUT = "FrontBucket", "DistributionId", "Address"
HEADERS_FILE = Path(__file__).resolve().parents[2] / "web" / "headers.json"

_Method = cloudfront.AllowedMethods
_Redirect = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS


class WebStack(cdk.Stack):
    """CloudFront. `front` holds the built front, whose files it knows by name; the deployment uploads them."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        data: DataStack,
        service: ServiceStack,
        front: Path,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        self._prefix, self._front = stage.prefix, front
        self._headers = json.loads(HEADERS_FILE.read_text(encoding="utf-8"))
        bucket = self._bucket(f"{stage.prefix}-front-{cdk.Aws.ACCOUNT_ID}")
        origin = origins.S3BucketOrigin.with_origin_access_control(bucket)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=stage.prefix,
            default_behavior=self._pages(origin),
            additional_behaviors={"/api/*": self._calls(data, service), f"{ASSETS}*": self._assets(origin)},
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,  # overseas too
            web_acl_id=self._told(FIREWALL_OUTPUT),
            **self._names(stage),
        )
        address = stage.domain or distribution.distribution_domain_name
        cdk.CfnOutput(self, ADDRESS_OUTPUT, value=f"https://{address}")
        cdk.CfnOutput(self, BUCKET_OUTPUT, value=bucket.bucket_name)
        cdk.CfnOutput(self, DISTRIBUTION_OUTPUT, value=distribution.distribution_id)

    def _told(self, name: str) -> str:
        """An output of the edge stack, passed on by the deployment."""
        return cdk.CfnParameter(self, name).value_as_string

    def _names(self, stage: Stage) -> Mapping[str, Any]:
        if not stage.domain:
            return {}
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", self._told(CERTIFICATE_OUTPUT))
        return {"domain_names": [stage.domain], "certificate": certificate}

    def _bucket(self, name: str) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Front",
            bucket_name=name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,  # what was served before can be put back
            lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=cdk.Duration.days(30))],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def _pages(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=_Redirect,
            allowed_methods=_Method.ALLOW_GET_HEAD,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=front_headers(self, "Headers", self._headers),
            function_associations=[
                self._function(
                    "CleanAddresses",
                    edge_functions.clean_addresses(self._front, self._headers),
                    cloudfront.FunctionEventType.VIEWER_REQUEST,
                ),
                self._function("Robots", edge_functions.robots(), cloudfront.FunctionEventType.VIEWER_RESPONSE),
            ],
        )

    def _assets(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        """The behaviour for assets: each object says how long to keep it, so that no refusal is kept as long."""
        headers = {name: value for name, value in self._headers.items() if name != KEPT_FOR_GOOD[0]}
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=_Redirect,
            allowed_methods=_Method.ALLOW_GET_HEAD,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=front_headers(self, "AssetHeaders", {**headers, **dict([NOT_INDEXED])}),
        )

    def _function(
        self, construct_id: str, program: str, event: cloudfront.FunctionEventType
    ) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            construct_id,
            function_name=f"{self._prefix}-{construct_id}",
            code=cloudfront.FunctionCode.from_inline(program),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=event)

    def _calls(self, data: DataStack, service: ServiceStack) -> cloudfront.BehaviorOptions:
        """The behaviour for the API: never from a cache, with only the parts of a request that functions read."""
        passed = [name for name in PASSED_HEADERS if name != "Cookie"]
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                service.api.host,
                origin_path=f"/{STAGE_NAME}",
                custom_headers={ORIGIN_HEADER: current_value(self, data.origin_secret)},
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=_Method.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy(
                self,
                "Passed",
                origin_request_policy_name=f"{self._prefix}-calls",
                header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(*passed, "CloudFront-Viewer-Address"),
                cookie_behavior=cloudfront.OriginRequestCookieBehavior.all(),
                query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.allow_list(*PASSED_QUERIES),
            ),
        )
