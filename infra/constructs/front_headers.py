"""The front's headers of `web/headers.json` in CloudFront's form: some have properties of their own."""

import re
from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

_OF_ITS_OWN = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Strict-Transport-Security",
)


def front_headers(scope: Construct, construct_id: str, headers: Mapping[str, str]) -> cloudfront.ResponseHeadersPolicy:
    """The policy that gives every answer of the front these headers, in place of any others of the same name."""
    return cloudfront.ResponseHeadersPolicy(
        scope,
        construct_id,
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=headers["Content-Security-Policy"], override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption[headers["X-Frame-Options"]], override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy[_constant(headers["Referrer-Policy"])], override=True
            ),
            strict_transport_security=_transport(headers["Strict-Transport-Security"]),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                for name, value in headers.items()
                if name not in _OF_ITS_OWN
            ]
        ),
    )


def _constant(word: str) -> str:
    return word.upper().replace("-", "_")


def _transport(value: str) -> cloudfront.ResponseHeadersStrictTransportSecurity:
    age = re.search(r"max-age=(\d+)", value)
    if age is None:
        raise ValueError("Strict-Transport-Security says no age")
    return cloudfront.ResponseHeadersStrictTransportSecurity(
        access_control_max_age=cdk.Duration.seconds(int(age.group(1))),
        include_subdomains="includeSubDomains" in value,
        override=True,
    )
