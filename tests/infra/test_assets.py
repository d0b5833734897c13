"""What the functions carry is enough to run them, the same every time, and nothing more."""

import gzip
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import botocore
import pytest

from activation.adapters.tables import TABLES
from bench.runtime import RUNTIME_PACKAGES, Installed, Process
from infra import assets
from infra.assets import ASSETS, HOST, LAMBDA, ROSTERS, SHARED, Asset, Platform
from infra.functions import FUNCTIONS
from tests.functions.visitor import gateway_event
from tests.workbooks import as_xlsx

AARCH64 = 183
"""What an ELF header says of a library for arm64."""

EACH_ASSET = pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
EACH_PLATFORM = pytest.mark.parametrize("platform", [HOST, LAMBDA], ids=lambda platform: platform.name)


@pytest.fixture(scope="session")
def all_unpacked(tmp_path_factory: pytest.TempPathFactory) -> dict[Asset, Path]:
    folders = {asset: tmp_path_factory.mktemp(asset.name) for asset in ASSETS}
    for asset, folder in folders.items():
        with zipfile.ZipFile(assets.build(HOST, asset)) as archive:
            archive.extractall(folder)
    return folders


@pytest.fixture(scope="session")
def unpacked(all_unpacked: dict[Asset, Path]) -> Path:
    return all_unpacked[SHARED]


def told_alone(folder: Path, program: str) -> str:
    """What a program says that knows nothing but Python and the folder."""
    found = f"import sys; sys.path.insert(0, {str(folder)!r})\n{program}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", found], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@EACH_ASSET
@EACH_PLATFORM
def test_an_asset_is_small_and_carries_nothing_that_does_not_run(platform: Platform, asset: Asset) -> None:
    zipped, unpacked_size = assets.sizes(assets.build(platform, asset))
    assert zipped <= asset.most_zipped
    assert unpacked_size <= asset.most_unpacked
    with zipfile.ZipFile(assets.build(platform, asset)) as archive:
        names = [Path(name) for name in archive.namelist()]
    assert not [name for name in names if name.suffix in {".pyi", ".pyx", ".c", ".h"}]
    assert not [name for name in names if {"tests", "examples", "bin"} & set(name.parts)]
    assert not {"tests", "infra", "local", "web", "pytest", "aws_cdk", "moto"} & {name.parts[0] for name in names}


@EACH_PLATFORM
def test_only_the_import_of_rosters_carries_what_reads_workbooks(platform: Platform) -> None:
    carried = {}
    for asset in ASSETS:
        with zipfile.ZipFile(assets.build(platform, asset)) as archive:
            carried[asset] = set(archive.namelist())
    more = carried[ROSTERS] - carried[SHARED]
    assert carried[SHARED] < carried[ROSTERS]
    assert {Path(name).parts[0] for name in more} == {"python_calamine"}
    assert [spec.name for spec in FUNCTIONS if spec.asset is ROSTERS] == ["import_roster"]


def test_what_lambda_gets_is_made_for_arm64_and_its_python() -> None:
    with zipfile.ZipFile(assets.build(LAMBDA, ROSTERS)) as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        headers = [archive.read(name)[:20] for name in libraries]
    assert {"pydantic_core", "_argon2_cffi_bindings", "markupsafe", "python_calamine"} <= {
        name.split("/")[0] for name in libraries
    }
    assert {header[:4] for header in headers} == {b"\x7fELF"}
    assert {struct.unpack_from("<H", header, 18)[0] for header in headers} == {AARCH64}
    versions = {name.split("cpython-")[1].split("-")[0] for name in libraries if "cpython-" in name}
    assert versions == {LAMBDA.python.replace(".", "")}


@EACH_ASSET
def test_functions_start_from_their_asset_alone(all_unpacked: dict[Asset, Path], asset: Asset) -> None:
    handlers = [spec.handler.rpartition(".") for spec in FUNCTIONS if spec.asset is asset]
    imports = [f"from {module} import {function}" for module, _, function in handlers]
    assert imports
    assert told_alone(all_unpacked[asset], "\n".join(imports)) == ""


