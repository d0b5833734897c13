"""moto's server, with a note of each call that comes in: `python -m tests.infra.aws_server PORT CALLS`.

A call is a line of JSON in the file CALLS: service, region, action and what it says. moto makes few of the resources
that a template names, and not as AWS does: of a stack it is given the parameters and outputs, which are OUTPUTS, and
none of its resources. What it lacks of CloudFormation is kept here: the protection of a stack, a name of a change set
for each stack.
"""

import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

Environ = dict[str, Any]
Answer = Iterable[bytes]
Call = dict[str, Any]

ACCOUNT = "123456789012"
OUTPUTS = {
    "Address": "https://d111111abcdef8.cloudfront.net",
    "CertificateArn": "arn:certificate",
    "DistributionId": "EDFDVBD6EXAMPLE",
    "FirewallArn": "arn:firewall",
    "FrontBucket": "front",
    "SmsLogRole": "arn:aws:iam::123456789012:role/sms",
}

_FORM = "application/x-www-form-urlencoded"
_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")


class Noted:
    """moto's application behind a notebook."""

    def __init__(self, calls: Path) -> None:
        self._aws, self._calls = DomainDispatcherApplication(create_backend_app), calls

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Answer:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        call = _read(environ, body)
        with self._calls.open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(call) + "\n")
        if call["action"] in _KEPT_HERE:
            _KEPT_HERE[call["action"]](call)
            start("200 OK", [("Content-Type", "text/xml")])
            return ["<{0}Response><{0}Result/></{0}Response>".format(call["action"]).encode()]
        if call["service"] == "cloudfront":  # an invalidation; moto has no distribution, since no stack made one
            start("201 Created", [])
            return []
        if call["action"] in _CHANGED:
            body = urlencode({"Action": call["action"], **_CHANGED[call["action"]](call)}).encode()
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answer: Answer = self._aws(environ, start)
        if call["action"] == "ExecuteChangeSet":  # of which moto forgets the outputs
            stack = _stack(call)
            stack._parse_template()
            stack.output_map = stack._create_output_map()
        return answer


def _read(environ: Environ, body: bytes) -> Call:
    signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
    call: Call = signed.groupdict() if signed else {"region": "", "service": ""}
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return {**call, "action": target.rpartition(".")[2], "said": json.loads(body)}
    if environ.get("CONTENT_TYPE", "").startswith(_FORM):
        said = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return {**call, "action": said.pop("Action", ""), "said": said}
    said = {"path": environ["PATH_INFO"], "query": environ["QUERY_STRING"]}
    return {**call, "action": environ["REQUEST_METHOD"], "said": said}


def _backend(call: Call) -> Any:
    return get_backend("cloudformation")[ACCOUNT][call["region"]]


def _stack(call: Call) -> Any:
    return _backend(call).get_stack(call["said"]["StackName"])


def _protect(call: Call) -> None:
    _stack(call).enable_termination_protection = call["said"]["EnableTerminationProtection"] == "true"


def _delete_change_set(call: Call) -> None:
    """Say that it is gone: moto has no answer of AWS's for one that isn't there."""
    backend = _backend(call)
    backend.describe_change_set(_of_its_stack(call)["ChangeSetName"]).status = "DELETE_COMPLETE"


def _of_its_stack(call: Call) -> dict[str, str]:
    """What a call says, with the change set's name made one of its stack's: moto looks among those of all stacks."""
    said: dict[str, str] = call["said"]
    name = said["ChangeSetName"]
    return said if name.startswith("arn:") else {**said, "ChangeSetName": f"{name}-{said['StackName']}"}


def _without_resources(call: Call) -> dict[str, str]:
    """What a call says, with a template of one resource, another each time: moto refuses what changes nothing."""
    said = _of_its_stack(call)
    if said["StackName"] == "CDKToolkit":
        return said
    bucket, _, key = urlsplit(said.pop("TemplateURL")).path[1:].partition("/")
    stored: Any = get_backend("s3")[ACCOUNT]["aws"].get_object(bucket, key)
    template = json.loads(stored.value)
    plain = {"Type": "String"}  # of a parameter that keeps its value moto looks up the value instead of its name
    template["Parameters"] = {name: {**parameter, **plain} for name, parameter in template["Parameters"].items()}
    template["Resources"] = {"Nothing": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": str(time.time_ns())}}}
    template["Outputs"] = {name: {"Value": OUTPUTS[name]} for name in template.get("Outputs", {}) if name in OUTPUTS}
    template.pop("Rules", None)
    return {**said, "TemplateBody": json.dumps(template)}


_KEPT_HERE = {"UpdateTerminationProtection": _protect, "DeleteChangeSet": _delete_change_set}
_CHANGED = {"CreateChangeSet": _without_resources, "DescribeChangeSet": _of_its_stack}

if __name__ == "__main__":
    run_simple("127.0.0.1", int(sys.argv[1]), Noted(Path(sys.argv[2])), threaded=True)
