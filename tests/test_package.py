"""An installed tvld works in an empty folder: the wheel carries all that the code reads."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

CARRIED = {
    "ontology": ("ontology/*.ttl", "ontology/codelists/*.ttl", "ontology/questions/*.rq"),
    "shapes": ("shapes/*.ttl",),
    "data": ("data/kaupunki/*", "data/kaupunki/source/*"),
    "templates": ("src/tvld/serve/web/templates/*.html", "src/tvld/serve/web/static/*"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=90,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.parametrize("part", CARRIED)
def test_the_wheel_carries(wheel: Path, part: str) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = [path.relative_to(ROOT) for pattern in CARRIED[part] for path in ROOT.glob(pattern) if path.is_file()]
    expected = {str(f.relative_to("src")) if f.parts[0] == "src" else f"tvld/share/{f}" for f in files}

    assert files
    assert expected <= inside


def test_an_unpacked_wheel_builds_and_answers_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    query = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/tvld/ns#DataStore> }"
    told = [
        subprocess.run(
            [sys.executable, "-m", "tvld", *arguments],
            cwd=empty,
            env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        for arguments in (["build"], ["query", query, "--format", "csv"])
    ]

    assert "dist/2026-" in told[0]
    assert told[1].split() == ["n", "39"]
