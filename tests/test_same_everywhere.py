"""The same tables give the same bytes: in any folder, time zone and hash seed, on every Python that can be had."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Seed, time zone, language: what else a machine may have its own way with.
MACHINES = [("0", "UTC", "C.UTF-8"), ("1", "Pacific/Kiritimati", "C"), ("4711", "America/St_Johns", "fi_FI.UTF-8")]


@cache
def python(version: str) -> Path | None:
    """Find an interpreter of a version: this one, or one on the path or of pyenv."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return Path(sys.executable)
    installed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python3"))
    found = shutil.which(f"python{version}")
    candidates = [*installed, *([Path(found)] if found else [])]
    works = (path for path in candidates if not subprocess.run([path, "-c", ""], capture_output=True).returncode)
    return next(works, None)


@pytest.fixture(scope="session")
def interpreters(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A virtual environment with the locked libraries for each other Python; those that cannot be made are left out."""
    made = {}
    for version in PYTHONS if request.config.getoption("--every-python") else ():
        if (found := python(version)) is None:
            continue
        if found == Path(sys.executable):
            made[version] = found
            continue
        folder = tmp_path_factory.mktemp(f"python-{version}")
        uv = [sys.executable, "-m", "uv", "--quiet"]
        steps = (
            [*uv, "venv", "--python", str(found), str(folder / "venv")],
            [*uv, "pip", "install", "--python", str(folder / "venv"), "-r", str(ROOT / "requirements" / "run.lock")],
            [*uv, "pip", "install", "--python", str(folder / "venv"), "--no-deps", "--no-build-isolation", str(ROOT)],
        )
        if all(not subprocess.run(step, capture_output=True, timeout=300).returncode for step in steps):
            made[version] = folder / "venv" / "bin" / "python"
    return made


def build(interpreter: Path, folder: Path, machine: tuple[str, str, str]) -> Path:
    seed, zone, language = machine
    shutil.copytree(ROOT / "data", folder / "data")
    subprocess.run(
        [interpreter, "-m", "tvld", "build", "--data", "data", "--out", "dist"],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONUTF8": "0"},
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "dist" / "current"


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(Path(sys.executable), tmp_path_factory.mktemp("first"), MACHINES[0])


@pytest.mark.parametrize("machine", MACHINES[1:], ids=lambda machine: machine[1])
def test_a_clean_build_is_the_same_in_another_folder_zone_and_seed(
    first: Path, tmp_path: Path, machine: tuple[str, str, str]
) -> None:
    again = build(Path(sys.executable), tmp_path / "a longer name", machine)

    for sums in ("SHA256SUMS", "SHA256SUMS.derived"):
        assert (again / sums).read_bytes() == (first / sums).read_bytes()


@pytest.mark.parametrize("version", PYTHONS)
def test_a_clean_build_is_the_same_on_every_python(
    first: Path, interpreters: dict[str, Path], tmp_path: Path, version: str
) -> None:
    if version not in interpreters:
        pytest.skip(f"Python {version}: give --every-python, and have it installed")
    again = build(interpreters[version], tmp_path, MACHINES[2])

    assert (again / "SHA256SUMS").read_bytes() == (first / "SHA256SUMS").read_bytes()
    # What libraries pack is held to its content alone: zlib and SQLite come with the interpreter.
    names = [
        [line[66:] for line in (folder / "SHA256SUMS.derived").read_text().splitlines()] for folder in (again, first)
    ]
    assert names[0] == names[1]
