"""What correspondents send gets in by one way, and counts as theirs."""

from activation.api import requests
from activation.domain.roster.imports import ImportPaths, import_id_of
from activation.domain.upload_keys import UPLOADED, UploadPaths
from functions.correspondent.handler import api
from infra.constructs import roster
from infra.routes import FILES, LARGER_BODIES, MOST_BODY_BYTES
from tests.resources import Resources


def test_the_edge_and_the_functions_agree_on_how_long_a_body_may_be_and_lambda_takes_it_in_base64() -> None:
    assert requests.MOST_BODY_BYTES == MOST_BODY_BYTES
    assert set(LARGER_BODIES.values()) == {requests.MOST_FILE_BYTES}
    assert requests.FILES == FILES
    assert api.files == LARGER_BODIES.keys()
    most_payload, others = 6 * 1024 * 1024, 64 * 1024
    assert requests.MOST_FILE_BYTES * 4 / 3 + others <= most_payload


def _folder(resource: object) -> str:
    """What a resource of the bucket ends with; empty for the bucket itself."""
    parts = resource["Fn::Join"][1] if isinstance(resource, dict) and "Fn::Join" in resource else []
    return str(parts[-1]) if parts else ""


def test_correspondents_files_are_put_where_they_count_as_theirs_and_nowhere_else(service: Resources) -> None:
    reached = {
        (action, _folder(resource))
        for statement in service.statements("correspondent")
        for action in statement["Action"]
        if action.startswith("s3:")
        for resource in statement["Resource"]
    }
    assert reached == {("s3:GetObject", "/reports/C*"), ("s3:PutObject", "/correspondents/*"), ("s3:ListBucket", "")}
    assert roster.UPLOADED == UPLOADED
    paths = UploadPaths("C40218866", "x")
    assert paths.file.startswith(UPLOADED)
    assert ImportPaths(paths.import_id).report("csv").startswith(roster.THEIR_REPORTS)
    operators = import_id_of("incoming/a.csv", "1", 1_795_512_000)
    assert not ImportPaths(operators).report("csv").startswith(roster.THEIR_REPORTS)
