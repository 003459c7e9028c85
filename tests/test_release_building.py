"""A release folder is complete or absent. What is left when a process is killed: test_crash.py."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tvld.build.release import current, manifest, point_to, publish, releases
from tvld.errors import OutsideError, ReleaseError


def fill(folder: Path) -> Mapping[str, Any]:
    (folder / "a.csv").write_text("a")
    return {"release": "r"}


def start_build(out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tvld", "build", "--data", str(ROOT / "data"), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def whole(folder: Path) -> bool:
    checked = subprocess.run(["sha256sum", "--check", "--status", "SHA256SUMS"], cwd=folder, timeout=30, check=False)
    return checked.returncode == 0


def test_two_builds_at_once_make_one_whole_release(tmp_path: Path) -> None:
    builds = [start_build(tmp_path) for _ in range(2)]

    assert [build.wait(timeout=90) for build in builds] == [0, 0]
    assert {p.name for p in tmp_path.iterdir() if p.is_dir() and not p.is_symlink()} == {current(tmp_path).name, "feed"}
    assert whole(tmp_path / "current")


def test_what_goes_wrong_while_filling_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> Mapping[str, Any]:
        (folder / "half.txt").write_text("half")
        raise ValueError("in the middle")

    with releases(tmp_path):
        publish(tmp_path, "first", fill)
        with pytest.raises(ValueError, match="in the middle"):
            publish(tmp_path, "second", fail)

    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "current", "first", "history.jsonl"]
    assert current(tmp_path) == tmp_path / "first"


def test_a_release_that_stands_is_never_written_again(tmp_path: Path) -> None:
    with releases(tmp_path):
        publish(tmp_path, "first", fill)
        publish(tmp_path, "second", fill)
        stamp = (tmp_path / "first" / "a.csv").stat().st_mtime_ns
        publish(tmp_path, "first", fill)

    assert (tmp_path / "first" / "a.csv").stat().st_mtime_ns == stamp
    assert current(tmp_path) == tmp_path / "first"


def test_a_damaged_release_is_made_anew_in_its_place(tmp_path: Path) -> None:
    with releases(tmp_path):
        publish(tmp_path, "first", fill)
        (tmp_path / "first" / "a.csv").write_text("damaged")
        publish(tmp_path, "first", fill)

    assert whole(tmp_path / "first")
    with releases(tmp_path):
        assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "current", "first", "history.jsonl"]


def test_pointing_back_is_the_rollback(tmp_path: Path) -> None:
    with releases(tmp_path):
        publish(tmp_path, "first", fill)
        publish(tmp_path, "second", fill)
        point_to(tmp_path, "first")

    assert current(tmp_path) == tmp_path / "first"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "dist"
    file.write_text("a file where the folder should be")

    with pytest.raises(OutsideError, match="cannot be written"), releases(file):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full to stand for a full disk")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def overflow(folder: Path) -> Mapping[str, Any]:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x" * 4096)
        return {}

    with pytest.raises(OutsideError, match="No space left"), releases(tmp_path):
        publish(tmp_path, "first", overflow)

    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock"]


def test_a_damaged_manifest_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")

    with pytest.raises(ReleaseError, match=r"manifest\.json"):
        manifest(tmp_path)


def test_current_that_points_nowhere_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("gone")

    assert current(tmp_path) is None
