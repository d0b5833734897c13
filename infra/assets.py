"""The assets of the functions: our code and the locked third-party wheels in a zip, the same bytes for the same input.

All functions share one, but for the import of rosters, which reads workbooks. No docker. Zips are kept in `.build/`
under the hash of everything that goes into them.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
OWN_PACKAGES = ("activation", "functions")
BUILDS = ROOT / ".build"


@dataclass(frozen=True, slots=True)
class Asset:
    """A zip that some functions run from: our code and these parts of the wheels, in at most so many bytes."""

    name: str
    parts: tuple[str, ...]
    most_zipped: int
    most_unpacked: int


_ALL, _ROSTERS = "all", "rosters"
_PART_OF = {"python_calamine": _ROSTERS}
"""The part of the wheels that a package belongs to, when not every function carries it."""

SHARED = Asset("shared", (_ALL,), 8_200_000, 30_000_000)
"""The asset of most functions. An asset over its budget of bytes starts slower for everybody."""

ROSTERS = Asset("rosters", (_ALL, _ROSTERS), 9_500_000, 33_000_000)
ASSETS = (SHARED, ROSTERS)

_KEPT_METADATA = ("email_validator",)
"""The packages whose metadata stays: pydantic asks importlib.metadata for the version."""
_DROPPED_PARTS = frozenset(
    {"__pycache__", "bin", "tests", "examples", "cffi", "pycparser"}
    # A page to try an API out; asking DNS about an address; dateutil's own time zones; pydantic 1; above botocore.
    | {"swagger_ui", "dns", "zoneinfo", "v1", "boto3", "s3transfer"}
    # What mypy learns of pydantic.
    | {"mypy.py"}
)
_DROPPED_SUFFIXES = frozenset({".pyi", ".pyx", ".pxd", ".c", ".h", ".lock", ".typed"})
_BOTOCORE_EXTRAS = frozenset({"examples-1.json", "waiters-2.json"})
_BOTOCORE_DATA = frozenset(
    {"dynamodb", "kms", "s3", "sesv2", "sns", "sqs"}
    | {"endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json"}
)
_LOOKS_FOR_ARNS = "operationContextParams"
"""With it botocore looks for an account's id in tables' ARNs, at each call. Ours have names: it would find none."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform that the code will run on. Without `uv_name`, this machine with this Python."""

    name: str
    uv_name: str | None = None
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"


HOST = Platform("host")
LAMBDA = Platform("lambda", uv_name="aarch64-manylinux_2_28", python="3.13")


def build(platform: Platform, asset: Asset = SHARED) -> Path:
    """The zip for that platform, made unless it stands there already."""
    wheels = third_party(platform, asset)
    digest = _digest([str(folder.relative_to(BUILDS)) for folder in wheels], _own_files())
    target = BUILDS / f"{platform.name}-{asset.name}-{digest}.zip"
    if not target.exists():
        with _draft() as draft:
            _zip([*wheels, _own_tree(draft, platform)], draft / target.name)
            (draft / target.name).replace(target)
    return target


def sizes(zipped: Path) -> tuple[int, int]:
    """The bytes of a zip, and of its content."""
    with zipfile.ZipFile(zipped) as archive:
        return zipped.stat().st_size, sum(entry.file_size for entry in archive.infolist())


def own_code() -> Path:
    """The zip of our own code alone, for this machine."""
    target = BUILDS / f"own-{_digest([HOST.python], _own_files())}.zip"
    if not target.exists():
        with _draft() as draft:
            _zip([_own_tree(draft, HOST)], draft / target.name)
            (draft / target.name).replace(target)
    return target


def third_party(platform: Platform, asset: Asset = SHARED) -> list[Path]:
    """The folders of the asset's wheels for that platform, without what never runs, and compiled."""
    compiler = _compiler(platform)
    recipe = [platform.name, platform.uv_name or sys.version, compiler or "not compiled"]
    target = BUILDS / f"{platform.name}-wheels-{_digest(recipe, [REQUIREMENTS, Path(__file__)])}"
    if not target.exists():
        with _draft() as draft:
            installed, tree = draft / "installed", draft / "tree"
            _install(platform, installed)
            for file in sorted(installed.rglob("*")):
                place = file.relative_to(installed)
                if file.is_file() and _is_needed(place):
                    _copy(file, tree / _PART_OF.get(place.parts[0], _ALL) / place)
            _cut_models(tree / _ALL / "botocore" / "data")
            _cut_endpoints(tree / _ALL / "botocore" / "data")
            for part in tree.iterdir():
                _compile(part, platform, keep_source=False)
            put_in_place(tree, target)
    return [target / part for part in asset.parts]


@contextmanager
def _draft() -> Iterator[Path]:
    """A folder beside the builds: a finished build is moved from it at once and never seen half made."""
    BUILDS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILDS, prefix="draft-") as name:
        yield Path(name)


