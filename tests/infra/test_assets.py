"""What the functions carry is enough to run them, the same every time, and nothing more."""

import gzip
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import botocore
import pytest
from botocore.loaders import Loader

from activation.adapters.tables import TABLES
from infra import assets
from infra.assets import HOST, LAMBDA, Platform
from infra.functions import FUNCTIONS, FunctionSpec
from tests.functions.visitor import gateway_event
from tests.infra.runtime import drive

AARCH64 = 183
"""What an ELF header says of a library for arm64."""

EACH_PLATFORM = pytest.mark.parametrize("platform", [HOST, LAMBDA], ids=lambda platform: platform.name)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asset")
    with zipfile.ZipFile(assets.build(HOST)) as archive:
        archive.extractall(folder)
    return folder


@EACH_PLATFORM
def test_an_asset_is_small(platform: Platform) -> None:
    zipped, unpacked_size = assets.sizes(assets.build(platform))
    assert zipped <= assets.MOST_ZIPPED
    assert unpacked_size <= assets.MOST_UNPACKED


@EACH_PLATFORM
def test_an_asset_carries_nothing_that_does_not_run(platform: Platform) -> None:
    with zipfile.ZipFile(assets.build(platform)) as archive:
        names = [Path(name) for name in archive.namelist()]
    assert not [name for name in names if name.suffix in {".pyi", ".pyx", ".c", ".h"}]
    assert not [name for name in names if {"tests", "examples", "bin"} & set(name.parts)]
    assert not {"tests", "infra", "local", "web", "pytest", "aws_cdk", "moto"} & {name.parts[0] for name in names}


def test_what_lambda_gets_is_made_for_arm64_and_its_python() -> None:
    with zipfile.ZipFile(assets.build(LAMBDA)) as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        headers = [archive.read(name)[:20] for name in libraries]
    assert {"pydantic_core", "_argon2_cffi_bindings", "markupsafe"} <= {name.split("/")[0] for name in libraries}
    assert {header[:4] for header in headers} == {b"\x7fELF"}
    assert {struct.unpack_from("<H", header, 18)[0] for header in headers} == {AARCH64}
    versions = {name.split("cpython-")[1].split("-")[0] for name in libraries if "cpython-" in name}
    assert versions == {LAMBDA.python.replace(".", "")}


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
def test_a_function_starts_from_the_asset_alone(unpacked: Path, spec: FunctionSpec) -> None:
    module, _, function = spec.handler.rpartition(".")
    program = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from {module} import {function}"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_lambdas_own_client_drives_a_function_from_the_asset(unpacked: Path, tmp_path: Path) -> None:
    settings = {
        "STAGE": "dev",
        "PUBLIC_ORIGINS": "https://compte.exemple.fr",
        "CLIENT_ADDRESS": "gateway",
        "PEPPER_KEY_ID": "pepper",
        "POWERTOOLS_SERVICE_NAME": "account",
        "POWERTOOLS_METRICS_NAMESPACE": "AccountActivation",
        **{table.setting: table.name for table in TABLES},
    }
    event = gateway_event("GET", "/api/session", None, {}, "203.0.113.7")
    given = drive(unpacked, "functions.account.handler.lambda_handler", event, settings=settings, folder=tmp_path)
    assert given["path"].endswith("/response"), given
    assert given["answer"]["statusCode"] == 200
    assert json.loads(given["answer"]["body"])["who"] == "anonymous"


def test_an_asset_is_made_once(unpacked: Path) -> None:
    before = assets.build(HOST).stat()
    assert assets.build(HOST).stat() == before
    assert unpacked.exists()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = assets.build(HOST)
    monkeypatch.setattr(assets, "BUILDS", tmp_path)
    second = assets.build(HOST)
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_the_asset_is_compiled_and_checks_no_source(unpacked: Path) -> None:
    (own,) = (unpacked / "functions" / "__pycache__").glob("__init__.*.pyc")
    hash_based_and_unchecked = 0b01
    for compiled in (own, unpacked / "pydantic" / "main.pyc"):
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == hash_based_and_unchecked


def test_the_asset_knows_only_the_services_that_are_used(unpacked: Path) -> None:
    services = {folder.name for folder in (unpacked / "botocore" / "data").iterdir() if folder.is_dir()}
    assert services == {"dynamodb", "kms", "s3", "sesv2", "sns", "sqs"}


def test_the_asset_knows_the_endpoints_of_those_services_alone(unpacked: Path) -> None:
    endpoints = json.loads((unpacked / "botocore" / "data" / "endpoints.json").read_text())
    known = {service for partition in endpoints["partitions"] for service in partition["services"]}
    assert known == {"dynamodb", "kms", "s3", "email", "sns", "sqs"}


def test_the_models_of_those_services_are_whole_but_for_their_texts(unpacked: Path) -> None:
    for service in (unpacked / "botocore" / "data").iterdir():
        for lean in service.glob("*/service-2.json.gz"):
            model = gzip.decompress(lean.read_bytes()).decode()
            assert '"documentation":"' not in model
            whole = Loader().load_service_model(service.name, "service-2")
            assert json.loads(model)["operations"].keys() == whole["operations"].keys()
            assert json.loads(model)["shapes"].keys() == whole["shapes"].keys()


def test_what_is_cut_is_cut_on_a_copy(unpacked: Path) -> None:
    assert unpacked.exists()
    installed = Path(botocore.__file__).parent / "data" / "endpoints.json"
    assert len(installed.read_bytes()) > 10 * len((unpacked / "botocore" / "data" / "endpoints.json").read_bytes())
