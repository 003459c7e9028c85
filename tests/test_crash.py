"""Whenever the power goes, the disk fills or a process is killed: never a half release, never a lost one."""

import os
import random
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import crashes
from tests.conftest import ROOT
from tvld.build.release import CURRENT, current, releases, whole
from tvld.signature import new_key

KILLS_OF_WORK = 14
KILLS_OF_BUILDS = 6

WITH_MOUNTS = shutil.which("unshare") is not None and (
    subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0
)
needs_mounts = pytest.mark.skipif(not WITH_MOUNTS, reason="this user may not mount: no small or read-only disk to try")
BUILD = [sys.executable, "-m", "tvld", "build"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def dated(data: Path, day: int) -> None:
    """Change the tables, so that the next build makes another release."""
    path = data / "kaupunki" / "organisation.toml"
    path.write_text(re.sub(r"(?m)^modified = .*", f"modified = 2026-12-{day:02}", path.read_text(encoding="utf-8")))


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TVLD_")}


def test_killed_while_it_publishes_chooses_and_removes(tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    out, chance, made = tmp_path / "dist", random.Random(4), 0
    for number in range(KILLS_OF_WORK):
        said = crashes.kill_work(out, tmp_path / "key", chance)
        made += sum(line.startswith("made") for line in said)
        assert crashes.damage(out) == [], f"kill {number}"
        assert crashes.lost(out, said) == [], f"kill {number}"
    assert made > KILLS_OF_WORK

    with releases(out):
        assert crashes.left_behind(out) == []


def test_a_build_killed_at_any_instant_leaves_no_half_release(tmp_path: Path, data: Path) -> None:
    out, chance = tmp_path / "dist", random.Random(5)
    seconds = crashes.build(data, out)
    first = current(out)
    assert first is not None
    for number in range(KILLS_OF_BUILDS):
        dated(data, number + 1)
        crashes.kill_build(data, out, chance, seconds)
        assert crashes.damage(out) == [], f"kill {number}"
        assert whole(first)

    crashes.build(data, out)
    assert crashes.left_behind(out) == []
    assert current(out) != first
    assert crashes.damage(out) == []


FULL = """
import re, subprocess, sys
from pathlib import Path
out, data, build = Path(sys.argv[1]), sys.argv[2], sys.argv[4:]
mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(out)]
subprocess.run(mount, check=True)
run = lambda: subprocess.run([*build, "--data", data, "--out", str(out)], capture_output=True, text=True, timeout=120)
assert run().returncode == 0
toml = Path(data, "kaupunki", "organisation.toml")
toml.write_text(re.sub(r"(?m)^modified = .*", "modified = 2026-12-24", toml.read_text(encoding="utf-8")))
before = sorted(p.name for p in out.iterdir())
for kib in map(int, sys.argv[3].split(",")):
    import os
    free = os.statvfs(out).f_bavail * os.statvfs(out).f_frsize
    with (out / ".ballast").open("wb") as ballast:
        ballast.write(bytes(free - kib * 1024))
    found = run()
    (out / ".ballast").unlink()
    print(kib, found.returncode, sorted(p.name for p in out.iterdir()) == before, found.stderr.strip().splitlines()[-1])
print("after", run().returncode)
from tests.crashes import damage, left_behind
print("damage", damage(out), left_behind(out))
"""


@needs_mounts
def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path, data: Path) -> None:
    """Full at several places: in the dumps, in what libraries pack, at the end."""
    (tmp_path / "dist").mkdir()
    sizes = [4, 2400, 7200]
    script = [sys.executable, "-c", FULL, tmp_path / "dist", data, ",".join(map(str, sizes)), *BUILD]

    run = subprocess.run(
        ["unshare", "--mount", *map(str, script)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    *told, after, damage = run.stdout.splitlines() or [run.stderr]
    assert run.returncode == 0, run.stderr
    assert len(told) == len(sizes)
    for line in told:
        assert re.fullmatch(r"\d+ 3 True tvld: .*(No space left on device|disk is full).*", line), told
    assert (after, damage) == ("after 0", "damage [] []")


def test_a_file_that_may_not_grow_is_told_and_leaves_nothing(tmp_path: Path, data: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    run = subprocess.run(
        [*BUILD, "--data", data, "--out", tmp_path / "dist"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=limit,
    )

    assert run.returncode == 3, run.stderr
    assert "File too large" in run.stderr.splitlines()[-1]
    assert [p.name for p in (tmp_path / "dist").iterdir()] == [".lock"]


READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
shift
exec "$@"
"""


@needs_mounts
def test_a_read_only_folder_is_told_and_left_as_it_is(tmp_path: Path, data: Path) -> None:
    out = tmp_path / "dist"
    build = [*map(str, BUILD), "--data", str(data), "--out", str(out)]
    crashes.build(data, out)

    def read_only() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(out), *build],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    # What is made already is found, though nothing can be written.
    assert read_only().returncode == 0
    before = sorted(p.name for p in out.iterdir())
    dated(data, 24)
    refused = read_only()
    assert refused.returncode == 3
    assert re.search(r"dist.*cannot be written: Read-only file system", refused.stderr.splitlines()[-1])
    assert sorted(p.name for p in out.iterdir()) == before
    assert crashes.damage(out) == []


PUBLISH = """
import sys
from pathlib import Path
from tvld.build.release import publish, releases
def fill(folder):
    (folder / "tables").mkdir()
    (folder / "tables" / "a.csv").write_text("a")
    (folder / "b.nt.gz").write_bytes(b"b")
    return {"release": "one", "content": "0"}
from tvld.signature import read_key
with releases(Path(sys.argv[1])):
    publish(Path(sys.argv[1]), "one", fill, sign=read_key(Path(sys.argv[2])).sign)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: the order of writes is not seen")
def test_everything_is_on_disk_before_it_gets_its_name(tmp_path: Path) -> None:
    """When the power goes, what was renamed is there only if it was synced before, and its folder after."""
    out = tmp_path / "deep" / "dist"
    new_key(tmp_path / "key")
    calls = "openat,write,fsync,rename,renameat,renameat2,symlink,mkdir"
    traced = [sys.executable, "-c", PUBLISH, out, tmp_path / "key"]
    run = subprocess.run(
        [*("strace", "-f", "-y", "-s", "0", "-e", f"trace={calls}", "-o"), tmp_path / "trace", *traced],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "ptrace" in run.stderr.lower():
        pytest.skip("this machine does not let strace look at processes")
    assert run.returncode == 0, run.stderr
    steps = order((tmp_path / "trace").read_text().splitlines(), tmp_path / "deep")

    making = "dist/.building-one"
    files = {"tables/a.csv", "b.nt.gz", "manifest.json", "SHA256SUMS", "SHA256SUMS.derived"}
    renamed = steps.index(f"rename {making} dist/one")
    for name in files:
        assert steps.index(f"fsync {making}/{name}") > last(steps, f"write {making}/{name}")
    for name in (*(f"{making}/{file}" for file in files), f"{making}/tables", making):
        assert steps.index(f"fsync {name}") < renamed, name
    assert "fsync ." in steps[:renamed], "the name of the folder of releases"
    switched = steps.index(f"rename dist/.building-link dist/{CURRENT}")
    assert "fsync dist" in steps[renamed:switched]
    for sums in ("SHA256SUMS", "SHA256SUMS.derived"):
        signed = steps.index(f"rename dist/.building-{sums}.sig dist/one/{sums}.sig")
        assert "fsync dist/one" in steps[signed:switched]
        assert f"fsync dist/.building-{sums}.sig" in steps[:signed]
    assert "fsync dist" in steps[switched:]
    assert "fsync dist/history.jsonl" in steps[last(steps, "write dist/history.jsonl") :]


def last(steps: list[str], step: str) -> int:
    return len(steps) - 1 - steps[::-1].index(step)


def order(trace: list[str], root: Path) -> list[str]:
    """Give what a trace did below a folder: `write NAME`, `fsync NAME`, `rename OLD NEW`."""
    steps = []
    for line in trace:
        if found := re.search(r"\b(write|fsync)\(\d+<([^>]*)>", line):
            call, paths = found[1], [found[2]]
        elif found := re.search(r"\brename\w*\((.*)\) = 0", line):
            call, paths = "rename", re.findall(r'"([^"]*)"', found[1])
        else:
            continue
        if all(Path(path).is_relative_to(root) for path in paths):
            steps.append(" ".join([call, *(str(Path(path).relative_to(root)) for path in paths)]))
    return steps
