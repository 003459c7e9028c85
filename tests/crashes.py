"""
Processes that write releases, to be killed in the middle, and what must be true of the folder whenever they were.

`python -m tests.crashes OUT KEY` makes, signs, chooses and removes small releases without end, and says what it did.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tvld import history
from tvld.build.release import CURRENT, current, point_to, publish, releases, remove, whole
from tvld.checksums import read_manifest
from tvld.feed import journal
from tvld.signature import read_key

ROOT = Path(__file__).parents[1]
KEPT = 4


def work(out: Path, key: Path) -> None:
    """Publish small releases without end; what is said to be there is there, whatever comes next."""
    sign = read_key(key).sign
    there: list[str] = sorted(p.name for p in out.glob("r*")) if out.is_dir() else []
    print("ready", flush=True)
    for number in itertools.count(len(there) and int(there[-1][1:]) + 1):
        name = f"r{number:06}"

        def fill(folder: Path, name: str = name) -> dict[str, Any]:
            (folder / "tables").mkdir()
            (folder / "tables" / "a.csv").write_text(name)
            (folder / "b.nt.gz").write_bytes(name.encode() * 1000)
            return {"release": name, "content": "0" * 64}

        with releases(out):
            publish(out, name, fill, sign=sign)
        there.append(name)
        print("made", name, flush=True)
        if number % 3 == 0:
            with releases(out):
                point_to(out, there[0])
        if len(there) > KEPT:
            gone = there.pop(1)
            print("removing", gone, flush=True)
            with releases(out):
                if current(out) != out / gone:
                    remove(out, gone)


def killed(command: list[str], seconds: float, lines: int = 0) -> list[str]:
    """Start a command, kill it so long after it has said so many lines, and give all that it said."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=_clean(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with process:
        said = [process.stdout.readline() for _ in range(lines)]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return [line.strip() for line in (*said, *process.stdout.readlines())]


def kill_work(out: Path, key: Path, chance: random.Random) -> list[str]:
    command = [sys.executable, "-m", "tests.crashes", str(out), str(key)]
    return killed(command, chance.uniform(0, 0.05), chance.randint(1, 6))


def build(data: Path, out: Path) -> float:
    """Build without being killed; give the seconds that it took."""
    started = time.monotonic()
    subprocess.run(_building(data, out), cwd=ROOT, env=_clean(), capture_output=True, timeout=300, check=True)
    return time.monotonic() - started


def kill_build(data: Path, out: Path, chance: random.Random, seconds: float) -> list[str]:
    """Kill a build that would take about so long, at any instant of it, and now and then just after."""
    return killed(_building(data, out), chance.uniform(0.1, 1.2) * seconds)


def _clean() -> dict[str, str]:
    """Give the environment without settings: tvld refuses those that it does not know."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TVLD_")}


def _building(data: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "tvld", "build", "--data", str(data), "--out", str(out)]


def damage(out: Path) -> list[str]:
    """Say what is wrong with a folder of releases after a kill: nothing may be."""
    if not out.is_dir():
        return []
    folders = [p for p in out.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith(".")]
    folders = [folder for folder in folders if folder.name != journal.FOLDER]
    wrong = [f"{folder.name} is not whole" for folder in folders if not whole(folder)]
    link = out / CURRENT
    if link.is_symlink() and not whole(link):
        wrong.append(f"{CURRENT} points to {link.readlink()}, which is not whole")
    if folders and not link.is_symlink() and history.events(out):
        wrong.append(f"{CURRENT} is lost")
    # A torn line raises here, and so does a torn journal.
    for base in {str(read_manifest(folder).get("base")) for folder in folders}:
        for step in journal.steps(out, CURRENT, base):
            step.payloads()
    switches = history.switches(out, CURRENT)
    if link.is_symlink() and (not switches or switches[-1].release != link.readlink().name):
        wrong.append("the ledger does not end with what is in use")
    return wrong


def lost(out: Path, said: list[str]) -> list[str]:
    """Say which releases were said to be made, and neither are there nor were being removed."""
    removing = {line.split()[1] for line in said if line.startswith("removing")}
    made = [line.split()[1] for line in said if line.startswith("made")]
    return [name for name in made if name not in removing and not whole(out / name)]


def left_behind(out: Path) -> list[str]:
    """Give what the next run should have cleared."""
    return [p.name for p in out.iterdir() if p.name.startswith(".") and p.name != ".lock"]


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]))