def test_a_workbook_is_read_from_the_asset_alone(all_unpacked: dict[Asset, Path], tmp_path: Path) -> None:
    file = tmp_path / "personnes"
    file.write_bytes(as_xlsx([["identifiant", "nom"], ["00000001", "Garcia"]]))
    program = f"""
import sys
from activation.adapters.workbooks import ChildProcessWorkbooks
from activation.domain.roster.columns import ROSTER
from activation.domain.roster.ports import UploadedFile
class File:
    def chunks(self, upload):
        with open(upload.key, "rb") as file:
            yield file.read()
upload = UploadedFile({str(file)!r}, "1", 0, {file.stat().st_size})
with ChildProcessWorkbooks().opened(File(), upload, ROSTER) as opened:
    print(b"".join(opened.text.chunks(upload)).count(b"Garcia"), "python_calamine" in sys.modules)
"""
    assert told_alone(all_unpacked[ROSTERS], program).split() == ["1", "False"]


def client_in(folder: Path) -> Path:
    for name in RUNTIME_PACKAGES:
        for file in metadata.distribution(name).files or ():
            if ".." not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return folder


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
    alone = Installed(sys.executable, (unpacked, client_in(tmp_path)))
    with Process(alone, "functions.account.handler.lambda_handler", settings, is_heard=True) as process:
        given = process.call(event)
    assert given.path.endswith("/response"), given
    assert given.body["statusCode"] == 200
    assert json.loads(given.body["body"])["who"] == "anonymous"


def test_an_asset_is_made_once_and_the_same_input_gives_the_same_bytes(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unpacked.exists()
    first, before = assets.build(HOST), assets.build(HOST).stat()
    assert assets.build(HOST).stat() == before
    monkeypatch.setattr(assets, "BUILDS", tmp_path)
    second = assets.build(HOST)
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_the_asset_is_compiled_and_checks_no_source(unpacked: Path) -> None:
    (own,) = (unpacked / "functions" / "__pycache__").glob("__init__.*.pyc")
    hash_based_and_unchecked = 0b01
    for compiled in (own, unpacked / "pydantic" / "main.pyc"):
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == hash_based_and_unchecked


def test_the_asset_knows_only_the_services_that_are_used_and_their_endpoints(unpacked: Path) -> None:
    services = {folder.name for folder in (unpacked / "botocore" / "data").iterdir() if folder.is_dir()}
    assert services == {"dynamodb", "kms", "s3", "sesv2", "sns", "sqs"}
    endpoints = json.loads((unpacked / "botocore" / "data" / "endpoints.json").read_text())
    known = {service for partition in endpoints["partitions"] for service in partition["services"]}
    assert known == {"dynamodb", "kms", "s3", "email", "sns", "sqs"}


def test_the_models_of_those_services_are_whole_but_for_their_texts_and_arns(unpacked: Path) -> None:
    for service in (unpacked / "botocore" / "data").iterdir():
        for lean in service.glob("*/service-2.json.gz"):
            assert _is_cut_right(_model(lean), _model(_installed(lean, unpacked)))


def test_a_client_of_each_of_those_services_is_made_from_the_asset_alone(unpacked: Path) -> None:
    program = """
from botocore.session import Session
session = Session()
for service in session.get_available_services():
    session.create_client(service, "eu-west-3", aws_access_key_id="none", aws_secret_access_key="none")
"""
    assert told_alone(unpacked, program) == ""


def test_what_is_cut_is_cut_on_a_copy(unpacked: Path) -> None:
    for cut in (unpacked / "botocore" / "data").rglob("*"):
        if cut.name in {"endpoints.json", "service-2.json.gz"}:
            assert _installed(cut, unpacked).stat().st_size > 1.1 * cut.stat().st_size


def _installed(cut: Path, unpacked: Path) -> Path:
    """Where a file of botocore's was copied from."""
    return Path(botocore.__file__).parent / cut.relative_to(unpacked / "botocore")


def _model(file: Path) -> Any:
    return json.loads(gzip.decompress(file.read_bytes()))


def _is_cut_right(lean: Any, whole: Any) -> bool:
    """Whether every text of documentation is blank, nothing looks for ARNs, and all else is the same."""
    if isinstance(whole, dict):
        return lean.keys() == whole.keys() - {"operationContextParams"} and all(
            value == "" if key == "documentation" and isinstance(whole[key], str) else _is_cut_right(value, whole[key])
            for key, value in lean.items()
        )
    if isinstance(whole, list):
        return len(lean) == len(whole) and all(map(_is_cut_right, lean, whole))
    return bool(lean == whole)
