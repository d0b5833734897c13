"""What the functions carry is enough to run them, the same every time, and nothing more."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import assets
from infra.assets import HOST
from infra.functions import FUNCTIONS, FunctionSpec


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asset")
    with zipfile.ZipFile(assets.build(HOST)) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
def test_a_function_starts_from_the_asset_alone(unpacked: Path, spec: FunctionSpec) -> None:
    module, _, function = spec.handler.rpartition(".")
    program = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from {module} import {function}"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_an_asset_is_made_once(unpacked: Path) -> None:
    before = assets.build(HOST).stat()
    assert assets.build(HOST).stat() == before
    assert unpacked.exists()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = assets.own_code()
    monkeypatch.setattr(assets, "BUILDS", tmp_path)
    second = assets.own_code()
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_the_asset_is_compiled_and_checks_no_source(unpacked: Path) -> None:
    (compiled,) = (unpacked / "functions" / "__pycache__").glob("__init__.*.pyc")
    hash_based_and_unchecked = 0b01
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == hash_based_and_unchecked


def test_the_asset_knows_only_the_services_that_are_used(unpacked: Path) -> None:
    services = {folder.name for folder in (unpacked / "botocore" / "data").iterdir() if folder.is_dir()}
    assert services == {"dynamodb", "kms", "sesv2", "sns", "sqs", "sts"}


def test_nothing_of_the_tests_or_the_infrastructure_is_carried(unpacked: Path) -> None:
    assert not {"tests", "infra", "local", "pytest", "aws_cdk", "bin"} & {path.name for path in unpacked.iterdir()}