def put_in_place(tree: Path, target: Path) -> None:
    """Give a finished folder its name, unless another process was faster."""
    try:
        tree.replace(target)
    except OSError:
        if not target.exists():
            raise


def _own_tree(draft: Path, platform: Platform) -> Path:
    tree = draft / "own"
    for file in _own_files():
        _copy(file, tree / file.relative_to(ROOT))
    _compile(tree, platform)
    return tree


def _install(platform: Platform, target: Path) -> None:
    if platform.uv_name is None:
        for name in _locked_names():
            for file in metadata.distribution(name).files or ():
                if ".." not in file.parts:
                    _copy(Path(str(file.locate())), target / file)
        return
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(target)]
    command += ["--python-platform", platform.uv_name, "--python-version", platform.python]
    # Hard links would let a change here change uv's cache too.
    command += ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy"]
    _run([*command, "--requirements", str(REQUIREMENTS)], platform)


def _locked_names() -> Iterator[str]:
    for line in REQUIREMENTS.read_text().splitlines():
        if line and line[0].isalnum():
            requirement = Requirement(line.removesuffix("\\"))
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement.name


def _is_needed(file: Path) -> bool:
    top = file.parts[0]
    if top.endswith(".dist-info"):
        return file.name == "METADATA" and top.startswith(_KEPT_METADATA)
    if file.parts[:2] == ("botocore", "data"):
        return file.parts[2] in _BOTOCORE_DATA and file.name not in _BOTOCORE_EXTRAS
    if file.parts[:2] == ("boto3", "data"):  # its resources; we use clients
        return False
    if file.parts[:2] == ("phonenumbers", "shortdata"):  # the numbers of emergency services, by country
        return file.name == "__init__.py"
    return _DROPPED_PARTS.isdisjoint(file.parts) and file.suffix not in _DROPPED_SUFFIXES


def _cut_models(data: Path) -> None:
    """Make botocore's models of the services smaller: without documentation, and nothing is looked for in ARNs."""
    for file in data.glob("*/*/service-2.json.gz"):
        model = json.loads(gzip.decompress(file.read_bytes()))
        lean = json.dumps(_lean(model), separators=(",", ":")).encode()
        file.write_bytes(gzip.compress(lean, mtime=0))


def _lean(node: Any) -> Any:
    """The same tree with each text called `documentation` blank; the key stays, as botocore asks for some.

    A member of a service may be called `documentation` too: it is a tree, and stays as it is.
    """
    if isinstance(node, dict):
        return {
            key: "" if key == "documentation" and isinstance(value, str) else _lean(value)
            for key, value in node.items()
            if key != _LOOKS_FOR_ARNS
        }
    return [_lean(value) for value in node] if isinstance(node, list) else node


def _cut_endpoints(data: Path) -> None:
    """Keep only the used services in `endpoints.json`: reading it whole takes 25 ms of a cold start."""
    models = [json.loads(gzip.decompress(file.read_bytes())) for file in data.glob("*/*/service-2.json.gz")]
    used = {model["metadata"]["endpointPrefix"] for model in models}
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in sorted(used & services.keys())}
    file.write_text(json.dumps(endpoints))


def _own_files() -> Iterator[Path]:
    for package in OWN_PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _compile(tree: Path, platform: Platform, *, keep_source: bool = True) -> None:
    """Compile once here instead of at each cold start; unchecked, since nothing changes in a zip.

    Third-party modules lose their source: the zip, which Lambda reads at each cold start, has 7.5 MB instead of 12. A
    trace through them keeps file and line, without the line's text. Our own keep it, for anyone who reads a deployed
    function. Compiled files fit one version of Python, so the runtime and `Platform.python` change together.
    """
    if not is_compiled(platform):
        sys.stderr.write(f"no python{platform.python} here: {platform.name} functions start slower, uncompiled\n")
        return
    command = [str(_compiler(platform)), "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    if not keep_source:
        command.append("-b")
    _run([*command, "-s", str(tree), str(tree)], platform)
    for source in [] if keep_source else tree.rglob("*.py"):
        source.unlink()


def is_compiled(platform: Platform) -> bool:
    """Whether a build for that platform comes compiled: this machine needs a Python of its version."""
    return _compiler(platform) is not None


def _compiler(platform: Platform) -> str | None:
    """A Python of the platform's version, if this machine has one that runs."""
    if platform.uv_name is None:
        return sys.executable
    found = shutil.which(f"python{platform.python}")
    return found if found and _run([found, "-c", "pass"], platform, check=False) == 0 else None


def _run(command: list[str], platform: Platform, *, check: bool = True) -> int:
    # pyenv's shims refuse a version that is installed but not chosen.
    environment = {**os.environ, "PYENV_VERSION": platform.python} if platform.uv_name else None
    return subprocess.run(command, check=check, env=environment).returncode  # noqa: S603  # our own arguments


def _zip(trees: Iterable[Path], target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for tree in trees:
            for file in sorted(path for path in tree.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _ZIP_TIME)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _digest(words: Iterable[str], files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]
