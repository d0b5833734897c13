"""What the functions carry: our code and the locked third-party wheels in one zip, the same bytes for the same input.

No docker. Zips are kept in `.build/` under the hash of everything that goes into them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
OWN_PACKAGES = ("activation", "functions")
BUILDS = ROOT / ".build"

_KEPT_METADATA = ("email_validator",)
"""pydantic asks importlib.metadata for its version."""
_DROPPED_PARTS = frozenset({"__pycache__", "bin", "tests", "examples", "cffi", "pycparser"})
_DROPPED_SUFFIXES = frozenset({".pyi", ".pyx", ".pxd", ".c", ".h", ".lock"})
_BOTOCORE_DATA = frozenset(
    {"dynamodb", "kms", "sesv2", "sns", "sqs", "sts"}
    | {"endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json"}
)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the code will run. Without `uv_name`, on this machine with this Python."""

    name: str
    uv_name: str | None = None
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"


HOST = Platform("host")
LAMBDA = Platform("lambda", uv_name="aarch64-manylinux_2_28", python="3.13")


def build(platform: Platform) -> Path:
    """The zip for that platform, made unless it stands there already."""
    wheels = _wheels_zip(platform)
    own = list(_own_files())
    target = BUILDS / f"{platform.name}-{_digest([wheels.name, *map(str, own)], [wheels, *own])}.zip"
    if not target.exists():
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder)
            for file in own:
                _copy(file, tree / file.relative_to(ROOT))
            _compile(tree, platform)
            _publish(tree, target, start=wheels)
    return target


def _wheels_zip(platform: Platform) -> Path:
    compiler = _compiler(platform)
    recipe = [platform.name, platform.uv_name or sys.version, compiler or "not compiled"]
    target = BUILDS / f"{platform.name}-wheels-{_digest(recipe, [REQUIREMENTS, Path(__file__)])}.zip"
    if not target.exists():
        with tempfile.TemporaryDirectory() as folder:
            installed, tree = Path(folder, "installed"), Path(folder, "tree")
            _install(platform, installed)
            for file in sorted(installed.rglob("*")):
                if file.is_file() and _is_needed(file.relative_to(installed)):
                    _copy(file, tree / file.relative_to(installed))
            _compile(tree, platform)
            _publish(tree, target)
    return target


def _install(platform: Platform, target: Path) -> None:
    if platform.uv_name is None:
        for name in _locked_names():
            for file in metadata.distribution(name).files or ():
                if ".." not in file.parts:
                    _copy(Path(str(file.locate())), target / file)
        return
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(target)]
    command += ["--python-platform", platform.uv_name, "--python-version", platform.python]
    # Links would let what is cut here be cut from uv's cache too.
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
        return file.parts[2] in _BOTOCORE_DATA
    return _DROPPED_PARTS.isdisjoint(file.parts) and file.suffix not in _DROPPED_SUFFIXES


def _own_files() -> Iterator[Path]:
    for package in OWN_PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _compile(tree: Path, platform: Platform) -> None:
    """Compile once here instead of at each cold start; unchecked, since nothing changes in a zip."""
    compiler = _compiler(platform)
    if compiler is None:
        print(f"no python{platform.python} here: {platform.name} functions start slower, uncompiled", file=sys.stderr)
        return
    command = [compiler, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    _run([*command, "-s", str(tree), str(tree)], platform)


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


def _publish(tree: Path, target: Path, start: Path | None = None) -> None:
    """Zip the tree, after what `start` holds, so that a reader sees nothing or all of it."""
    BUILDS.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=BUILDS, suffix=".part", delete=False) as part:
        draft = Path(part.name)
    if start:
        shutil.copyfile(start, draft)
    with zipfile.ZipFile(draft, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    draft.replace(target)


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
