"""What correspondents send gets in by one way, and counts as theirs."""

import json

from activation.api import requests
from activation.domain.uploads import UPLOADED, UploadPaths
from functions.correspondent.handler import api
from infra.constructs import roster
from infra.routes import FILES, LARGER_BODIES, MOST_BODY_BYTES
from tests.infra.resources import Resources


def test_the_edge_and_the_functions_agree_on_how_long_a_body_may_be() -> None:
    assert requests.MOST_BODY_BYTES == MOST_BODY_BYTES
    assert set(LARGER_BODIES.values()) == {requests.MOST_FILE_BYTES}
    assert requests.FILES == FILES
    assert api.files == LARGER_BODIES.keys()


def test_no_file_is_too_long_for_lambda_in_base64() -> None:
    most_payload, others = 6 * 1024 * 1024, 64 * 1024
    assert requests.MOST_FILE_BYTES * 4 / 3 + others <= most_payload


def test_the_function_of_correspondents_puts_files_where_they_count_as_theirs_and_nowhere_else(
    service: Resources,
) -> None:
    reached = {
        (action, json.dumps(resource).rpartition("/")[0].rpartition('"')[2])
        for statement in service.statements("correspondent")
        for action in statement["Action"]
        if action.startswith("s3:")
        for resource in statement["Resource"]
    }
    assert reached == {("s3:GetObject", "/correspondents"), ("s3:PutObject", "/correspondents")}
    assert roster.UPLOADED == UPLOADED
    assert UploadPaths("C40218866", "x").file.startswith(UPLOADED)
